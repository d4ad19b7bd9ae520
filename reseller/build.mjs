import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// The whole command in one file, the SDK and the parser of its arguments included: it runs where there is Node and nothing else (docs/decisions/0065).
const here = fileURLToPath(new URL('.', import.meta.url))
const commander = path.dirname(createRequire(import.meta.url).resolve('commander'))
const licence = await readFile(path.join(commander, 'LICENSE'), 'utf8')

await build({
  absWorkingDir: here,
  entryPoints: { 'docket-order': 'src/main.ts' },
  outdir: process.argv[2] ?? 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // commander is CommonJS within.
  banner: {
    js: `/* In this file: commander.\n${licence}*/\nimport { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);`,
  },
  logLevel: 'warning',
})
