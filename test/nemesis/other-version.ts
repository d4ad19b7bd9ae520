import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** The command of another version: a folder in which it stands, or a name in git's history, taken out into `place`. */
export function otherVersion(name: string, place: string): { script: string; close(): void } {
  if (existsSync(path.join(name, 'cli/docket.mjs'))) return { script: path.resolve(name, 'cli/docket.mjs'), close: () => {} }
  const git = (...words: string[]) => execFileSync('git', ['-C', project, ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
  git('worktree', 'add', '--detach', place, name)
  // Its build is kept below node_modules, by the sizes and times of its own sources: two versions build anew, and never mix.
  symlinkSync(path.join(project, 'node_modules'), path.join(place, 'node_modules'))
  return { script: path.join(place, 'cli/docket.mjs'), close: () => void git('worktree', 'remove', '--force', place) }
}
