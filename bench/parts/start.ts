import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findPrograms } from '@docket/embedded-postgres/programs'
import { DOCKET, openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import type { Sample } from '../load/load.ts'
import { type Contestant, median, takeTurns } from '../rounds.ts'
import { root, startDocket } from '../servers/process.ts'
import type { Claim } from '../report.ts'
import type { Bench, Part } from './part.ts'

const ROUNDS = 7

export const measureStart: Part = async (bench) => {
  const ofServer = await measureServer(bench)
  const ofCommands = await measureCommands(bench)
  return { claims: [...ofServer, ...ofCommands], proofs: [] }
}

/** From the start of the process to the first answer, on a database that exists: the whole command, its database alone, and PostgreSQL alone. */
async function measureServer(bench: Bench): Promise<Claim[]> {
  const directory = bench.hall.file('start')
  const made = await openEmbeddedDatabase({ directory })
  await migrate(made.url)
  await made.close()
  const [whole, opening] = await timesTheLast(bench, 'start', [
    { name: 'docket serve, until it is ready', run: () => serve(directory) },
    { name: 'opening the embedded database', run: () => openDatabase(directory) },
    { name: "PostgreSQL's own start, until it answers", run: () => startPostgres(directory, made.url) },
  ])
  return [
    { work: 'start, docket serve', against: "PostgreSQL's own start", found: whole!, unit: '×', atMost: 3 },
    { work: 'start, the database in it', against: "PostgreSQL's own start", found: opening!, unit: '×', atMost: 3 },
  ]
}

/** A command that only explains itself, and one until it has asked a database where nothing listens, beside a Node that does nothing. */
async function measureCommands(bench: Bench): Promise<Claim[]> {
  const [help, list] = await timesTheLast(bench, 'start of a command', [
    { name: 'docket --help', run: () => command(['cli/docket.mjs', '--help'], 0) },
    { name: 'docket supplier list, without a database', run: () => command(['cli/docket.mjs', 'supplier', 'list'], 1) },
    { name: 'node -e 0', run: () => command(['-e', '0'], 0) },
  ])
  return [
    { work: 'start, docket --help', against: 'node -e 0', found: help!, unit: '×', atMost: 4 },
    { work: 'start, docket supplier list', against: 'node -e 0', found: list!, unit: '×', atMost: 8 },
  ]
}

/** How many times as long each contestant takes as the last one in the same round: the median of the rounds. */
async function timesTheLast(bench: Bench, title: string, contestants: readonly Contestant[]): Promise<number[]> {
  const results = await takeTurns(contestants, { rounds: Math.max(ROUNDS, bench.rounds), seconds: 0 })
  bench.show({ title, results })
  const times = results.map(({ samples }) => samples.map((sample) => sample.p50!))
  const last = times.at(-1)!
  return times.map((each) => median(each.map((time, round) => time / last[round]!)))
}

async function command(words: readonly string[], code: number): Promise<Sample> {
  const began = performance.now()
  const env = { ...process.env, DATABASE_URL: 'postgres://docket@127.0.0.1:1/docket' }
  const child = spawn(process.execPath, words, { cwd: root, env, stdio: 'ignore' })
  const [ended] = (await once(child, 'exit')) as [number | null]
  if (ended !== code) throw new Error(`${words.join(' ')} ended with ${ended}`)
  return sampleOf(performance.now() - began)
}

async function serve(directory: string): Promise<Sample> {
  const docket = await startDocket({ DOCKET_DATA: directory })
  await docket.stop()
  return sampleOf(docket.readyAfterMs)
}

async function openDatabase(directory: string): Promise<Sample> {
  const began = performance.now()
  const database = await openEmbeddedDatabase({ directory })
  const took = performance.now() - began
  await database.close()
  return sampleOf(took)
}

/** PostgreSQL's own program on the same cluster, at the same address. */
async function startPostgres(directory: string, url: string): Promise<Sample> {
  const cluster = path.join(directory, 'cluster')
  const { bin, runner } = await findPrograms({ directory, cluster, application: DOCKET })
  const socket = new URL(url).searchParams.get('host')!
  await mkdir(socket, { recursive: true })
  await runner.own(socket)
  const words = ['-D', cluster, '-p', '5432', '-c', 'listen_addresses=', '-c', `unix_socket_directories="${socket}"`]
  const began = performance.now()
  const server = runner.spawn(path.join(bin, 'postgres'), words, { stdio: 'ignore' })
  const ended = once(server, 'exit')
  while (!(await saysReady(path.join(cluster, 'postmaster.pid')))) await pause(1)
  const db = openPool(url, { size: 1 })
  await db.query('select 1')
  const took = performance.now() - began
  await db.end()
  server.kill('SIGINT')
  await ended
  return sampleOf(took)
}

async function saysReady(file: string): Promise<boolean> {
  const told = await readFile(file, 'utf8').catch(() => '')
  return told.split('\n')[7]?.trim() === 'ready'
}

function sampleOf(ms: number): Sample {
  return { perSecond: 1000 / ms, p50: ms, count: 1 }
}
