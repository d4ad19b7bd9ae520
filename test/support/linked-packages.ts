import { mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const installed = fileURLToPath(new URL('../../node_modules', import.meta.url))
/** Packages of this repository, which npm links to their folders. */
const OWN = '@docket'

/** Gives a copy of this repository its `node_modules`: others' packages are those installed here, its own are those of the copy. */
export function linkPackages(copy: string): void {
  const target = path.join(copy, 'node_modules')
  mkdirSync(path.join(target, OWN), { recursive: true })
  for (const name of readdirSync(installed).filter((name) => !name.startsWith('.') && name !== OWN))
    symlinkSync(path.join(installed, name), path.join(target, name))
  for (const name of readdirSync(path.join(installed, OWN)))
    symlinkSync(readlinkSync(path.join(installed, OWN, name)), path.join(target, OWN, name))
}
