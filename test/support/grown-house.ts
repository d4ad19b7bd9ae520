import type { Database } from '../../server/db/pool.ts'
import { countOrderIds } from './order-ids.ts'

/** The key of the n-th account of a grown house. */
export function grownKey(account: number): string {
  return `dk_live_grown-key-${account}`
}

/** A house of a size: accounts, ten orders for each, services, by SQL. Its books balance. */
export async function growHouse(db: Database, size: { accounts: number; services: number }, now: Date): Promise<void> {
  const client = await db.connect()
  const { accounts, services } = size
  try {
    await client.query('begin')
    await client.query(
      `insert into accounts (email, currency, created_at) select 'a' || n || '@example.com', 'USD', $2 from generate_series(1, $1::int) n`,
      [accounts, now],
    )
    await client.query(
      `insert into api_keys (account_id, hash, prefix, created_at)
       select id, sha256(convert_to('dk_live_grown-key-' || id, 'UTF8')), 'dk_live_grown', $1 from accounts order by id`,
      [now],
    )
    await client.query(
      `insert into services (id, position, name, category, type, rate, min, max, refill, cancel)
      select n, n, 'Service ' || n, 'Category ' || n % 40, 'Default', '1', 1, 1000000, true, true from generate_series(1, $1::int) n`,
      [services],
    )
    // Some have agreed rates, for services that no order here is for.
    await client.query(
      `insert into custom_rates (account_id, service_id, rate) select a.id, s.id, '0.5' from accounts a join services s on s.id > $1::int - 3
      where a.id % 10 = 7`,
      [services],
    )
    await client.query(`insert into books (account_id, currency, paid_in, wallet, sales, lines)
      select id, 'USD', -10000000, 9000000, 1000000, 11 from accounts order by id`)
    await client.query(
      `insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
       select b.id, 1 + n, case n when 0 then 'deposit' else 'charge' end::transfer_cause, case n when 0 then 'paid_in' else 'wallet' end::ledger_account,
         case n when 0 then 'wallet' else 'sales' end::ledger_account, case n when 0 then 10000000 else 100000 end, 10000000 - n * 100000,
         case when n > 0 then (n - 1) * $2::int + b.id end, $1
       from generate_series(0, 10) n cross join books b order by n, b.id`,
      [now, accounts],
    )
    await client.query(
      `insert into orders (id, book_id, line, key_id, service_id, quantity, charge, rate, remains, link, sent, status, ended, placed_at, ended_at)
       select (n - 1) * $2::int + b.id, b.id, 1 + n, b.id, 1 + (b.id * n) % ($3::int - 3), 1000, 100000, '1', 0, 'https://example.com/' || b.id || '/' || n, true,
         case when n < 10 then 'Completed' else 'In progress' end::order_status, n < 10, $1, case when n < 10 then $1::timestamptz end
       from generate_series(1, 10) n cross join books b order by n, b.id`,
      [now, accounts, services],
    )
    await client.query(
      `insert into refills (order_id, book_id, status, asked_at) select id, book_id, 'Completed', $1::timestamptz - interval '2 days' from orders where line = 2`,
      [now],
    )
    await client.query(
      `insert into retry_keys (book_id, key, order_id, fingerprint) select book_id, 'retry-' || line, id, '' from orders where line < 4`,
    )
    await client.query('insert into feeds (book_id, changes) select id, 9 from books')
    await client.query(
      `insert into order_events (book_id, change, order_id, at, by, status, remains) select book_id, line - 1, id, $1, 'supplier', 'Completed', 0 from orders where line < 11`,
      [now],
    )
    await countOrderIds(client)
    await client.query('commit')
  } finally {
    client.release()
  }
  await db.query('vacuum analyze')
}
