import { execFile } from 'node:child_process'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MOST_BEHIND_MS, NotThereYet, openLongReads } from '../../server/db/long-reads.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { type Node, startNode } from '../../server/main.ts'
import { add, aService, eventually } from '../support/clients.ts'
import { onServer } from '../support/database-server.ts'
import { type Docket, freshDatabase, testConfig } from '../support/docket.ts'
import { ownPages } from '../support/own-pages.ts'
import { openProxy, type Proxy } from '../support/proxy.ts'
import { canReplicate, openReplicated, type Replicated } from '../support/replicated.ts'
import { commandEnvironment, docket } from '../support/server-process.ts'

if (!canReplicate) console.log('pg_basebackup was not found (Debian: apt-get install postgresql): DATABASE_READ_URL is not tested.')

describe.skipIf(!canReplicate)('DATABASE_READ_URL', () => {
  let servers: Replicated
  let db: Database
  let way: Proxy

  beforeAll(async () => {
    servers = await openReplicated()
    await onServer(servers.primary.url('postgres'), 'create database docket')
    await migrate(servers.primary.url())
    db = openPool(servers.primary.url(), { size: 2, name: 'test' })
    way = await openProxy(servers.standbys[0]!.url())
  })
  afterAll(async () => {
    await db.end()
    await way.close()
    await servers.end()
  })

  const events: string[] = []
  const openReads = (readUrl: string) => {
    events.length = 0
    return openLongReads({
      databaseUrl: servers.primary.url(),
      readUrl,
      onEvent: (message, level) => void events.push(`${level}: ${message}`),
    })
  }
  const portSeen = async (reads: Awaited<ReturnType<typeof openReads>>) =>
    reads.read(db, async (old) => Number((await old.query<{ port: string }>("select current_setting('port') as port")).rows[0]!.port))

  test('is where long reads go; when it is away they go to the primary, which is told once, and come back by themselves', async () => {
    const reads = await openReads(way.url)
    expect(await portSeen(reads)).toBe(servers.standbys[0]!.port)
    way.goAway()
    for (let turn = 0; turn < 3; turn += 1) expect(await portSeen(reads)).toBe(servers.primary.port)
    await eventually('it is told', () => events.length > 0)
    expect(await portSeen(reads)).toBe(servers.primary.port)
    way.comeBack()
    await eventually('it is used again', async () => (await portSeen(reads)) === servers.standbys[0]!.port)
    expect(events).toEqual([
      expect.stringMatching(
        /^warn: DATABASE_READ_URL is not used: it cannot be reached \(.*\)\. Exports, statements and reports are read from DATABASE_URL\.$/,
      ),
      'info: DATABASE_READ_URL is used again for exports, statements and reports',
    ])
    const { onStandby, onPrimary, isUsed } = reads.state()!
    expect([isUsed, onStandby > 1, onPrimary >= 4]).toEqual([true, true, true])
    await reads.stop()
  })

  test('is not read from while it is too far behind', async () => {
    const reads = await openReads(way.url)
    await db.query('create table if not exists written (n int)')
    await onServer(servers.standbys[0]!.url('postgres'), 'select pg_wal_replay_pause()')
    await db.query('insert into written values (1)')
    await eventually('it is noticed', () => events.length > 0)
    expect(events[0]).toMatch(/^warn: DATABASE_READ_URL is not used: it is \d+ s behind, and 30 s are allowed\./)
    expect(reads.state()!.behindSeconds).toBeGreaterThan(MOST_BEHIND_MS / 1000)
    expect(await portSeen(reads)).toBe(servers.primary.port)
    await onServer(servers.standbys[0]!.url('postgres'), 'select pg_wal_replay_resume()')
    await eventually('it is used again', async () => (await portSeen(reads)) === servers.standbys[0]!.port)
    await reads.stop()
  })

  test('work that misses something there, or is ended because the standby goes on, is done on the primary', async () => {
    const reads = await openReads(way.url)
    const ports: number[] = []
    const seen = await reads.read(db, async (old) => {
      const { port, standby } = (
        await old.query<{ port: string; standby: boolean }>("select current_setting('port') as port, pg_is_in_recovery() as standby")
      ).rows[0]!
      ports.push(Number(port))
      if (standby) throw new NotThereYet()
      return Number(port)
    })
    expect([seen, ports]).toEqual([servers.primary.port, [servers.standbys[0]!.port, servers.primary.port]])
    await expect(reads.read(db, () => Promise.reject(new Error('a fault of ours')))).rejects.toThrow('a fault of ours')
    await reads.stop()
  })

  test('which leads to another database is not used', async () => {
    const reads = await openReads(await freshDatabase())
    expect(await portSeen(reads)).toBe(servers.primary.port)
    expect(events[0]).toMatch(/^warn: DATABASE_READ_URL is not used: it leads to another database than DATABASE_URL\./)
    await reads.stop()
  })

  test('answers statements, reports and exports of a node, and audits; orders and balances come from the primary', async () => {
    const node: Node = await startNode(testConfig(servers.primary.url(), { DATABASE_READ_URL: way.url }), pino({ level: 'silent' }))
    const readsOf = async (database: string) => {
      const text = await (await fetch(`${node.url}/metrics`)).text()
      return Number(new RegExp(`^docket_long_reads_total\\{database="${database}"\\} (\\d+)$`, 'm').exec(text)![1])
    }
    const service = await aService(db, 9001)
    const pages = await ownPages({ db, node, clock: { now: () => new Date() } } as Docket)
    expect((await add(node.url!, { key: pages.key, service, quantity: 1000 })).order).toBeTypeOf('number')
    for (const path of ['/funds.csv', '/funds/statement']) expect([path, (await pages.get(path)).status]).toEqual([path, 200])
    expect(await readsOf('standby')).toBe(2)
    expect(await readsOf('primary')).toBe(0)
    await node.stop()

    const env = { ...commandEnvironment(), DATABASE_URL: servers.primary.url(), DATABASE_READ_URL: way.url }
    const audit = (more: object = {}) =>
      new Promise<string>((resolve) =>
        execFile(process.execPath, [docket, 'audit'], { env: { ...env, ...more }, timeout: 300_000 }, (_, stdout, stderr) =>
          resolve(stdout + stderr),
        ),
      )
    let asked = 0
    way.judge = (piece) => {
      asked += Number(piece.includes('repeatable read'))
      return 'pass'
    }
    expect(await audit()).toMatch(/The books are clean\.\n$/)
    expect(asked).toBe(1)
    expect(await audit({ DATABASE_READ_URL: await freshDatabase() })).toMatch(
      /docket: DATABASE_READ_URL is not used, it leads to another database than DATABASE_URL: read from DATABASE_URL\n/,
    )
  })
})
