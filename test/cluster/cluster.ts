import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { envOf } from '../deploy/env-file.ts'
import { readDeploy } from '../deploy/tools.ts'
import { ownerIds, signal } from '../nemesis/cluster.ts'
import { until } from '../nemesis/wait.ts'
import { type Machine, openNetwork } from './network.ts'
import { patroni } from './packages.ts'

export const modes = ['quorum', 'synchronous', 'asynchronous'] as const
export type Mode = (typeof modes)[number]

/** Three PostgreSQL servers under Patroni and etcd, each on a machine of its own, by the files of deploy/ha. */
export interface Cluster {
  readonly mode: Mode
  readonly machines: readonly Machine[]
  /** The machine that leads, as Patroni tells; undefined while none does. */
  leader(): Promise<Machine | undefined>
  /** Whether one leads and both others follow without falling behind, confirming where the mode asks for it. */
  isWhole(): Promise<boolean>
  /** For the checker's own questions. */
  adminUrl(machine: Machine): string
  switchOver(from: Machine): Promise<void>
  /** What a service manager does when a machine starts, or when a service has ended. */
  startEtcd(machine: Machine): void
  startPatroni(machine: Machine): void
  /** kill -9 of the processes with these programs; all without a name. */
  kill(machine: Machine, ...programs: Program[]): void
  /** The last lines of all logs, for a failure: their files go with the cluster. */
  lastLines(): Promise<string>
  close(): Promise<void>
}

export type Program = 'postgres' | 'patroni'

const NAMES = ['db1', 'db2', 'db3'] as const
const BEGINS_WITHIN_MS = 180_000

export async function openCluster(directory: string, mode: Mode): Promise<Cluster> {
  const network = await openNetwork(NAMES)
  const places = new Map<string, Files>()
  const secrets = envOf(await readDeploy('ha/patroni.env'))
  try {
    for (const machine of network.machines) places.set(machine.name, await prepare(machine, directory, mode, network))
  } catch (error) {
    await network.close()
    throw error
  }

  const adminUrl = (machine: Machine, database = 'docket') =>
    `postgres://${secrets['PATRONI_SUPERUSER_USERNAME']}:${secrets['PATRONI_SUPERUSER_PASSWORD']}@${machine.address}:5432/${database}`
  const startEtcd = (machine: Machine) => {
    const { etcdEnv, log } = places.get(machine.name)!
    machine.start(['etcd'], etcdEnv, log('etcd'))
  }
  const startPatroni = (machine: Machine) => {
    const { patroniEnv, config, log } = places.get(machine.name)!
    machine.start([...patroni.words, config], patroniEnv, log('patroni'))
  }

  async function members(): Promise<Member[]> {
    const told = await Promise.all(network.machines.map(({ address }) => askJson<{ members: Member[] }>(`http://${address}:8008/cluster`)))
    return told.find((each) => each?.members.some(({ role }) => role === 'leader'))?.members ?? []
  }

  /** The machine itself must say that it leads: what the others tell may be of a moment ago. */
  async function leader(): Promise<Machine | undefined> {
    const lead = await Promise.all(network.machines.map(async ({ address }) => (await status(`http://${address}:8008/primary`)) === 200))
    const leading = network.machines.filter((_, index) => lead[index])
    return leading.length === 1 ? leading[0] : undefined
  }

  async function isWhole(): Promise<boolean> {
    const all = await members()
    const followers = all.filter(({ role, state }) => role !== 'leader' && state === 'streaming')
    const confirming = followers.filter(({ role }) => role === CONFIRMS[mode])
    const inTime = followers.every(({ lag }) => typeof lag === 'number' && lag < MOST_LAG)
    const isEnough = mode === 'asynchronous' || confirming.length === (mode === 'quorum' ? 2 : 1)
    return all.length === NAMES.length && followers.length === NAMES.length - 1 && inTime && isEnough && (await leader()) !== undefined
  }

  const cluster: Cluster = {
    mode,
    machines: network.machines,
    leader,
    isWhole,
    adminUrl,
    startEtcd,
    startPatroni,
    lastLines: () => lastLines(directory),
    async switchOver(from) {
      const { PATRONI_RESTAPI_USERNAME: user, PATRONI_RESTAPI_PASSWORD: password } = secrets
      const answer = await fetch(`http://${from.address}:8008/switchover`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${user}:${password}`)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ leader: from.name }),
      })
      if (!answer.ok) throw new Error(`the switchover was answered ${answer.status}: ${await answer.text()}`)
    },
    kill(machine, ...programs) {
      for (const { pid, program } of machine.processes()) {
        const name = program === 'etcd' ? 'etcd' : program === 'postgres' ? 'postgres' : 'patroni'
        if (programs.length === 0 || programs.some((each) => each === name)) signal(pid, 'SIGKILL')
      }
    },
    close: () => network.close(),
  }

  try {
    for (const machine of network.machines) startEtcd(machine)
    for (const machine of network.machines) startPatroni(machine)
    if (!(await until(isWhole, BEGINS_WITHIN_MS))) throw new Error(`the cluster did not begin:\n${await lastLines(directory)}`)
    await makeDatabase(adminUrl((await leader())!, 'postgres'))
    return cluster
  } catch (error) {
    await network.close()
    throw error
  }
}

interface Member {
  readonly name: string
  readonly role: string
  readonly state: string
  readonly lag?: number | 'unknown'
}

/** What Patroni calls a standby whose word a commit waits for. */
const CONFIRMS = { quorum: 'quorum_standby', synchronous: 'sync_standby', asynchronous: '' } as const
const MOST_LAG = 1_048_576

interface Files {
  readonly config: string
  readonly patroniEnv: Record<string, string>
  readonly etcdEnv: Record<string, string>
  readonly log: (of: string) => string
}

/** The files of deploy/ha as they stand there, with the addresses and directories of this place, and without backups. */
async function prepare(
  machine: Machine,
  directory: string,
  mode: Mode,
  { machines, subnet }: { machines: readonly Machine[]; subnet: string },
): Promise<Files> {
  const home = path.join(directory, machine.name)
  const owner = ownerIds()
  for (const each of [home, path.join(home, 'socket')]) {
    await mkdir(each, { recursive: true })
    await chown(each, owner.uid!, owner.gid!)
  }
  const addressed = (text: string) => machines.reduce((changed, { name, address }) => changed.replaceAll(`${name}.internal`, address), text)
  const mine = (text: string) =>
    addressed(
      text
        .replace(/^((?:PATRONI|ETCD)_NAME=)db1$/m, `$1${machine.name}`)
        .replaceAll(OWN_LINES, (line) => line.replace('db1.internal', machine.address)),
    )

  const config = path.join(home, 'patroni.yml')
  const yml = addressed(await readDeploy('ha/patroni.yml'))
    .replaceAll('10.0.0.0/24', subnet)
    .replace('synchronous_mode: quorum', `synchronous_mode: ${MODE_WORDS[mode]}`)
    .replace(/synchronous_mode_strict: true/, `synchronous_mode_strict: ${mode !== 'asynchronous'}`)
    .replace('data_dir: /var/lib/postgresql/15/docket', `data_dir: ${home}/data`)
    .replace('unix_socket_directories: /var/run/postgresql', `unix_socket_directories: ${home}/socket`)
    .replace("archive_mode: 'on'", "archive_mode: 'off'")
    .replace('mode: automatic', "mode: 'off'")
    // Three servers share one small machine here.
    .replace('max_connections: 200', "max_connections: 200\n        shared_buffers: 64MB\n        max_wal_size: 512MB\n        jit: 'off'")
  await writeFile(
    config,
    mode === 'asynchronous' ? yml.replace('primary_start_timeout', 'maximum_lag_on_failover: 104857600\n    primary_start_timeout') : yml,
  )
  const patroniEnv = envOf(mine(await readDeploy('ha/patroni.env')))
  return {
    config,
    // Standbys follow by an address of their own, which can be silenced alone.
    patroniEnv: { ...patroniEnv, ...patroni.env, PATRONI_POSTGRESQL_CONNECT_ADDRESS: `${machine.replicationAddress}:5432`, HOME: home },
    etcdEnv: { ...envOf(mine(await readDeploy('ha/etcd.env'))), ETCD_DATA_DIR: path.join(home, 'etcd') },
    log: (of) => path.join(directory, `${machine.name}-${of}.log`),
  }
}

/** Lines of the two files that name the machine's own address. */
const OWN_LINES = /^(?:PATRONI_\w+_CONNECT_ADDRESS|ETCD_(?:LISTEN|ADVERTISE|INITIAL_ADVERTISE)\w*)=.*$/gm
const MODE_WORDS = { quorum: 'quorum', synchronous: 'true', asynchronous: 'false' } as const

/** As docs/high-availability.md says. */
async function makeDatabase(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create role docket login password '${await docketPassword()}'`)
    await client.query('create database docket owner docket')
  } finally {
    await client.end()
  }
}

export async function docketPassword(): Promise<string> {
  return new URL(envOf(await readDeploy('ha/docket.env'))['DATABASE_URL']!).password
}

const ASK_WITHIN_MS = 2000

async function askJson<T>(url: string): Promise<T | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_WITHIN_MS) })
    return (await answer.json()) as T
  } catch {
    return undefined
  }
}

async function status(url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_WITHIN_MS) })
    await answer.text()
    return answer.status
  } catch {
    return undefined
  }
}

const LINES_TOLD = 12

async function lastLines(directory: string): Promise<string> {
  const logs = (await readdir(directory)).filter((name) => name.endsWith('.log')).toSorted()
  const told = await Promise.all(
    logs.map(async (name) => {
      const lines = (await readFile(path.join(directory, name), 'utf8')).trim().split('\n')
      return [`-- ${name}`, ...lines.slice(-LINES_TOLD).map((line) => line.slice(0, 300))].join('\n')
    }),
  )
  return told.join('\n')
}
