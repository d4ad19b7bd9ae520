import { numberArray } from '../../server/db/arrays.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { PLACE_SEVERAL, type PlainColumns, plainColumns } from '../../server/orders/place-plain.ts'
import type { PricedOrder } from '../../server/orders/priced-order.ts'
import type { Shop } from '../shop/hall.ts'
import { RATE, SERVICES } from '../shop/seed.ts'
import type { Sample } from './load.ts'

const RESERVE = 'update order_ids set next = next + $1 returning next - $1 as first'
const VERSION = 'select version from catalogue'
const PRE_RENDERED = 64

/** One client calls place_plain_orders() again and again: no server around the function can place more orders than this. */
export async function placeByFunction(shop: Shop, ordersACall: number, seconds: number, hot: boolean): Promise<Sample> {
  const db = openPool(shop.url, { size: 1, name: 'docket bench' })
  try {
    const { rows } = await db.query<{ version: bigint }>(VERSION)
    const calls = Array.from({ length: PRE_RENDERED }, () => batchOf(shop, ordersACall, hot))
    return await placeFor(
      seconds,
      ordersACall,
      (n, first) => place(db, rows[0]!.version, calls[n % PRE_RENDERED]!, first, ordersACall),
      () => reserve(db),
    )
  } finally {
    await db.end()
  }
}

const IDS_AT_A_TIME = 1_000_000n

async function placeFor(
  seconds: number,
  ordersACall: number,
  call: (n: number, first: bigint) => Promise<void>,
  reserveIds: () => Promise<bigint>,
): Promise<Sample> {
  let first = await reserveIds()
  let end = first + IDS_AT_A_TIME
  const began = performance.now()
  let calls = 0
  for (; performance.now() - began < seconds * 1000; calls += 1) {
    if (first + BigInt(ordersACall) > end) {
      first = await reserveIds()
      end = first + IDS_AT_A_TIME
    }
    await call(calls, first)
    first += BigInt(ordersACall)
  }
  const took = performance.now() - began
  return { perSecond: (calls * ordersACall * 1000) / took, p50: took / calls, count: calls * ordersACall }
}

async function place(db: Database, version: bigint, columns: PlainColumns, first: bigint, size: number) {
  // Each call needs new ids.
  const ids = numberArray(Array.from({ length: size }, (_, n) => first + BigInt(n)))
  const { rows } = await db.query<{ leftOut: number[] | null }>(PLACE_SEVERAL.call({ version, now: new Date(), ...columns, ids }))
  if (rows[0]!.leftOut) throw new Error(`place_plain_orders left out ${rows[0]!.leftOut.join(' ')}`)
}

async function reserve(db: Database): Promise<bigint> {
  const { rows } = await db.query<{ first: bigint }>(RESERVE, [IDS_AT_A_TIME])
  return rows[0]!.first
}

function batchOf(shop: Shop, size: number, hot: boolean): PlainColumns {
  const orders = Array.from({ length: size }, (): PricedOrder => {
    const customer = shop.customers[hot ? 0 : Math.floor(Math.random() * shop.customers.length)]!
    const n = Math.floor(Math.random() * 1e9)
    return {
      bookId: customer.bookId,
      keyId: customer.keyId,
      serviceId: 1 + (n % SERVICES),
      supplierId: null,
      kind: 'single',
      quantity: 100n,
      charge: 9000n,
      rate: RATE,
      rateSource: null,
      link: `https://example.com/p/${n}`,
      parameters: null,
      activeLink: null,
      capped: false,
      retry: null,
      post: null,
    }
  })
  return plainColumns(
    orders.map(() => 0n),
    orders,
  )
}
