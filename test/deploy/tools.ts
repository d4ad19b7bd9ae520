import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const run = promisify(execFile)

export const deployPath = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url))
export const readDeploy = (name: string) => readFile(deployPath(name), 'utf8')

/** For `test.skipIf` and the title: whether a program is here, and the words for where it is not. */
export function tool(program: string, word = '--version') {
  const isHere = spawnSync(program, [word]).error === undefined
  return { isMissing: !isHere, note: isHere ? '' : ` (no ${program} on this machine)` }
}
