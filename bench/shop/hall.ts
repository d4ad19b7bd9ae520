import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { startOnSlowDisk } from '../servers/slow-disk.ts'
import { type Customer, seed } from './seed.ts'

/** A database with the same customers and services as all others of this run. */
export interface Shop {
  readonly url: string
  readonly db: Database
  readonly customers: readonly Customer[]
}

/** The PostgreSQL server of a run, and a seeded template that the shops are cloned from. */
export interface Hall {
  /** The PostgreSQL server; shops are created and dropped on it. */
  readonly db: Database
  /** Says whether it is the embedded server or the one in DATABASE_URL. */
  readonly server: string
  openShop(name: string): Promise<Shop>
  /** A path for a file that lives as long as the run. */
  readonly file: (name: string) => string
  close(): Promise<void>
}

/** `slowDiskMs`: how many milliseconds longer each durable write takes than on this machine. */
export async function openHall(slowDiskMs?: number): Promise<Hall> {
  const directory = await mkdtemp(path.join(tmpdir(), 'docket-bench-'))
  const server = await openServer(path.join(directory, 'data'), slowDiskMs)
  const db = openPool(server.url, { size: 2, name: 'docket bench' })
  const prefix = `docket_bench_${process.pid}`
  const template = `${prefix}_template`
  await db.query(`create database ${template}`)
  await migrate(urlOf(server.url, template))
  const customers = await onPool(urlOf(server.url, template), seed)
  const shops = new Map<string, Promise<Shop>>()

  async function makeShop(name: string): Promise<Shop> {
    const database = `${prefix}_${name}`
    await db.query(`create database ${database} template ${template}`)
    const url = urlOf(server.url, database)
    return { url, db: openPool(url, { size: 4, name: 'docket bench' }), customers }
  }

  return {
    db,
    server: server.name,
    openShop(name) {
      const shop = shops.get(name) ?? makeShop(name)
      shops.set(name, shop)
      return shop
    },
    file: (name) => path.join(directory, name),
    async close() {
      for (const shop of shops.values()) await (await shop).db.end()
      for (const name of [...shops.keys(), 'template']) await db.query(`drop database if exists ${prefix}_${name} with (force)`)
      await db.end()
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function openServer(directory: string, slowDiskMs?: number): Promise<{ url: string; name: string; close(): Promise<void> }> {
  if (slowDiskMs !== undefined) {
    const slow = await startOnSlowDisk(directory, slowDiskMs)
    return {
      url: slow.url,
      name: `the distribution's, with the settings of the embedded one, fdatasync ${slowDiskMs} ms slower`,
      close: () => slow.stop(),
    }
  }
  const url = process.env['DATABASE_URL']
  if (url) return { url, name: 'the server of DATABASE_URL', close: async () => {} }
  const embedded = await openEmbeddedDatabase({ directory })
  return { url: embedded.url, name: 'embedded', close: () => embedded.close() }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.toString()
}

async function onPool<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  // A busy machine opens connections slowly; nothing is measured yet.
  const db = openPool(url, { size: 16, name: 'docket bench', connectTimeoutMs: 300_000 })
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}
