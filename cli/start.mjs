import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { findBuild } from './build.mjs'

// With its default, V8 lets garbage grow to three times the size of the live objects before it collects (docs/decisions/0021).
setFlagsFromString('--heap-growing-percent=80')

const built = await findBuild()
if (built === undefined) {
  // Where a build cannot be stored, the TypeScript sources are run: tsx strips their types. It would look for tsconfig.json in the caller's folder.
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) })
}
// Node 22 and newer keep beside the build what V8 compiled, for the next start.
if (built) module.enableCompileCache?.(fileURLToPath(new URL('compiled', built)))
await import(built ?? './main.ts')
