import { execFile, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { processesIn } from '../../packages/embedded-postgres/test/support/users.ts'
import { ownerIds, program, signal } from '../nemesis/cluster.ts'
import { freePort } from './free-port.ts'
import { eventually } from './clients.ts'
import { onServer } from './database-server.ts'

const run = promisify(execFile)

/** The programs that a standby is made with come with a system's PostgreSQL, not with the embedded one. */
export const canReplicate = process.platform === 'linux' && existsSync(program('pg_basebackup'))

/** A PostgreSQL of its own on a port of this machine. */
export interface Server {
  readonly port: number
  readonly directory: string
  url(database?: string): string
  start(): Promise<void>
  /** As a crash, without a word to anybody. */
  kill(): Promise<void>
  /** Stops or continues one of its processes, found by its title. */
  signalProcess(title: RegExp, name: NodeJS.Signals): void
}

export interface Replicated {
  readonly primary: Server
  readonly standbys: readonly Server[]
  /** What a commit waits for: the value of synchronous_standby_names, '' for nothing. */
  setSynchronous(names: string): Promise<void>
  /** The standby receives nothing any more, and keeps its connection. */
  stopReceiving(standby: Server): void
  receiveAgain(standby: Server): void
  /** The primary is lost, and the standby takes its place with what is on its disk: what was still on its way is lost too. */
  failOver(standby: Server): Promise<void>
  end(): Promise<void>
}

/** One primary and its standbys, named standby1, standby2 … for synchronous_standby_names. */
export async function openReplicated(standbyCount = 1): Promise<Replicated> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'docket-replicated-'))
  await chmod(root, 0o755)
  const primary = await newServer(root, 'primary')
  await asOwner('initdb', ['-D', primary.directory, '--auth=trust', '-U', 'docket', '-E', 'UTF8', '--no-locale'])
  await primary.start()
  const standbys: Server[] = []
  for (let n = 1; n <= standbyCount; n += 1) standbys.push(await copyOf(primary, await newServer(root, `standby${n}`), `standby${n}`))
  const setting = async (server: Server, statement: string) => void (await onServer(server.url('postgres'), statement))
  return {
    primary,
    standbys,
    async setSynchronous(names) {
      await setting(primary, `alter system set synchronous_standby_names = '${names}'`)
      await setting(primary, 'select pg_reload_conf()')
      await eventually('the setting holds', async () => {
        const { rows } = await onServer(primary.url('postgres'), "select current_setting('synchronous_standby_names') as names")
        return rows[0]!['names'] === names
      })
      if (names === '') return
      await eventually('a standby is synchronous', async () => {
        const { rows } = await onServer(primary.url('postgres'), "select from pg_stat_replication where sync_state in ('sync', 'quorum')")
        return rows.length > 0
      })
    },
    stopReceiving: (standby) => standby.signalProcess(/walreceiver/, 'SIGSTOP'),
    receiveAgain: (standby) => standby.signalProcess(/walreceiver/, 'SIGCONT'),
    async failOver(standby) {
      await primary.kill()
      await standby.kill()
      await standby.start()
      await setting(standby, 'select pg_promote()')
    },
    async end() {
      for (const server of [primary, ...standbys]) await server.kill()
      await rm(root, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

async function copyOf(primary: Server, standby: Server, name: string): Promise<Server> {
  const from = `host=127.0.0.1 port=${primary.port} user=docket application_name=${name}`
  await asOwner('pg_basebackup', ['-D', standby.directory, '-d', from, '-c', 'fast', '-X', 'stream', '-R'])
  await standby.start()
  await eventually(`${name} streams`, async () => {
    const { rows } = await onServer(primary.url('postgres'), `select from pg_stat_replication where application_name = '${name}'`)
    return rows.length > 0
  })
  return standby
}

async function newServer(root: string, name: string): Promise<Server> {
  const home = path.join(root, name)
  const directory = path.join(home, 'data')
  await mkdir(home)
  const { uid, gid } = ownerIds()
  if (uid !== undefined) await chown(home, uid, gid!)
  const port = await freePort()
  const url = (database = 'docket') => `postgres://docket@127.0.0.1:${port}/${database}`
  return {
    port,
    directory,
    url,
    async start() {
      await rm(path.join(directory, 'postmaster.pid'), { force: true })
      const log = openSync(path.join(home, 'log'), 'a')
      const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${home}`, 'shared_buffers=32MB', 'jit=off']
      // A receiver is given up late, so that a test decides when it is.
      const patient = ['wal_sender_timeout=0', 'wal_receiver_timeout=0', 'wal_retrieve_retry_interval=200ms']
      const child = spawn(program('postgres'), ['-D', directory, ...[...settings, ...patient].flatMap((each) => ['-c', each])], {
        ...ownerIds(),
        cwd: '/',
        stdio: ['ignore', log, log],
        detached: true,
      })
      closeSync(log)
      child.on('error', () => {})
      child.unref()
      await eventually(`${name} answers`, () =>
        onServer(url('postgres'), 'select 1').then(
          () => true,
          () => false,
        ),
      )
    },
    async kill() {
      await eventually(`${name} is gone`, () => {
        const left = processesIn(directory)
        for (const pid of left) signal(pid, 'SIGKILL')
        return left.length === 0
      })
    },
    signalProcess(title, signalName) {
      const pids = processesIn(directory).filter((pid) => title.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')))
      if (pids.length === 0) throw new Error(`no process of ${name} is called ${String(title)}`)
      for (const pid of pids) signal(pid, signalName)
    },
  }
}

async function asOwner(name: string, words: string[]): Promise<void> {
  await run(program(name), words, { ...ownerIds(), cwd: '/' })
}
