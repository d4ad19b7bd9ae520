import { readFileSync } from 'node:fs'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import type { Database } from '../../server/db/pool.ts'
import { divideHalfUp, formatUnits, parseUnits } from '../../server/ledger/money.ts'
import type { Encoding } from './docket.ts'
import { countOrderIds } from './order-ids.ts'

export interface Vector {
  name: string
  source: string
  encoding: Encoding
  params: Record<string, string | number>
  answer: unknown
  match: 'exact' | 'contains' | 'shape'
}

interface FixtureOrder {
  order: number
  service: number
  charge: string
  start_count: string
  status: string
  remains: string
}

export const vectors = JSON.parse(readFileSync(new URL('../../contract/vectors.json', import.meta.url), 'utf8')) as {
  fixture: {
    account: { balance: string }
    services: { service: number }[]
    orders: FixtureOrder[]
    refills: { refill: number; order: number; status: string }[]
  }
  cases: Vector[]
}

/** The fixture, alone in the database, with a ledger that adds up to it. Answers the customer's key. */
export async function freshFixture(db: Database, now: Date): Promise<string> {
  // A test may undo what the application may not: the guards are set aside for this connection only.
  const client = await db.connect()
  try {
    await client.query('begin')
    await client.query('set local session_replication_role = replica')
    for (const table of [
      'transfers',
      'seals',
      'line_sums',
      'orders',
      'order_events',
      'feeds',
      'refills',
      'retry_keys',
      'books',
      'api_keys',
      'users',
      'accounts',
    ]) {
      await client.query(`delete from ${table}`)
    }
    await client.query('commit')
  } finally {
    client.release()
  }
  const { fixture } = vectors
  await importServices(db, readServiceList(JSON.stringify(fixture.services)))
  const kept = fixture.orders.reduce((sum, order) => sum + parseUnits(order.charge), 0n)
  const balance = parseUnits(fixture.account.balance) + kept
  const { account, key } = await addFundedAccount(db, { email: 'fixture@example.com', currency: 'USD', balance, note: 'fixture' }, now)
  const other = await addFundedAccount(db, { email: 'other@example.com', currency: 'USD', balance: parseUnits('10'), note: 'fixture' }, now)
  for (const order of fixture.orders) await storeOrder(db, account, order, now)
  await storeOrder(db, other.account, { ...fixture.orders[1]!, order: 10 }, now)
  await countOrderIds(db)
  for (const refill of fixture.refills) {
    await db.query(
      `insert into refills (id, order_id, book_id, status, asked_at) select $1, $2, book_id, $3, $4::timestamptz - interval '2 days' from orders where id = $2`,
      [refill.refill, refill.order, refill.status, now],
    )
  }
  await db.query(`select setval(pg_get_serial_sequence('refills', 'id'), 1000)`)
  return key
}

const QUANTITY = 1000n

/** An order of a thousand as the fixture shows it, with the charge of which this was kept. */
async function storeOrder(db: Database, account: number, order: FixtureOrder, now: Date) {
  const partial = order.status === 'Partial'
  const kept = parseUnits(order.charge)
  const charge = partial ? chargeOfWhichIsKept(kept, BigInt(order.remains)) : kept
  await db.query(
    `with book as (select id from books where account_id = $1 and not play),
     line as (select post_transfer(id, 'charge', $3, $2, null, null, $9::timestamptz - interval '10 days') as line, id from book)
     insert into orders (id, book_id, line, key_id, service_id, status, quantity, charge, refunded, rate, start_count, remains, link, sent,
       ended, placed_at, ended_at)
     select $2, line.id, line.line, 0, $4, $5, ${QUANTITY}, $3, $11, $10, $6, $7, 'https://example.com/p', true, $8,
       $9::timestamptz - interval '10 days', case when $8 then $9::timestamptz - interval '3 days' end from line`,
    [
      account,
      order.order,
      charge,
      order.service,
      order.status,
      order.start_count,
      order.remains,
      partial,
      now,
      formatUnits(charge),
      charge - kept,
    ],
  )
  if (!partial) return
  const refund = `select post_transfer(book_id, 'refund', refunded, id, 'order ended', 'Partial', ended_at) from orders where id = $1`
  await db.query(refund, [order.order])
}

function chargeOfWhichIsKept(kept: bigint, remains: bigint): bigint {
  for (let charge = kept; ; charge += 1n) {
    if (charge - divideHalfUp(charge * remains, QUANTITY) === kept) return charge
  }
}
