#!/usr/bin/env node
// The command is TypeScript, read as it stands: tsx strips the types.
import { register } from 'tsx/esm/api'

register()
await import('./main.ts')
