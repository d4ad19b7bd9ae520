import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { suspendAccount } from '../../server/customers/accounts.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import type { Node } from '../../server/main.ts'
import { forgetOldMassOrders, placeFor, placeLeftMassOrder, placeNextLines } from '../../server/ordering/mass-order.ts'
import { beginPlacing, countMassOrder, noteRefusals, readMassOrder } from '../../server/orders/mass-orders.ts'
import { pageCaller } from '../../server/customers/page-callers.ts'
import { aService, eventually, nothingLostOrDoubled, ordersOf } from '../support/clients.ts'
import { booksBalance, type Docket, freshDatabase, openDocket } from '../support/docket.ts'
import { checked, orderContext, resultOf, step } from '../support/mass-orders.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { secondNode } from '../support/second-node.ts'
import { endServers, serve } from '../support/server-process.ts'

const listOf = (service: number, lines: number) => Array.from({ length: lines }, (_, n) => `${service}|https://example.com/${n}|10`)

describe('a mass order, whatever happens meanwhile', () => {
  const docket = openDocket()
  let second: Node
  let service: number
  beforeAll(async () => {
    second = await secondNode(docket)
    service = await onSale(docket, { rate: '1' })
  })
  afterAll(() => second.stop())

  /** A list whose placing was asked for and has not begun. */
  async function begun(me: OwnPages, lines: number) {
    const { path, html } = await checked(me, listOf(service, lines))
    await me.post(`${path}/place`, { watched: 'yes' })
    const orders = await orderContext({ db: docket.db, now: docket.clock.now })
    const caller = await pageCaller(docket.db, me.account, docket.clock.now())
    const massOrder = (await readMassOrder(docket.db, caller.bookId, BigInt(path.split('/').at(-1)!)))!
    return { path, csrf: me.hidden(html, 'csrf'), orders, caller, massOrder }
  }

  const everyLineOnce = async (me: OwnPages, path: string, lines: number) => {
    const rows = await resultOf(me, path)
    const known = rows.map((row) => ({ order: Number(row['order']) }))
    const orders = await nothingLostOrDoubled(docket.db, me.account, 10_000_000, known)
    expect(orders).toHaveLength(lines)
    expect(new Set(orders.map((order) => order.link)).size).toBe(lines)
  }

  test('two tabs on two nodes at once place each line once', async () => {
    const me = await ownPages(docket)
    const { path, csrf } = await begun(me, 600)
    const tab = async (url: string) => {
      for (let done = false; !done;) done = (await step(url, path, { token: me.token, csrf }))!.done
    }
    await Promise.all([docket.node.url!, second.url!, docket.node.url!, second.url!].map(tab))
    await everyLineOnce(me, path, 600)
    expect(await docket.balance(me.key)).toBe('94.00000')
  })

  test('a node that stops between two steps leaves a list that any other node goes on with', async () => {
    const me = await ownPages(docket)
    const { path, csrf, orders, caller, massOrder } = await begun(me, 600)
    expect(await placeNextLines(orders, caller, massOrder)).toMatchObject({ placed: 250, refused: 0, doneAt: null })
    const told = [await step(second.url!, path, { token: me.token, csrf }), await step(second.url!, path, { token: me.token, csrf })]
    expect(told).toMatchObject([{ value: 500, done: false }, { value: 600, done: true }]) // prettier-ignore
    await everyLineOnce(me, path, 600)
  })

  test('a line that was placed and noted by nobody is placed all the same', async () => {
    const me = await ownPages(docket)
    const { path, orders, massOrder } = await begun(me, 3)
    await placeFor(orders, massOrder, 10_000)
    // Another node saw it refused while its order was on its way.
    await noteRefusals(docket.db, massOrder.id, [{ number: 2, code: 'service_disabled', text: 'Service is disabled' }])
    expect(await countMassOrder(docket.db, massOrder.id, docket.clock.now())).toMatchObject({ placed: 3, refused: 0, charged: 3000n })
    expect((await resultOf(me, path)).map((row) => row['error'])).toEqual(['', '', ''])
    expect((await me.get(path)).html).toContain('All lines are placed and paid for.')
  })

  test('a list whose page was closed goes on by itself, after a moment and not after a quarter of an hour', async () => {
    const me = await ownPages(docket)
    const { path, orders, massOrder } = await begun(me, 300)
    docket.clock.forward({ seconds: 14 })
    expect(await placeLeftMassOrder(orders)).toBe(0)
    docket.clock.forward({ minutes: 15 })
    expect(await placeLeftMassOrder(orders)).toBe(0)
    const { html } = await me.get(path)
    expect(html).toContain('Placing was interrupted: 300 lines are left.')
    expect(html).not.toContain('data-go-on')

    await beginPlacing(docket.db, massOrder, docket.clock.now())
    docket.clock.forward({ seconds: 16 })
    expect(await Promise.all([placeLeftMassOrder(orders), placeLeftMassOrder(orders)])).toEqual(expect.arrayContaining([0, 1]))
    expect(await placeLeftMassOrder(orders)).toBe(0)
    await everyLineOnce(me, path, 300)
  })

  test('an account that is suspended meanwhile buys nothing more, and what is left is told', async () => {
    const me = await ownPages(docket)
    const { path, orders, massOrder } = await begun(me, 5)
    await suspendAccount(docket.db, me.account, true, docket.clock.now())
    docket.clock.forward({ seconds: 16 })
    expect(await placeLeftMassOrder(orders)).toBe(1)
    docket.clock.forward({ seconds: 16 })
    expect(await placeLeftMassOrder(orders)).toBe(0)
    await suspendAccount(docket.db, me.account, false, docket.clock.now())
    expect(await readMassOrder(docket.db, massOrder.bookId, massOrder.id)).toMatchObject({ placed: 0, workedAt: null, doneAt: null })
    expect(path).toMatch(/\d+$/)
  })

  test('old lists are forgotten, their orders are not', async () => {
    const me = await ownPages(docket)
    const placed = await checked(me, listOf(service, 2))
    await me.post(`${placed.path}/place`, {})
    const draft = await checked(me, listOf(service, 3))
    const orders = await orderContext({ db: docket.db, now: docket.clock.now })
    const forget = async (days: number) => {
      docket.clock.forward({ days })
      await forgetOldMassOrders(orders)
      const { rows } = await docket.db.query<{ id: string }>('select id::text from mass_orders where id = any($1) order by id', [
        [placed.path, draft.path].map((path) => path.split('/').at(-1)),
      ])
      return rows.map((row) => `/mass-order/${row.id}`)
    }
    expect(await forget(89)).toEqual([placed.path, draft.path])
    expect(await forget(1)).toEqual([])
    expect(await ordersOf(docket.db, me.account)).toHaveLength(2)
    await nothingLostOrDoubled(docket.db, me.account, 10_000_000, [])
  })

  test('of lists that were only checked, an account keeps twenty', async () => {
    const me = await ownPages(docket)
    const paths: string[] = []
    for (let n = 1; n <= 22; n += 1) paths.push((await checked(me, listOf(service, n))).path)
    expect((await me.get(paths[1]!)).status).toBe(404)
    expect((await me.get(paths[2]!)).status).toBe(200)
  })
})

describe('kill -9 while a mass order is placed', () => {
  let db: Database
  afterEach(async () => {
    await endServers()
    await db.end()
  })

  test('M6 H1 the server killed three times places every line once and loses none', async () => {
    const databaseUrl = await freshDatabase()
    db = openPool(databaseUrl, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
    const service = await aService(db, 9001)
    const start = () => serve({ DATABASE_URL: databaseUrl, DOCKET_ROLE: 'http' })
    let server = await start()
    const me = await ownPages({ db, databaseUrl, clock: { now: () => new Date() }, node: { url: server.url } } as unknown as Docket)
    const { path, html } = await checked(me, listOf(service, 2000))
    const csrf = me.hidden(html, 'csrf')
    await me.post(`${path}/place`, { watched: 'yes' })

    const stored = async () => (await db.query<{ n: number }>('select count(*)::int as n from orders')).rows[0]!.n
    for (let round = 0; round < 3; round += 1) {
      const { url } = server
      const before = await stored()
      const steps = (async () => {
        while (await step(url, path, { token: me.token, csrf }));
      })()
      await eventually('a hundred orders more', async () => (await stored()) >= before + 100)
      await server.kill()
      await steps
      server = await start()
    }
    expect(await stored()).toBeLessThan(2000)
    for (let done = false; !done;) done = (await step(server.url, path, { token: me.token, csrf }))!.done

    const headers = { cookie: `docket-session=${me.token}` }
    const rows = (await (await fetch(`${server.url}${path}/result.csv`, { headers })).text()).trimEnd().split('\r\n').slice(1)
    const orders = await nothingLostOrDoubled(db, me.account, 10_000_000, rows.map((row) => ({ order: Number(row.split(',')[6]) }))) // prettier-ignore
    expect(new Set(orders.map((order) => order.link)).size).toBe(2000)
    expect(orders).toHaveLength(2000)
    await booksBalance(db)
  })
})
