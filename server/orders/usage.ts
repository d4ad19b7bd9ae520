import type { OrderStatus } from '../../contract/statuses.ts'
import { BEGIN_BY_INDEX, type Database, type Queryable, transaction } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'

/** The number of newest orders that are stored per key and day. */
const NEWEST_KEPT = 25
const MOST_LINES = 5000
/** The number of books added up in one commit. */
const MOST_BOOKS = 50
/** The limit per book when the loop adds up others in the same commit. */
const MOST_LINES_OF_MANY = 1000
/** The number of rounds that a page adds up before it shows: more than arrives between two rounds of the loop. */
const MOST_TURNS_OF_A_PAGE = 4

// By ascending book id, so that two nodes cannot wait for each other in a circle.
const LOCK_CURSORS = `
  insert into usage_cursors as u (book_id, line) select book, 0 from unnest($1::int[]) as book order by book
  on conflict (book_id) do update set line = u.line returning u.book_id as book, u.line`

// Lines are numbered in the order of their commits, so a book is complete up to the last line that is visible. The laterals limit every plan to the
// new lines and their orders.
const ADD_UP = `
  with lines as (
    select c.book, l.* from unnest($1::int[], $2::bigint[]) as c(book, line)
    cross join lateral (
      select t.line, t.cause, t.amount, (t.at at time zone 'utc')::date as day, t.order_id
      from transfers t where t.book_id = c.book and t.line > c.line order by t.line limit $3
    ) l
  ),
  added as (
    insert into key_days as d (key_id, day, orders, charged, refunds, refunded, newest)
    select o.key_id, l.day, count(*) filter (where l.cause = 'charge'), coalesce(sum(l.amount) filter (where l.cause = 'charge'), 0),
      count(*) filter (where l.cause <> 'charge'), coalesce(sum(l.amount) filter (where l.cause <> 'charge'), 0),
      coalesce((array_agg(o.id order by l.line desc) filter (where l.cause = 'charge'))[1:${NEWEST_KEPT}], '{}')
    from lines l cross join lateral (select id, key_id from orders where id = l.order_id offset 0) o
    group by o.key_id, l.day order by o.key_id, l.day
    on conflict (key_id, day) do update set orders = d.orders + excluded.orders, charged = d.charged + excluded.charged,
      refunds = d.refunds + excluded.refunds, refunded = d.refunded + excluded.refunded,
      newest = (excluded.newest || d.newest)[1:${NEWEST_KEPT}]
  ),
  seen as (select book, count(*)::int as lines, max(line) as last from lines group by book),
  moved as (update usage_cursors u set line = s.last from seen s where u.book_id = s.book)
  select count(*)::int as behind from seen where lines = $3`

/** Adds the next lines of books to the days of their keys, in one commit. Returns how many books may have more lines. */
function addUpBooks(db: Database, books: readonly number[], mostLines: number): Promise<number> {
  const addUp = async (tx: Queryable) => {
    const locked = await tx.query<{ book: number; line: bigint }>({ name: 'lock usage cursors', text: LOCK_CURSORS, values: [books] })
    const values = [locked.rows.map((row) => row.book), locked.rows.map((row) => row.line), mostLines]
    const { rows } = await tx.query<{ behind: number }>({ name: 'add up usage', text: ADD_UP, values })
    return rows[0]!.behind
  }
  return transaction(db, addUp, BEGIN_BY_INDEX)
}

const BOOKS_BEHIND = `
  select b.id from books b left join usage_cursors u on u.book_id = b.id where b.lines > coalesce(u.line, 0) order by b.id`

/** Adds up the charges and refunds since the last round, in every book. Returns how many books have more lines. */
export async function addUpUsage(db: Database): Promise<number> {
  const { rows } = await db.query<{ id: number }>({ name: 'books to add up', text: BOOKS_BEHIND })
  const books = rows.map((row) => row.id)
  let behind = 0
  for (let at = 0; at < books.length; at += MOST_BOOKS) behind += await addUpBooks(db, books.slice(at, at + MOST_BOOKS), MOST_LINES_OF_MANY)
  return behind
}

/** Adds up a book for a page. Returns false when there is more than a reader should wait for: the loop continues. */
export async function addUpForPage(db: Database, bookId: number): Promise<boolean> {
  for (let turn = 0; turn < MOST_TURNS_OF_A_PAGE; turn += 1) if ((await addUpBooks(db, [bookId], MOST_LINES)) === 0) return true
  return false
}

/** The orders of a key on one day (UTC). Money in units of 10⁻⁵. */
export interface KeyDay {
  readonly keyId: number
  /** Like 2026-03-01. */
  readonly day: string
  readonly orders: number
  readonly charged: Units
  readonly refunds: number
  readonly refunded: Units
}

const DAYS = `
  select key_id as "keyId", to_char(day, 'YYYY-MM-DD') as day, orders, charged, refunds, refunded
  from key_days where key_id = any($1::int[]) and day >= $2::date order by day desc, key_id`

/** Newest first; only days with orders or refunds. */
export async function readKeyDays(db: Queryable, keyIds: readonly number[], from: string): Promise<KeyDay[]> {
  return (await db.query<KeyDay>({ name: 'days of keys', text: DAYS, values: [keyIds, from] })).rows
}

/** An order in the statement of its key. */
export interface KeyOrder {
  readonly id: bigint
  readonly serviceId: number
  readonly status: OrderStatus
  readonly charge: Units
  readonly refunded: Units
  readonly placedAt: Date
}

const NEWEST = `
  select o.id, o.service_id as "serviceId", o.status, o.charge, o.refunded, o.placed_at as "placedAt"
  from (
    select u.id, k.day, u.place from key_days k cross join lateral unnest(k.newest) with ordinality as u(id, place)
    where k.key_id = $1 order by k.day desc, u.place limit ${NEWEST_KEPT}
  ) n join orders o on o.id = n.id
  order by n.day desc, n.place`

/** The newest orders that were charged to a key, newest first. */
export async function newestOrdersOfKey(db: Queryable, keyId: number): Promise<KeyOrder[]> {
  return (await db.query<KeyOrder>({ name: 'newest of a key', text: NEWEST, values: [keyId] })).rows
}
