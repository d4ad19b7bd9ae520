import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { panelOfDump } from '../../server/move-in/from-dump.ts'
import { glycon } from '../../server/move-in/glycon.ts'
import type { Panel } from '../../server/move-in/panel.ts'
import { type Report, reportText } from '../../server/move-in/report.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import { apiV2Supplier } from '../../server/suppliers/api-v2.ts'
import { verifyLog } from '../../server/staff/log.ts'
import { openDocket } from '../support/docket.ts'
import { FAKE_KEY, type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'
import { glyconTables, keyOf, SMALL, writeDump } from './dumps.ts'
import { bring, openDumpDirectory, SECRET, timesOf } from './moved.ts'

const docket = openDocket({ DOCKET_SECRET: SECRET })
const inDirectory = openDumpDirectory()
let supplier: FakeSupplier
let panel: Panel
let report: Report

beforeAll(async () => {
  supplier = await openFakeSupplier()
  const file = await inDirectory('glycon.sql')
  await writeDump(file, glyconTables(SMALL, supplier.url))
  panel = panelOfDump(glycon, file, 'old')
})
afterAll(() => supplier.close())

const ROWS = `
  select (select count(*) from orders)::int as orders, (select count(*) from accounts)::int as accounts, (select count(*) from services)::int as services,
    (select count(*) from transfers)::int as lines, (select count(*) from api_keys)::int as keys, (select count(*) from suppliers)::int as suppliers,
    (select count(*) from hand_offs)::int as "handOffs", (select count(*) from payment_receipts)::int as receipts, (select count(*) from alerts)::int as alerts,
    (select coalesce(sum(wallet), 0) from books)::text as wallets`
const rows = async () => (await docket.db.query(ROWS)).rows[0]

describe('a panel of the GlyCon family', () => {
  test('is looked at by a dry run, which changes nothing and tells what would come', async () => {
    const before = await rows()
    report = await bring(docket, panel, { dryRun: true })
    expect(await rows()).toEqual(before)
    expect(report.counts).toMatchObject({
      suppliers: { read: 2, brought: 2 },
      services: { read: 20, brought: 20 },
      accounts: { read: 31, brought: 30, leftOut: 1 },
      prices: { read: 4, brought: 3, leftOut: 1 },
    })
  })

  test('is brought over as the dry run said', async () => {
    const done = await bring(docket, panel)
    expect(done).toEqual({ ...report, dryRun: false })
    expect((await verifyLog(docket.db)).fault).toBeNull()
    expect(reportText(done)).toContain('What was odd')
  })

  test.each([
    ['a date of zeros', 2],
    ['broken by a change of its encoding', 10],
    ['below zero', 1],
    ['more than five digits', 1],
    ['no usable e-mail address', 1],
    ['an e-mail address is taken', 1],
    ['two accounts have one key', 2],
    ['the id of an account is no positive whole number', 1],
    ['the id of an order is no positive whole number', 1],
    ['a subscription is set up again', 1],
    ['the account of an order is not there', 1],
    ['a service that was deleted there', 1],
    ['completed, and something remains', 1],
    ['partial, and nothing remains', 1],
    ['not above zero', 1],
    ['the type of a service is not known', 1],
    ['least quantity of a service is above its most', 1],
    ['an own price of an account or service that is not there', 1],
    ['no usable address and key', 1],
  ])('has its oddities listed: %s', (words, times) => {
    expect(timesOf(report, words)).toBe(times)
  })

  test('leaves each wallet at the balance there, and what was below zero is owed', async () => {
    const { rows: books } = await docket.db.query<{ account: number; wallet: bigint; owed: bigint }>(
      'select account_id as account, wallet, owed from books where not play order by account_id limit 7',
    )
    expect(books.map(({ account, wallet, owed }) => [account, wallet, owed])).toEqual([
      [1, 10_050_000n, 0n],
      [2, 30_000n, 0n],
      [3, 0n, -525_000n],
      [4, 1n, 0n],
      [5, 700_000n, 0n],
      [6, 112_346n, 0n],
      [7, 730_000n, 0n],
    ])
  })

  test('keeps its ids: an old order is found by its number with its charge, and was never booked here', async () => {
    // Account 1 and 6 had one key, so this asks with another's.
    const status = await docket.call({ key: keyOf(8), action: 'status', order: 25, explain: 1 })
    expect(status).toMatchObject({
      status: 'Completed',
      charge: '0.62500',
      currency: 'USD',
      explain: { charge: { by: 'moved in', line: null } },
    })
    const { rows: found } = await docket.db.query(
      'select status, charge, refunded, line, ended_at >= placed_at as "endsLater" from orders where id in (1, 2) order by id',
    )
    expect(found).toEqual([
      { status: 'Completed', charge: 90_000n, refunded: 0n, line: null, endsLater: true },
      { status: 'Canceled', charge: 30_000n, refunded: 30_000n, line: null, endsLater: true },
    ])
  })

  test('an old client with its old key orders at once, under a number above all that came', async () => {
    const placed = await docket.call({ key: keyOf(7), action: 'add', service: 1, link: 'https://example.com/new', quantity: 100 })
    expect(placed.order).toBeGreaterThan(SMALL.orders)
    expect(await docket.balance(keyOf(7))).toBe('7.20000')
    expect(await docket.call({ key: keyOf(7).toUpperCase(), action: 'balance' })).toMatchObject({ error: 'Invalid API key' })
    expect(await docket.call({ key: keyOf(1), action: 'balance' })).toMatchObject({ error: 'Invalid API key' })
  })

  test('pays own prices as it did', async () => {
    await docket.call({ key: keyOf(2), action: 'add', service: 1, link: 'https://example.com/own', quantity: 100 })
    expect(await docket.balance(keyOf(2))).toBe('0.25000')
  })

  test('has its open orders followed at their suppliers, and refunded from what was brought over', async () => {
    const { rows: followed } = await docket.db.query<{ id: bigint; reference: string; account: number; charge: bigint }>(`
      select o.id, h.reference, b.account_id as account, o.charge from orders o join hand_offs h on h.order_id = o.id join books b on b.id = o.book_id
      where h.state = 'sent' and not o.ended and o.charge > 0 and b.account_id > 7 order by o.id limit 1`)
    const [order] = followed
    const before = await docket.balance(keyOf(order!.account))
    supplier.answer('status', {
      [order!.reference]: { charge: '0.1', start_count: '3', status: 'Canceled', remains: '5', currency: 'USD' },
    })
    const { rows: acme } = await docket.db.query<{ id: number }>("select id from suppliers where name = 'acme'")
    const outgoing = openOutgoing({ allowPrivate: true })
    const context = {
      db: docket.db,
      now: docket.clock.now,
      supplierId: acme[0]!.id,
      supplier: apiV2Supplier({ url: supplier.url, key: FAKE_KEY, outgoing, keyPrefix: 'x:', keepsRetryKeys: false }),
    }
    for (let round = 0; round < 3; round += 1) await poll(context)
    await outgoing.close()
    const status = await docket.call({ key: keyOf(order!.account), action: 'status', order: Number(order!.id) })
    expect(status).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    const units = (text: string) => BigInt(text.replace('.', ''))
    expect(units(await docket.balance(keyOf(order!.account))) - units(before)).toBe(order!.charge)
  })

  test('leaves open orders to staff that no supplier can be asked for', async () => {
    const { rows: alerts } = await docket.db.query(
      'select order_id::int as order, words from alerts where order_id in (6, 7, 9) order by 1',
    )
    expect(alerts).toEqual([
      { order: 6, words: 'It was "fail" at the old panel' },
      { order: 9, words: 'Its runs were started by the old panel' },
    ])
  })

  test('is not doubled by a second run', async () => {
    const before = await rows()
    const again = await bring(docket, panel)
    expect(await rows()).toEqual(before)
    expect(Object.values(again.counts).map(({ brought }) => brought)).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(again.counts['ended orders'].here).toBe(report.counts['ended orders'].brought)
    expect(again.counts['open orders'].here).toBe(report.counts['open orders'].brought)
  })
})
