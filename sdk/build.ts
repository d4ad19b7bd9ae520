import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

// Both forms of the package, each file by itself: dist/ for import, dist/cjs/ for require. Types and programs are of one form, so no reader mixes them.
const here = fileURLToPath(new URL('.', import.meta.url))
const dist = path.join(here, 'dist')
const compiler = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
const compile = (...options: string[]) => execFileSync(process.execPath, [compiler, '-p', here, ...options], { stdio: 'inherit' })

rmSync(dist, { recursive: true, force: true })
compile()
compile('--module', 'commonjs', '--outDir', path.join(dist, 'cjs'))
writeFileSync(path.join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n')

// The compiler leaves the extensions of the sources in the types.
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'))) {
  const text = readFileSync(path.join(dist, file), 'utf8')
  writeFileSync(path.join(dist, file), text.replaceAll(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'"))
}
