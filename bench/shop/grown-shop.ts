import { type Queryable, transaction } from '../../server/db/pool.ts'
import { furnish } from './grown-house.ts'
import type { Hall, Shop } from './hall.ts'
import { RATE, SERVICES } from './seed.ts'

const ACCOUNTS = 10_000
const SUPPLIERS = 20
/** Not the page's own size: so many orders are written by one statement. */
const AT_A_TIME = 500_000

/** A shop as it stands after months: 10,000 customers, 5,000 services of which twenty take a third of the orders, a hundredth of the orders open. */
export async function openGrownShop(hall: Hall, orders: number): Promise<Shop> {
  const shop = await hall.openShop('grown')
  console.log(`Storing ${orders.toLocaleString('en')} orders of ${ACCOUNTS.toLocaleString('en')} accounts …`)
  await transaction(shop.db, async (tx) => {
    // Rows are written as they stand at the end, so no trigger has anything to do.
    await tx.query(`set local session_replication_role = 'replica'`)
    await tx.query(`set local statement_timeout = 0`)
    await tx.query(`set local maintenance_work_mem = '1GB'`)
    for (const text of [MORE_ACCOUNTS, MORE_BOOKS, MORE_KEYS, MORE_SUPPLIERS]) await tx.query(text)
    const indexes = await takeIndexes(tx)
    for (let from = 1; from <= orders; from += AT_A_TIME) {
      const range = [from, Math.min(from + AT_A_TIME - 1, orders), orders]
      for (const text of [STORE_ORDERS, STORE_HAND_OFFS, STORE_RETRY_KEYS, STORE_CHILDREN, STORE_PARENTS]) await tx.query(text, range)
    }
    for (const index of indexes) await tx.query(index)
    await furnish(tx, { orders, accounts: ACCOUNTS, suppliers: SUPPLIERS })
  })
  await shop.db.query('vacuum analyze')
  return shop
}

const MORE_ACCOUNTS = `
  insert into accounts (id, email, currency) select n, 'grown' || n || '@example.com', 'USD' from generate_series(1, ${ACCOUNTS}) n on conflict do nothing`
const MORE_BOOKS = `insert into books (id, account_id, currency) select n, n, 'USD' from generate_series(1, ${ACCOUNTS}) n on conflict do nothing`
const MORE_KEYS = `
  insert into api_keys (id, account_id, hash, prefix) select n, n, sha256(n::text::bytea), 'dk_live_' || lpad(to_hex(n), 4, '0')
  from generate_series(1, ${ACCOUNTS}) n on conflict do nothing`
const MORE_SUPPLIERS = `
  insert into suppliers (id, name, protocol) select n + 100, 'supplier ' || n, 'manual' from generate_series(1, ${SUPPLIERS}) n on conflict do nothing`

const INDEXES = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as text from pg_index i
  where i.indrelid = any(array['orders', 'hand_offs']::regclass[]) and not i.indisprimary
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`

/** Drops the indexes of the largest tables; answers how they are made again, which is faster than keeping them. */
async function takeIndexes(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ name: string; text: string }>(INDEXES)
  for (const { name } of rows) await tx.query(`drop index ${name}`)
  return rows.map(({ text }) => text)
}

// Fifty thousand orders a day, five of each link. Each ten thousand of them have one of each book, in its next line.
const STORE_ORDERS = `
  insert into orders (id, book_id, line, key_id, service_id, supplier_id, status, outcome, quantity, charge, rate, remains, link, sent, ended, placed_at, ended_at)
  select n, 1 + n * 7919 % ${ACCOUNTS}, 2 + (n - 1) / ${ACCOUNTS}, 1 + n * 7919 % ${ACCOUNTS}, s.service, 101 + s.service % ${SUPPLIERS}, t.status::order_status,
    case when e.ended then t.status::order_status end, 100, 9000, '${RATE}', case when e.ended then 0 else 40 end,
    'https://example.com/p/' || n * 31 % greatest($3::bigint / 5, 1), true, e.ended, p.at, case when e.ended then p.at + interval '3 hours' end
  from generate_series($1::bigint, $2::bigint) n
  cross join lateral (select case when n % 10 < 3 then 1 + n % 20 else 1 + n * 7907 % ${SERVICES} end as service) s
  cross join lateral (select n <= $3::bigint * 0.99 as ended) e
  cross join lateral (select case when not e.ended then 'In progress' when n % 100 < 95 then 'Completed' when n % 100 < 97 then 'Partial' else 'Canceled' end as status) t
  cross join lateral (select now() - ($3::bigint - n) * interval '1.7 seconds' as at) p`
const STORE_HAND_OFFS = `
  insert into hand_offs (order_id, supplier_id, reference, due_at, state)
  select n, o.supplier_id, 'r' || n, 'infinity', case when o.ended then 'settled' when n % 1000 = 0 then 'unconfirmed' else 'sent' end
  from generate_series($1::bigint, $2::bigint) n join orders o on o.id = n where $3::bigint > 0`
const STORE_RETRY_KEYS = `
  insert into retry_keys (book_id, key, order_id, fingerprint)
  select 1 + n * 7919 % ${ACCOUNTS}, 'retry-' || n, n, 'f' from generate_series($1::bigint, $2::bigint) n where n % 10 = 0 and $3::bigint > 0`
const STORE_CHILDREN = `
  insert into child_orders (order_id, parent_id, number)
  select n, n - n % 200, n % 200 from generate_series($1::bigint, $2::bigint) n where n % 200 between 1 and 4 and n > 200 and $3::bigint > 0`
const STORE_PARENTS = `
  insert into drip_feeds (order_id, runs, interval_minutes, run_quantity, runs_started, done)
  select n, 4, 60, 100, 4, true from generate_series($1::bigint, $2::bigint) n where n % 200 = 0 and $3::bigint > 0`
