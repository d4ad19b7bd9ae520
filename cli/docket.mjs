#!/usr/bin/env node
// An old Node would stop at syntax that it does not know, so nothing but plain old syntax is read before its version is asked.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`docket: Docket needs Node 20.19 or newer, 24 LTS is recommended; this is Node ${process.versions.node}.\n`)
  process.exit(1)
}
// Without await, which older ones do not know here.
void import('./start.mjs')
