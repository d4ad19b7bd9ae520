import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { findBuild } from './build.mjs'

// Left to itself, V8 lets the dead fill three times the room of the living before it looks for them (docs/decisions/0021).
setFlagsFromString('--heap-growing-percent=80')

const built = await findBuild()
if (built === undefined) {
  // Where nothing can be kept, the sources are read as they stand: tsx strips their types. It would look for their settings where the
  // command is called from.
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) })
}
await import(built ?? './main.ts')
