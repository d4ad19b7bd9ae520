#!/usr/bin/env node
// An old Node would fail on syntax that it does not know, so this file has only old syntax until the version is checked.
import { setFlagsFromString } from 'node:v8'

const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  process.stderr.write('docket-order: Node 20 or newer is needed; this is Node ' + process.versions.node + '.\n')
  process.exit(1)
}
// Left to itself, V8 lets the garbage of 100,000 calls grow to three times what lives (docs/decisions/0065).
setFlagsFromString('--heap-growing-percent=50')
setFlagsFromString('--semi-space-growth-factor=1')
setFlagsFromString('--max-semi-space-size=2')
void import('./dist/docket-order.js').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  process.stderr.write('docket-order: it has not been built: npm run build -w reseller\n')
  process.exit(1)
})
