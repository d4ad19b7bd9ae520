import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { linkPackages } from '../support/linked-packages.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** The command of another version: a folder in which it stands, or a name in git's history, taken out into `place`. */
export function otherVersion(name: string, place: string): { script: string; close(): void } {
  if (existsSync(path.join(name, 'cli/docket.mjs'))) return { script: path.resolve(name, 'cli/docket.mjs'), close: () => {} }
  const git = (...words: string[]) => execFileSync('git', ['-C', project, ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
  git('worktree', 'add', '--detach', place, name)
  // Its build is kept below its own node_modules, and packages of the repository are those of its version: the two never mix.
  linkPackages(place)
  return { script: path.join(place, 'cli/docket.mjs'), close: () => void git('worktree', 'remove', '--force', place) }
}
