#!/usr/bin/env node
// The command is TypeScript, read as it stands: tsx strips the types. It would look for their settings where it is called from.
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) })
await import('./main.ts')
