import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../../server/db/migrate.ts'
import { type Database, openPool, sqlState, transaction } from '../../server/db/pool.ts'
import type { OrderStatus } from '../../contract/statuses.ts'
import { type Node, startNode } from '../../server/main.ts'
import { settle } from '../../server/orders/settle.ts'
import { openSecret } from '../../server/secret.ts'
import { addWebhook } from '../../server/webhooks/registry.ts'
import { openWebhookWorker } from '../../server/webhooks/worker.ts'
import { openReceiver } from '../webhooks/receiver.ts'
import { insideParts } from '../support/inside.ts'
import { add, anAccount, aService, eventually, type Known, nothingLostOrDoubled } from '../support/clients.ts'
import { onServer } from '../support/database-server.ts'
import { booksBalance, type Parameters, send, testConfig } from '../support/docket.ts'
import { canReplicate, openReplicated, type Replicated, type Server } from '../support/replicated.ts'

if (!canReplicate) console.log('pg_basebackup was not found (Debian: apt-get install postgresql): synchronous commits are not tested.')

let servers: Replicated
let node: Node
let db: Database
let service: number
let key: string
let account: number
let warnings: string[]
const stops: (() => Promise<void>)[] = []

const standby = (): Server => servers.standbys[0]!
const url = () => `postgres://docket@127.0.0.1:${servers.primary.port},127.0.0.1:${standby().port}/docket`
/** The checker's own view, which waits for no standby. */
const onPrimary = (statement: string) => onServer(servers.primary.url(), statement)
const ask = async (parameters: Parameters) => {
  const response = await send(node.url!, { key, ...parameters })
  return { ...((await response.json()) as Record<string, unknown>), http: response.status }
}
const order = (link: string, more: Parameters = {}) =>
  add(node.url!, { key, service, quantity: 1000, link: `https://example.com/${link}`, ...more })
const waitingCommits = async () =>
  Number(
    (await onPrimary("select count(*) as n from pg_stat_activity where wait_event = 'SyncRep' and application_name = 'docket api'"))
      .rows[0]!['n'],
  )
const ordersSeen = async (server: Server) => Number((await onServer(server.url(), 'select count(*) as n from orders')).rows[0]!['n'])
const readiness = async () => (await (await fetch(`${node.url}/readyz`)).json()) as { status: string; standby: string }

describe.skipIf(!canReplicate)('commits that wait for a standby', () => {
  beforeEach(async () => {
    servers = await openReplicated()
    await onServer(servers.primary.url('postgres'), 'create database docket')
    await migrate(servers.primary.url())
    db = openPool(servers.primary.url(), { size: 2, name: 'test' })
    service = await aService(db, 9001)
    ;({ account, key } = await anAccount(db, '1000'))
    await servers.setSynchronous('standby1')
    warnings = []
    const log = pino({ level: 'info' }, { write: (line: string) => void warnings.push((JSON.parse(line) as { msg: string }).msg) })
    node = await startNode(testConfig(url()), log)
  })
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
    await node.stop()
    await db.end()
    await servers.end()
  })

  test('a wait that somebody ends is no commit to rely on: the statement fails, and nobody knows whether it was done', async () => {
    await onPrimary('create table written (n int)')
    servers.stopReceiving(standby())
    for (const work of [
      () => db.query('insert into written values (1)'),
      () => transaction(db, (tx) => tx.query('insert into written values (2)')),
    ]) {
      const told = work().catch((error: unknown) => error)
      const ended = await eventually('it waits, and the wait is ended', async () => {
        const { rows } = await onPrimary(
          "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' and application_name = 'test'",
        )
        return rows.length > 0
      })
      expect([ended, sqlState(await told)]).toEqual([true, '08007'])
    }
    expect((await onPrimary('select n from written order by n')).rows.map(({ n }) => Number(n))).toEqual([1, 2])
  })

  test('what a fail-over could lose is told to nobody, and what was told is not lost', async () => {
    const known: Known[] = [await order('confirmed')]
    const stream = await openStream()
    const before = await ask({ action: 'balance' })
    expect([before.http, (await ask({ action: 'services' })).http, (await fetch(`${node.url}/`)).status]).toEqual([200, 200, 200])
    servers.stopReceiving(standby())

    // Its commit waits; somebody ends the wait, so that it is seen on the primary, and on no other machine.
    const lost = order('lost', { idempotency_key: 'lost' })
    await eventually('its commit waits', async () => (await waitingCommits()) > 0)
    const ending = endWaitsOf('docket api')
    await eventually('it is seen', async () => (await ordersSeen(servers.primary)) === 2)
    const told = await Promise.all([
      ask({ action: 'balance' }),
      ask({ action: 'status', order: known[0]!.order! }),
      ask({ action: 'changes', since: '0' }),
      ask({ action: 'ledger' }),
      order('lost', { idempotency_key: 'lost' }),
      fetch(`${node.url}/`).then((response) => ({ http: response.status })),
    ])
    expect(told.map((each) => ('http' in each ? each.http : each.status))).toEqual(told.map(() => 503))
    expect(await lost).toMatchObject({ status: 503, error: expect.stringMatching(/not known/) })
    expect(await readiness()).toMatchObject({ status: 'not ready', standby: 'does not confirm' })
    ending.stop()
    expect(stream.read()).not.toMatch(/event: changes/)

    await servers.failOver(standby())
    const again = await eventually('orders are placed on the new primary', async () => {
      const answer = await order('lost', { idempotency_key: 'lost' })
      known.push(answer)
      return answer.order === undefined ? undefined : answer
    })
    expect(again.order).toBeTypeOf('number')
    expect(await ask({ action: 'balance' })).toEqual({ ...before, balance: '998.00000' })
    const after = openPool(url(), { size: 1, name: 'test' })
    expect(await nothingLostOrDoubled(after, account, 100_000_000, known)).toHaveLength(2)
    await booksBalance(after)
    await after.end()
    stream.close()
  })

  test('after a crash of the primary nothing that the standby lacks is told until it has it', async () => {
    const known = [await order('confirmed')]
    servers.stopReceiving(standby())
    const waiting = order('waiting')
    await eventually('its commit waits', async () => (await waitingCommits()) > 0)
    await servers.primary.kill()
    await servers.primary.start()
    expect(await ordersSeen(servers.primary)).toBe(2)
    expect((await waiting).order).toBeUndefined()
    const statuses = new Set<number>()
    await eventually('it is noticed', async () => {
      statuses.add((await ask({ action: 'balance' })).http)
      return (await readiness()).standby === 'does not confirm'
    })
    expect([...statuses]).toEqual([503])

    servers.receiveAgain(standby())
    await eventually('it is told', async () => (await ask({ action: 'balance' })).http === 200)
    expect(await ask({ action: 'balance' })).toMatchObject({ balance: '998.00000' })
    expect(await ordersSeen(standby())).toBe(2)
    expect(known[0]!.order).toBeTypeOf('number')
    expect(await readiness()).toMatchObject({ status: 'ready', standby: 'confirms' })
    expect(warnings.filter((line) => line.includes('the standby that must confirm commits'))).toHaveLength(1)
    expect(warnings.filter((line) => line === 'the standby confirms commits again')).toHaveLength(1)
  })

  test('a standby that stands still leaves few connections waiting, and all is answered once it goes on', async () => {
    servers.stopReceiving(standby())
    const first = await Promise.all(Array.from({ length: 32 }, (_, n) => order(`first/${n}`)))
    expect(first.map(({ status }) => status)).toEqual(first.map(() => 503))
    await eventually('it is noticed', async () => (await readiness()).standby === 'does not confirm')
    for (let turn = 0; turn < 3; turn += 1) {
      const refused = await Promise.all(Array.from({ length: 32 }, (_, n) => order(`turn/${turn}/${n}`)))
      expect(refused.map(({ status, retryAfter }) => [status, retryAfter])).toEqual(refused.map(() => [503, '1']))
    }
    const { rows } = await onPrimary("select count(*) as n from pg_stat_activity where application_name like 'docket%'")
    expect(Number(rows[0]!['n'])).toBeLessThanOrEqual(20)

    servers.receiveAgain(standby())
    await eventually('it confirms again', async () => (await readiness()).status === 'ready')
    const last = await eventually('an order is placed', async () => {
      const answer = await order('last')
      return answer.order === undefined ? undefined : answer
    })
    // Those of the turns were refused before anything was sent.
    const stored = await nothingLostOrDoubled(db, account, 100_000_000, [...first, last])
    expect(stored.filter(({ link }) => link.includes('/turn/'))).toEqual([])
    await booksBalance(db)
  })

  test('a webhook is not called for what a fail-over could lose', async () => {
    const receiver = await openReceiver()
    const secret = await openSecret({ secret: 'a secret of the test, long enough for it', dataDirectory: '' })
    const outgoing = insideParts.openWebhookOutgoing()
    await addWebhook(db, { secret, outgoing }, { accountId: account, url: receiver.url, events: ['order.*'], test: false }, new Date())
    const hooks = openPool(url(), { size: 4, name: 'test hooks' })
    const worker = openWebhookWorker({
      db: hooks,
      now: () => new Date(),
      log: pino({ level: 'silent' }),
      secret,
      outgoing,
      site: { name: 'Docket', url: 'https://docket.example' },
    })
    const orderId = BigInt((await order('moved')).order!)
    const move = (database: Database, status: OrderStatus) =>
      settle(database, [{ orderId, status, startCount: null, remains: null, words: null }], 'supplier', new Date())
    servers.stopReceiving(standby())

    const ending = endWaitsOf('test', 'test hooks')
    expect(await move(db, 'Completed').then(() => 'done', sqlState)).toBe('08007')
    const turns = []
    for (let turn = 0; turn < 3; turn += 1) {
      turns.push(await worker.turn().then(() => 'done', sqlState))
      await worker.idle()
    }
    expect(turns).toContain('08007')
    const message = () => onPrimary('select state from webhook_messages')
    expect((await message()).rows.map(({ state }) => state)).toEqual(['waiting'])
    expect(receiver.received).toEqual([])
    ending.stop()

    await servers.failOver(standby())
    const after = openPool(url(), { size: 2, name: 'test' })
    await move(after, 'In progress')
    await eventually('it is called', async () => {
      await worker.turn().catch(() => {})
      await worker.idle()
      return receiver.received.length > 0
    })
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(['order.in_progress'])
    await worker.stop()
    await hooks.end()
    await after.end()
    await outgoing.close()
    await receiver.close()
  })

  test('where no standby is asked for, nothing is written to confirm what was read', async () => {
    await servers.setSynchronous('')
    await eventually('the node has heard', async () => (await readiness()).standby === 'not asked')
    await ask({ action: 'balance' })
    const position = async () => (await onPrimary('select pg_current_wal_insert_lsn() as at')).rows[0]!['at']
    const before = await position()
    for (let turn = 0; turn < 20; turn += 1) expect((await ask({ action: 'balance' })).http).toBe(200)
    expect(await position()).toBe(before)
  })
})

/** Somebody ends the waits of these connections, again and again. */
function endWaitsOf(...names: string[]) {
  const statement = `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' and application_name in (${names.map((name) => `'${name}'`).join()})`
  const timer = setInterval(() => void onPrimary(statement).catch(() => {}), 50)
  stops.push(async () => clearInterval(timer))
  return { stop: () => clearInterval(timer) }
}

/** A stream of changes, and what it has told so far. */
async function openStream() {
  const response = await fetch(`${node.url}/api/v2/events`, { headers: { authorization: `Bearer ${key}` } })
  const reader = response.body!.getReader()
  let text = ''
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += Buffer.from(value).toString()
    }
  })().catch(() => {})
  await eventually('the stream is open', () => text.includes('event: ready'))
  return {
    read: () => text,
    close: () => {
      reader.cancel().catch(() => {})
      void reading
    },
  }
}
