import { beforeAll, describe, expect, test } from 'vitest'
import { listAllOrders } from '../../server/fulfilment/all-orders.ts'
import { readSearch } from '../../server/fulfilment/find-orders.ts'
import { type AllOrdersFilter, EVERY_ORDER } from '../../server/fulfilment/order-sources.ts'
import { readWholeOrder } from '../../server/fulfilment/staff-order.ts'
import { openDocket } from '../support/docket.ts'
import { workOnce } from '../support/fulfilment.ts'
import { placed, tell } from '../support/order-life.ts'
import { change, onSale } from '../support/on-sale.ts'
import { type ToldSupplier, toldSupplier } from '../support/told-supplier.ts'

const docket = openDocket({ DOCKET_ROLE: 'http' })

interface Customer {
  readonly account: number
  readonly key: string
}
let anna: Customer
let boris: Customer
let service: number
let other: number
let supplier: ToldSupplier
/** By what they are. */
const order = { sent: 0, unconfirmed: 0, completed: 0, unsent: 0, ofBoris: 0, drip: 0 }

beforeAll(async () => {
  ;[anna, boris] = [await docket.account(), await docket.account()]
  supplier = await toldSupplier(docket)
  ;[service, other] = [await onSale(docket, { dripfeed: true }), await onSale(docket)]
  await change(docket, service, { supplier: supplier.name })
  const place = async (customer: Customer, more: object) => {
    docket.clock.forward({ minutes: 1 })
    return placed(docket, customer.key, { service, quantity: 100, ...more })
  }
  const handOver = () => workOnce(docket, { id: supplier.id, supplier: supplier.supplier })
  order.sent = await place(anna, { link: 'https://example.com/sent' })
  await handOver()
  const { onAdd } = supplier
  supplier.onAdd = () => ({ kind: 'unknown', words: 'the line went dead' })
  order.unconfirmed = await place(anna, { link: 'https://example.com/lost' })
  await handOver()
  supplier.onAdd = onAdd
  order.completed = await place(anna, { service: other, link: 'https://example.com/shared/', idempotency_key: 'my-own-name' })
  await tell(docket, order.completed, 'Completed')
  docket.clock.forward({ days: 2 })
  order.ofBoris = await place(boris, { service: other, link: 'https://example.com/shared' })
  order.drip = await place(boris, { runs: 2, interval: 60, link: 'https://example.com/drip' })
  order.unsent = await place(anna, { link: 'https://example.com/unsent' })
})

const listed = async (filter: Partial<AllOrdersFilter>, most = 50) => {
  const { orders } = await listAllOrders(docket.db, { ...EVERY_ORDER, ...filter }, { before: null, most })
  const names = new Map(Object.entries(order).map(([name, id]) => [String(id), name]))
  return orders.map(({ id }) => names.get(String(id)))
}

const filters: { name: string; filter: () => Partial<AllOrdersFilter>; orders: (keyof typeof order)[] }[] = [
  { name: 'none', filter: () => ({}), orders: ['unsent', 'drip', 'ofBoris', 'completed', 'unconfirmed', 'sent'] },
  { name: 'open', filter: () => ({ state: 'open' }), orders: ['unsent', 'drip', 'ofBoris', 'unconfirmed', 'sent'] },
  { name: 'ended', filter: () => ({ state: 'ended' }), orders: ['completed'] },
  { name: 'needs attention', filter: () => ({ state: 'attention' }), orders: ['unconfirmed'] },
  { name: 'one status', filter: () => ({ state: 'Completed' }), orders: ['completed'] },
  { name: 'a service', filter: () => ({ service: other }), orders: ['ofBoris', 'completed'] },
  { name: 'a supplier', filter: () => ({ supplier: supplier.id }), orders: ['unsent', 'unconfirmed', 'sent'] },
  { name: 'a supplier and a state', filter: () => ({ supplier: supplier.id, state: 'attention' }), orders: ['unconfirmed'] },
  { name: 'an account', filter: () => ({ account: boris.account }), orders: ['drip', 'ofBoris'] },
  { name: 'an account and a service', filter: () => ({ account: anna.account, service: other }), orders: ['completed'] },
  { name: 'an account and a supplier', filter: () => ({ account: anna.account, supplier: supplier.id }), orders: ['unsent', 'unconfirmed', 'sent'] },
  { name: 'an account and a status', filter: () => ({ account: anna.account, state: 'Completed' }), orders: ['completed'] },
  { name: 'drip-feeds', filter: () => ({ origin: 'drip-feed' }), orders: ['drip'] },
  { name: 'plain orders of an account', filter: () => ({ account: boris.account, origin: 'plain' }), orders: ['ofBoris'] },
  { name: 'a day', filter: () => ({ from: new Date('2026-03-01'), to: new Date('2026-03-02') }), orders: ['completed', 'unconfirmed', 'sent'] },
  { name: 'the days after it', filter: () => ({ from: new Date('2026-03-02') }), orders: ['unsent', 'drip', 'ofBoris'] },
  { name: 'an account on a day', filter: () => ({ account: anna.account, from: new Date('2026-03-02') }), orders: ['unsent'] },
  { name: 'numbers', filter: () => ({ ids: [BigInt(order.sent), BigInt(order.drip)] }), orders: ['drip', 'sent'] },
  { name: 'numbers and a state', filter: () => ({ ids: [BigInt(order.sent), BigInt(order.completed)], state: 'ended' }), orders: ['completed'] },
] // prettier-ignore

describe('orders of all accounts', () => {
  test.each(filters)('are listed newest first by: $name', async ({ filter, orders }) => {
    expect(await listed(filter())).toEqual(orders)
  })

  test.each(filters)('come page by page, each once, by: $name', async ({ filter, orders }) => {
    const seen: bigint[] = []
    for (let before: bigint | null = null, more = true; more;) {
      const page = await listAllOrders(docket.db, { ...EVERY_ORDER, ...filter() }, { before, most: 1 })
      seen.push(...page.orders.map(({ id }) => id))
      before = page.next
      more = before !== null
    }
    expect(seen.map(Number)).toEqual(orders.map((name) => order[name]))
  })

  test('tell how far was looked when a filter has no index, and go on from there', async () => {
    const completed: AllOrdersFilter = { ...EVERY_ORDER, state: 'Completed' }
    const first = await listAllOrders(docket.db, completed, { before: null, most: 10, walk: 2 })
    expect(first).toMatchObject({ orders: [], next: BigInt(order.drip), looked: { count: 2, to: expect.any(Date) } })
    const second = await listAllOrders(docket.db, completed, { before: first.next, most: 10, walk: 2 })
    expect(second.orders.map(({ id }) => Number(id))).toEqual([order.completed])
    expect(second).toMatchObject({ next: BigInt(order.completed), looked: { count: 2 } })
  })

  test('of a service that is not among the newest are found without looking through all', async () => {
    for (const state of [null, 'open', 'Completed'] as const) {
      const { orders, next, looked } = await listAllOrders(
        docket.db,
        { ...EVERY_ORDER, service: other, state },
        { before: null, most: 10, walk: 1 },
      )
      expect({ orders: orders.map(({ id }) => Number(id)), next, looked }).toEqual({
        orders: { open: [order.ofBoris], Completed: [order.completed], all: [order.ofBoris, order.completed] }[state ?? 'all'],
        next: null,
        looked: null,
      })
    }
  })
})

describe('the search', () => {
  const found = async (typed: string) => {
    const { ids, ...reading } = await readSearch(docket.db, typed)
    return { ...reading, ids: ids?.map(Number) ?? null }
  }

  test('recognises the number of an order, also several, and says which do not exist', async () => {
    expect(await found(`#${order.drip}`)).toMatchObject({ ids: [order.drip], recognised: [{ kind: 'order' }, ...someAccounts(order.drip)] })
    expect(await found(`${order.sent}, ${order.drip} 99999999`)).toMatchObject({
      ids: [order.drip, order.sent],
      recognised: [{ kind: 'orders', found: 2, missing: ['99999999'] }],
    })
  })

  test("recognises a supplier's id, also where it is a number", async () => {
    const { rows } = await docket.db.query<{ reference: string }>('select reference from hand_offs where order_id = $1', [order.sent])
    const reading = await found(rows[0]!.reference)
    expect(reading.ids).toContain(order.sent)
    expect(reading.recognised).toContainEqual(expect.objectContaining({ kind: 'reference', found: 1 }))
  })

  test('recognises a link on all accounts, open and ended, in its usual spellings, and says that it looked for no part of one', async () => {
    for (const typed of ['https://example.com/shared', 'example.com/shared/']) {
      expect(await found(typed)).toMatchObject({
        ids: [order.ofBoris, order.completed],
        recognised: [{ kind: 'link', found: 2 }],
      })
    }
    expect(await found('example.com/sha')).toMatchObject({ ids: [], recognised: [], notSearched: expect.arrayContaining(['part-of-link']) })
  })

  test("recognises a customer's retry key, an e-mail address and the first characters of a key", async () => {
    expect(await found('my-own-name')).toMatchObject({ ids: [order.completed], recognised: [{ kind: 'retry-key', found: 1 }] })
    expect(await found('CUSTOMER1@example.com')).toMatchObject({ ids: null, account: anna.account, recognised: [{ kind: 'account' }] })
    expect(await found('nobody@example.com')).toMatchObject({ ids: [], account: null, recognised: [] })
    const byKey = await found(boris.key.slice(0, 12))
    expect(byKey).toMatchObject({ ids: null, account: boris.account, recognised: [{ kind: 'key', prefix: boris.key.slice(0, 12) }] })
    expect(await listed({ account: byKey.account, key: byKey.key })).toEqual(['drip', 'ofBoris'])
    expect(await found(boris.key)).toMatchObject({ account: boris.account, key: byKey.key })
  })

  test('recognises the number of an account, where no order has it', async () => {
    let lonely = await docket.account()
    while (lonely.account <= order.unsent) lonely = await docket.account()
    expect(await found(String(lonely.account))).toMatchObject({ ids: null, account: lonely.account, recognised: [{ kind: 'account' }] })
    expect(await found('77777')).toMatchObject({ ids: [], account: null, recognised: [] })
  })
})

/** A small number may be an account's as well. */
function someAccounts(number: number): object[] {
  return [anna.account, boris.account].includes(number) ? [{ kind: 'account', account: number }] : []
}

describe('one order', () => {
  test('is told with its steps, its hand-off, its price and other orders of its link', async () => {
    const whole = await readWholeOrder(docket.db, BigInt(order.completed))
    expect(whole).toMatchObject({
      order: { account: anna.account, service: other, status: 'Completed', currency: 'USD', charge: 10_000n },
      explanation: { charge: { by: 'rate', amount: 10_000n }, kept: 10_000n },
      sameLink: [{ id: BigInt(order.ofBoris), account: boris.account }],
    })
    const lost = await readWholeOrder(docket.db, BigInt(order.unconfirmed))
    expect(lost).toMatchObject({ order: { handOff: 'unconfirmed' }, details: { handOff: { words: 'the line went dead', attempts: 0 } } })
    expect(lost!.steps).toContainEqual(expect.objectContaining({ words: 'the line went dead' }))
    expect(await readWholeOrder(docket.db, 999_999_999n)).toBeUndefined()
  })
})
