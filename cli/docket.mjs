#!/usr/bin/env node
// An old Node would fail on syntax that it does not know, so this file has only old syntax until the version is checked.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`docket: Docket needs Node 20.19 or newer, 24 LTS is recommended; this is Node ${process.versions.node}.\n`)
  process.exit(1)
}
// Old versions do not know await at this place.
void import('./start.mjs')
