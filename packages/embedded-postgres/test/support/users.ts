import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client, type QueryResultRow } from 'pg'

/** Another process that uses the database of a directory. */
export interface User {
  readonly pid: number
  readonly process: ChildProcess
  readonly events: string[]
  /** resolves to the address once it is in, fails with its message if it could not */
  readonly url: Promise<string>
  leave(): Promise<void>
  /** kill -9 */
  kill(): Promise<void>
}

const script = fileURLToPath(new URL('user.ts', import.meta.url))
const users = new Set<User>()
const directories = new Set<string>()

export function startUser(directory: string, { asRoot = '', env = process.env } = {}): User {
  const words = ['--import', 'tsx', script, directory, asRoot]
  const child = spawn(process.execPath, words, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const events: string[] = []
  const exited = once(child, 'exit')
  const url = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said: { event?: string; url?: string; failed?: string } = JSON.parse(line)
      if (said.event) events.push(said.event)
      if (said.url) resolve(said.url)
      if (said.failed) reject(new Error(said.failed))
    })
    void exited.then(() => reject(new Error('it ended before it was in')))
  })
  url.catch(() => {})
  const user: User = {
    pid: child.pid!,
    process: child,
    events,
    url,
    async leave() {
      child.stdin.write('leave\n')
      await exited
      users.delete(user)
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
      users.delete(user)
    },
  }
  users.add(user)
  return user
}

/** Open to other users' looks, so that a server that runs as one of them can reach what is its own in there. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'postgres-test-'))
  await chmod(directory, 0o755)
  directories.add(directory)
  return directory
}

/** Ends what a failed test left: its processes, its servers, its directories. */
export async function cleanUp(): Promise<void> {
  for (const user of users) await user.kill()
  for (const directory of directories) {
    for (const pid of processesIn(directory)) killOne(pid)
    await waitUntil(() => processesIn(directory).length === 0, 'the processes of a test are gone')
    await rm(directory, { recursive: true, force: true, maxRetries: 10 })
    directories.delete(directory)
  }
}

/** The server's own pid; undefined once it is gone. */
export function serverOf(directory: string): number | undefined {
  const file = join(directory, 'cluster', 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  return processesIn(directory).includes(pid) ? pid : undefined
}

/** Every living process that works below a directory or was started with it: servers, backends, initdb. Linux only. */
export function processesIn(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      if (pid === process.pid) return false
      try {
        if (/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false
        const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return args.includes(script) ? false : args.includes(directory) || readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
      } catch {
        return false
      }
    })
}

export async function waitUntil(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 240_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}`)
    await pause(5)
  }
}

export async function ask<Row extends QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}

export function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}
