import { type AddressInfo, createServer, type Server as TcpServer } from 'node:net'
import { execFile } from 'node:child_process'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../server/db/migrate.ts'
import { openPipeline } from '../../server/db/pipeline.ts'
import { changedNothing, isConnectionLoss, openPool } from '../../server/db/pool.ts'
import { type Node, startNode } from '../../server/main.ts'
import { add, anAccount, aService, eventually, nothingLostOrDoubled } from '../support/clients.ts'
import { onServer } from '../support/database-server.ts'
import { booksBalance, send, testConfig } from '../support/docket.ts'
import { freePort } from '../support/free-port.ts'
import { openProxy } from '../support/proxy.ts'
import { canReplicate, openReplicated, type Replicated } from '../support/replicated.ts'
import { commandEnvironment, docket } from '../support/server-process.ts'

if (!canReplicate) console.log('pg_basebackup was not found (Debian: apt-get install postgresql): several hosts are not tested.')

let servers: Replicated
let closed: string
let silent: TcpServer
/** How often somebody came to the host that never answers. */
let visits = 0

const addressOf = (...hosts: string[]) => `postgres://docket@${hosts.join(',')}/docket`
const primary = () => `127.0.0.1:${servers.primary.port}`
const standby = () => `127.0.0.1:${servers.standbys[0]!.port}`
const silentHost = () => `127.0.0.1:${(silent.address() as AddressInfo).port}`

async function openServers() {
  servers = await openReplicated()
  closed = `127.0.0.1:${await freePort()}`
  silent = createServer((socket) => {
    visits += 1
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  await onServer(servers.primary.url('postgres'), 'create database docket')
  await migrate(servers.primary.url())
}

async function portOf(url: string): Promise<number> {
  const db = openPool(url, { size: 1, name: 'test' })
  try {
    return (await db.query<{ port: string }>("select current_setting('port') as port")).rows.map(({ port }) => Number(port))[0]!
  } finally {
    await db.end()
  }
}

function run(command: string, url: string): Promise<{ code: number; told: string; said: string }> {
  return new Promise((resolve) => {
    const env = { ...commandEnvironment(), DOCKET_PORT: '0', DATABASE_URL: url }
    execFile(process.execPath, [docket, command], { env, timeout: 300_000 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, told: stderr.trim(), said: stdout.trim() }),
    )
  })
}

describe.skipIf(!canReplicate)('DATABASE_URL with several hosts', () => {
  beforeAll(openServers)
  afterAll(async () => {
    silent.close()
    await servers.end()
  })

  test('finds the one that can be written, whatever stands before it', async () => {
    expect(await portOf(addressOf(closed, standby(), primary()))).toBe(servers.primary.port)
    expect(await portOf(addressOf(silentHost(), primary()))).toBe(servers.primary.port)
    await migrate(addressOf(closed, standby(), primary()))
    const db = openPool(addressOf(standby(), closed, primary()), { size: 1, name: 'test' })
    const pipeline = openPipeline(db)
    const asked = [1, 2, 3].map((n) => pipeline.query<{ n: number }>({ text: 'select $1::int as n', values: [n] }))
    expect((await Promise.all(asked)).map(({ rows }) => rows[0]!.n)).toEqual([1, 2, 3])
    await pipeline.end()
    await db.end()
  })

  test('goes to the one that was good last, so that a host which does not answer costs its time once', async () => {
    const url = addressOf(silentHost(), closed, primary())
    const before = visits
    for (let turn = 0; turn < 5; turn += 1) expect(await portOf(url)).toBe(servers.primary.port)
    expect(visits - before).toBe(1)
  })

  test.for<[string, 'primary' | 'standby']>([
    ['read-write', 'primary'],
    ['primary', 'primary'],
    ['standby', 'standby'],
    ['read-only', 'standby'],
    ['prefer-standby', 'standby'],
    ['any', 'primary'],
  ])('with target_session_attrs=%s leads to the %s', async ([wanted, expected]) => {
    const port = await portOf(`${addressOf(closed, primary(), standby())}?target_session_attrs=${wanted}`)
    expect(port).toBe(expected === 'primary' ? servers.primary.port : servers.standbys[0]!.port)
  })

  test('prefers a standby, and takes the primary where there is none', async () => {
    expect(await portOf(`${addressOf(primary(), closed)}?target_session_attrs=prefer-standby`)).toBe(servers.primary.port)
  })

  test('fails in the time of one connection when none can be used, and has certainly done nothing', async () => {
    const db = openPool(addressOf(silentHost(), closed, standby(), silentHost()), { size: 1, name: 'test', connectTimeoutMs: 2000 })
    const error = await db.query('select 1').catch((caught: unknown) => caught)
    expect([isConnectionLoss(error), changedNothing(error)]).toEqual([true, true])
    await db.end()
  })

  test('docket serve says of each host why it cannot be used', async () => {
    const { code, told } = await run('serve', addressOf(closed, standby()))
    expect([code, told]).toEqual([
      1,
      `docket: No server of DATABASE_URL can be used: ${closed} (nothing listens there), ${standby()} (it is a standby, and read-write is asked for). Start PostgreSQL there, or correct DATABASE_URL.`,
    ])
  })

  test('docket serve wants one that can be written', async () => {
    const { code, told } = await run('serve', `${addressOf(primary(), standby())}?target_session_attrs=any`)
    expect([code, told]).toEqual([1, expect.stringContaining('docket serve writes: leave that out, or set it to read-write.')])
  })

  test('docket audit runs on a standby that is asked for', async () => {
    expect(await run('audit', `${addressOf(primary(), standby())}?target_session_attrs=standby`)).toMatchObject({
      code: 0,
      said: expect.stringContaining('The books are clean.'),
    })
  })
})

describe.skipIf(!canReplicate)('a primary that was replaced while it was cut off', () => {
  beforeAll(openServers)
  afterAll(async () => {
    silent.close()
    await servers.end()
  })

  test('is left by all connections at once, and not used again when it is back', async () => {
    const old = await openProxy(servers.primary.url())
    const next = await openProxy(servers.standbys[0]!.url())
    const db = openPool(addressOf(new URL(old.url).host, new URL(next.url).host), { size: 3, name: 'test' })
    const servedBy = async () => (await db.query<{ port: string }>("select current_setting('port') as port")).rows[0]!.port
    expect(await servedBy()).toBe(String(servers.primary.port))
    const waiting = db.query('select pg_sleep(600)').catch((error: unknown) => error)
    await eventually('it waits', async () => {
      const { rows } = await onServer(
        servers.primary.url(),
        "select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'",
      )
      return rows.length > 0
    })
    old.freeze()
    await onServer(servers.standbys[0]!.url('postgres'), 'select pg_promote()')

    // The idle connection is the first to be tried, so another is asked for beside it.
    const both = await Promise.allSettled([servedBy(), servedBy()])
    expect(both.map((each) => (each.status === 'fulfilled' ? each.value : 'lost')).toSorted()).toContain(String(servers.standbys[0]!.port))
    expect(isConnectionLoss(await waiting)).toBe(true)

    old.thaw()
    next.goAway()
    await eventually(
      'nothing leads to the new primary any more',
      () =>
        db.totalCount === 0 ||
        db.query('select 1').then(
          () => false,
          () => true,
        ),
    )
    await expect(servedBy()).rejects.toThrow('it is an old primary, which another has replaced')
    next.comeBack()
    expect(await servedBy()).toBe(String(servers.standbys[0]!.port))
    await db.end()
    await old.close()
    await next.close()
  })
})

describe.skipIf(!canReplicate)('a node whose database fails over to another host', () => {
  let node: Node | undefined

  beforeAll(openServers)
  afterEach(() => node?.stop())
  afterAll(async () => {
    silent.close()
    await servers.end()
  })

  test('goes on there without a restart: orders, remembered prices, the listener', async () => {
    await servers.setSynchronous('standby1')
    const url = addressOf(primary(), standby())
    const before = openPool(url, { size: 2, name: 'test' })
    const service = await aService(before, 9001)
    const { account, key } = await anAccount(before, '1000')
    await before.end()
    node = await startNode(testConfig(url), pino({ level: 'silent' }))
    const known = [await add(node.url!, { key, service, quantity: 1000 })]
    expect(known[0]!.order).toBeTypeOf('number')

    await servers.failOver(servers.standbys[0]!)
    const late = await eventually('an order is placed on the new primary', async () => {
      const answer = await add(node!.url!, { key, service, quantity: 1000, link: 'https://example.com/late' })
      known.push(answer)
      return answer.order === undefined ? undefined : answer
    })
    expect(late.order).not.toBe(known[0]!.order)
    await eventually(
      'changes are heard',
      async () => ((await (await fetch(`${node!.url}/readyz`)).json()) as { changes: string }).changes === 'heard',
    )
    const db = openPool(url, { size: 2, name: 'test' })
    const told = await eventually('the first order is told', async () => {
      const response = await send(node!.url!, { key, action: 'status', order: known[0]!.order })
      return response.status === 200 ? ((await response.json()) as object) : undefined
    })
    expect(told).toMatchObject({ charge: '1.00000' })
    await nothingLostOrDoubled(db, account, 100_000_000, known)
    await booksBalance(db)
    await db.end()
  })
})
