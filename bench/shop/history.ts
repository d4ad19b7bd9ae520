import type { Hall, Shop } from './hall.ts'
import { CUSTOMERS, RATE } from './seed.ts'

const filled = new WeakMap<Hall, Promise<Shop>>()

/** The shop with many stored orders, filled once per run. */
export function openHistory(hall: Hall, count: number): Promise<Shop> {
  const shop = filled.get(hall) ?? hall.openShop('history').then((empty) => store(empty, count))
  filled.set(hall, shop)
  return shop
}

/** Stores orders that were placed, charged and completed long before the run; only the newest hundredth is unfinished. Ids go round the accounts,
 * so the orders of one account are as far apart as in a real database. */
async function store(shop: Shop, count: number): Promise<Shop> {
  console.log(`Storing ${count.toLocaleString('en')} orders …`)
  const each = Math.ceil(count / CUSTOMERS)
  const { db } = shop
  for (let from = 1; from <= each; from += ROUNDS_AT_A_TIME) {
    const rounds = [from, Math.min(from + ROUNDS_AT_A_TIME - 1, each)]
    await db.query(STORE_ORDERS, [...rounds, each, CUSTOMERS])
    await db.query(STORE_TRANSFERS, [...rounds, CUSTOMERS])
  }
  await db.query(`update books set wallet = wallet - $1, sales = sales + $1, lines = lines + $2`, [BigInt(each) * CHARGE, each])
  await db.query('vacuum analyze')
  await db.query('checkpoint')
  return shop
}

/** The id of an account's nth stored order, from 0. */
export function storedOrderId(bookId: number, nth: number): number {
  return nth * CUSTOMERS + bookId
}

/** The book of a stored order. */
export function bookOfStoredOrder(id: number): number {
  return ((id - 1) % CUSTOMERS) + 1
}

// 100 at 0.90 per 1000.
const CHARGE = 9000n
const ROUNDS_AT_A_TIME = 200

const STORE_ORDERS = `
  insert into orders (id, book_id, line, key_id, service_id, status, quantity, charge, rate, start_count, remains, link, sent, ended,
    placed_at, ended_at)
  select (n - 1) * $4::bigint + b.id, b.id, n + 1, b.id, 1 + n % 100, case when ended then 'Completed' else 'In progress' end::order_status,
    100, ${CHARGE}, '${RATE}', n * 7, case when ended then 0 else 40 end, 'https://example.com/p/' || n, true, ended,
    now() - ($3 - n) * interval '1 minute', case when ended then now() - ($3 - n) * interval '1 minute' end
  from generate_series($1::int, $2::int) as n, lateral (select n <= $3::int * 0.99 as ended) as e, books b
  order by n, b.id`
const STORE_TRANSFERS = `
  insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
  select b.id, n + 1, 'charge', 'wallet', 'sales', ${CHARGE}, b.wallet - n * ${CHARGE}, (n - 1) * $3::bigint + b.id, now()
  from generate_series($1::int, $2::int) as n, books b
  order by n, b.id`
