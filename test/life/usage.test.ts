import { beforeAll, describe, expect, test } from 'vitest'
import { addKey } from '../../server/customers/keys.ts'
import { requestCancels } from '../../server/orders/cancel.ts'
import { addUpForPage, addUpUsage, newestOrdersOfKey, readKeyDays } from '../../server/orders/usage.ts'
import { bookOf } from '../../server/ledger/book-of.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'

const docket = openDocket()
let service: number

beforeAll(async () => {
  service = await onSale(docket, { rate: '1', cancel: true })
})

async function shop() {
  const { account, key } = await docket.account()
  const { rows } = await docket.db.query<{ id: number }>('select id from api_keys where account_id = $1', [account])
  const second = await addKey(docket.db, account, { test: false, label: 'second' }, docket.clock.now())
  return { account, book: (await bookOf(docket.db, account, false))!, keys: [{ id: rows[0]!.id, key }, second] as const }
}

async function order(key: string, quantity = 1000): Promise<bigint> {
  const { order } = await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity })
  return BigInt(order)
}

const cancel = (book: number, id: bigint) => requestCancels(docket.db, book, [id.toString()], docket.clock.now())
const daysOf = (...keys: number[]) => readKeyDays(docket.db, keys, '2026-01-01')

describe('what keys ordered, by day', () => {
  test('is what the ledger charged and refunded, each on its day', async () => {
    const { book, keys } = await shop()
    const [one, two] = keys
    const first = await order(one.key)
    await order(one.key, 500)
    await order(two.key, 250)
    await addUpUsage(docket.db)
    docket.clock.forward({ days: 1 })
    await cancel(book, first)
    await order(one.key, 2000)
    await addUpUsage(docket.db)

    const [today, before] = [docket.clock.now(), new Date(docket.clock.now().getTime() - 86_400_000)].map((at) =>
      at.toISOString().slice(0, 10),
    )
    expect(await daysOf(one.id, two.id)).toEqual([
      { keyId: one.id, day: today, orders: 1, charged: 200_000n, refunds: 1, refunded: 100_000n },
      { keyId: one.id, day: before, orders: 2, charged: 150_000n, refunds: 0, refunded: 0n },
      { keyId: two.id, day: before, orders: 1, charged: 25_000n, refunds: 0, refunded: 0n },
    ])
  })

  test('two at once add every line once, however often they come', async () => {
    const { book, keys } = await shop()
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, n) => order(keys[n % 2]!.key, 100)))
      await Promise.all([addUpUsage(docket.db), addUpForPage(docket.db, book), addUpForPage(docket.db, book), addUpUsage(docket.db)])
    }
    const days = await daysOf(...keys.map(({ id }) => id))
    expect(days.map(({ orders, charged }) => [orders, charged])).toEqual([
      [20, 200_000n],
      [20, 200_000n],
    ])
    const { rows } = await docket.db.query(
      'select line from usage_cursors u join books b on b.id = u.book_id and b.lines = u.line where b.id = $1',
      [book],
    )
    expect(rows).toHaveLength(1)
  })

  test('its newest orders are remembered, newest first, twenty-five of them', async () => {
    const { book, keys } = await shop()
    const ids: bigint[] = []
    for (let n = 0; n < 40; n += 1) {
      ids.unshift(await order(keys[0].key, 10))
      if (n % 7 === 0) await addUpForPage(docket.db, book)
      if (n === 20) docket.clock.forward({ days: 1 })
      await order(keys[1].key, 10)
    }
    await addUpForPage(docket.db, book)
    const newest = await newestOrdersOfKey(docket.db, keys[0].id)
    expect(newest.map(({ id }) => id)).toEqual(ids.slice(0, 25))
  })

  test('of more books than one commit takes is added up in one turn, by two nodes at once', async () => {
    const shops = await Promise.all(Array.from({ length: 120 }, () => shop()))
    await Promise.all(shops.map(({ keys }) => order(keys[0].key)))
    await Promise.all([addUpUsage(docket.db), addUpUsage(docket.db)])
    const days = await daysOf(...shops.map(({ keys }) => keys[0].id))
    expect(days.map(({ orders, charged }) => [orders, charged])).toEqual(shops.map(() => [1, 100_000n]))
    expect(await addUpUsage(docket.db)).toBe(0)
  })

  test('what is under way is not skipped: a line that commits later is added later', async () => {
    const { book, keys } = await shop()
    const open = await docket.db.connect()
    await open.query('begin')
    await open.query('select from books where id = $1 for no key update', [book])
    const waits = order(keys[0].key)
    await addUpForPage(docket.db, book)
    await open.query('commit')
    open.release()
    await waits
    await addUpForPage(docket.db, book)
    expect((await daysOf(keys[0].id)).map(({ orders }) => orders)).toEqual([1])
  })
})
