import { slowExpressions } from './slow-expressions.ts'

/** Part of `npm run check`: tells each regular expression of ours whose time grows faster than the text it reads. */
const faults = slowExpressions()
for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 ? 1 : 0
