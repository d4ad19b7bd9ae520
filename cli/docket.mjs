#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { findBuild } from './build.mjs'

const built = await findBuild()
if (built === undefined) {
  // Where nothing can be kept, the sources are read as they stand: tsx strips their types. It would look for their settings where the
  // command is called from.
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) })
}
await import(built ?? './main.ts')
