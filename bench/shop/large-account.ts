import { hashToken, makeToken } from '../../server/customers/token.ts'
import { openSealing } from '../../server/ledger/seal.ts'
import type { Shop } from './hall.ts'
import { RATE } from './seed.ts'

export const OPEN_ORDERS = 100_000
export const LINES_OF_A_MONTH = 50_000

/** The value of the session cookie of a customer who is signed in. */
export async function signedIn({ db, customers }: Shop, nth: number): Promise<string> {
  const token = makeToken()
  await db.query(START_SESSION, [customers[nth]!.bookId, hashToken(token)])
  return token
}

/** Fills the account and returns the month whose statement has LINES_OF_A_MONTH lines, like 2026-03. */
export async function fillLargeAccount({ db, customers }: Shop): Promise<string> {
  const [book, other] = customers.map(({ bookId }) => bookId)
  // Orders of another account lie between them, as in a real database: no page of the table holds orders of one account only.
  await db.query(STORE_OPEN_ORDERS, [book, other, OPEN_ORDERS])
  await db.query(STORE_EVENTS, [book, OPEN_ORDERS])
  await db.query('insert into feeds (book_id, changes) values ($1, $2)', [book, OPEN_ORDERS])
  await db.query(STORE_CHARGES, [book, LINES_OF_A_MONTH])
  await db.query('update books set wallet = wallet - $2, sales = sales + $2, lines = lines + $3 where id = $1', [book, BigInt(LINES_OF_A_MONTH) * CHARGE, LINES_OF_A_MONTH]) // prettier-ignore
  await openSealing(db).seal()
  await db.query('vacuum analyze')
  return (await db.query<{ month: string }>(MONTH)).rows[0]!.month
}

// 100 at 0.90 per 1000.
const CHARGE = 9000n
const LAST_MONTH = `date_trunc('month', now()) - interval '1 month'`
const MONTH = `select to_char(${LAST_MONTH}, 'YYYY-MM') as month`

const START_SESSION = `
  insert into sessions (token_hash, user_id, address, agent, started_at, seen_at, proved_at, ends_at)
  select $2, u.id, '127.0.0.1', 'bench', now(), now(), now(), now() + interval '1 day'
  from users u join books b on b.account_id = u.account_id where b.id = $1`
const STORE_OPEN_ORDERS = `
  insert into orders (id, book_id, line, key_id, service_id, status, quantity, charge, rate, start_count, remains, link, sent, ended, placed_at)
  select 2 * n + b.place, b.id, 1 + n % 50000, b.id, 1 + n % 100,
    case when n % 1000 = 0 then 'Processing' when n % 100 = 0 then 'Pending' else 'In progress' end::order_status,
    100, ${CHARGE}, '${RATE}', n * 7, 40, 'https://example.com/p/' || n, true, false, now() - ($3 - n) * interval '10 seconds'
  from generate_series(1, $3::int) as n, (values ($1::int, 0), ($2::int, 1)) as b(id, place) order by n`
/** The events that moved each order to its status. */
const STORE_EVENTS = `
  insert into order_events (book_id, change, order_id, at, by, status, start_count, remains)
  select book_id, id / 2, id, placed_at, 'supplier', status::text, start_count, remains from orders where book_id = $1 and id <= 2 * $2::int order by id`
const STORE_CHARGES = `
  insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
  select b.id, b.lines + n, 'charge', 'wallet', 'sales', ${CHARGE}, b.wallet - n * ${CHARGE}, 2 * n, ${LAST_MONTH} + n * interval '50 seconds'
  from generate_series(1, $2::int) as n, books b where b.id = $1 order by n`
