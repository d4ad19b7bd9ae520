// In the published package this is start.mjs: the command was built when it was packed (cli/pack.mjs).
import { setFlagsFromString } from 'node:v8'

// With its default, V8 lets garbage grow to three times the size of the live objects before it collects (docs/decisions/0021).
setFlagsFromString('--heap-growing-percent=80')
await import('../dist/main.js')
