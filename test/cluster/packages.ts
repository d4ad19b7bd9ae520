import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Where get-patroni.sh puts a Patroni that the system itself has too old. */
const OWN_PATRONI = '/usr/local/lib/docket-patroni'
const SYSTEM_PYTHON = '/usr/bin/python3'
export const POSTGRESQL = '/usr/lib/postgresql/15/bin'

/** Below it, a leader that was cut off and comes back can overwrite the leader key of etcd's API v3: acknowledged orders are lost. */
const LEAST_FOR_ETCD3 = [3, 0, 3]
/** From it on, `synchronous_mode: quorum` exists. */
const LEAST_FOR_QUORUM = [4, 0, 0]

const own = path.join(OWN_PATRONI, 'usr/lib/python3/dist-packages')
/** How Patroni is called: the one of get-patroni.sh, else the system's. */
export const patroni = {
  words: [SYSTEM_PYTHON, '-m', 'patroni'],
  env: existsSync(own) ? { PYTHONPATH: own } : {},
}

/** Why the cluster cannot be played here, in one line; undefined: it can. */
export function whatIsMissing(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  if (!existsSync(path.join(POSTGRESQL, 'postgres'))) return 'no PostgreSQL 15 on this machine'
  if (!/^postgres:/m.test(readFileSync('/etc/passwd', 'utf8'))) return 'no user postgres on this machine'
  const programs = { etcd: '--version', haproxy: '-v', setpriv: '--version', ip: '-V' }
  const absent = Object.entries(programs).filter(([name, word]) => spawnSync(name, [word]).error !== undefined)
  if (absent.length > 0) return `no ${absent.map(([name]) => name).join(', ')} on this machine`
  if (spawnSync('ip', ['netns', 'list']).status !== 0) return 'no network namespaces on this machine'
  return patroniIsMissing()
}

/** The same for Patroni alone. */
export function patroniIsMissing(): string | undefined {
  const [python, ...words] = patroni.words
  const { error, status, stdout } = spawnSync(python!, [...words, '--version'], { env: { ...process.env, ...patroni.env } })
  const told = error || status !== 0 ? null : /(\d+)\.(\d+)\.(\d+)/.exec(String(stdout))
  if (!told) return 'no Patroni on this machine'
  const version = told.slice(1).map(Number)
  if (isBelow(version, LEAST_FOR_ETCD3))
    return `Patroni ${told[0]} is too old: below 3.0.3 a leader that was cut off can overwrite the leader key when it comes back`
  if (isBelow(version, LEAST_FOR_QUORUM)) return `Patroni ${told[0]} is too old: it has no quorum mode`
  return undefined
}

function isBelow(version: readonly number[], least: readonly number[]): boolean {
  const at = least.findIndex((part, index) => version[index] !== part)
  return at !== -1 && version[at]! < least[at]!
}
