import type { OrderStatus } from '../../contract/statuses.ts'
import { type Database, type Queryable, transaction } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'

/** How many of its newest orders a key's day remembers. */
const NEWEST_KEPT = 25
const MOST_LINES = 5000
const MOST_BOOKS = 50
/** What a page adds up itself before it shows: more than comes between two turns of the loop. */
const MOST_TURNS_OF_A_PAGE = 4

const LOCK_CURSOR = `
  insert into usage_cursors as u (book_id, line) values ($1, 0)
  on conflict (book_id) do update set line = u.line returning u.line`
const MOVE_CURSOR = 'update usage_cursors set line = $2 where book_id = $1'

// Lines are numbered in the order of their commits, so what is seen of a book is whole up to its last line.
const ADD_UP = `
  with lines as (
    select line, cause, amount, (at at time zone 'utc')::date as day, order_id
    from transfers where book_id = $1 and line > $2 order by line limit ${MOST_LINES}
  ),
  added as (
    insert into key_days as d (key_id, day, orders, charged, refunds, refunded, newest)
    select o.key_id, l.day, count(*) filter (where l.cause = 'charge'), coalesce(sum(l.amount) filter (where l.cause = 'charge'), 0),
      count(*) filter (where l.cause <> 'charge'), coalesce(sum(l.amount) filter (where l.cause <> 'charge'), 0),
      coalesce((array_agg(o.id order by l.line desc) filter (where l.cause = 'charge'))[1:${NEWEST_KEPT}], '{}')
    from lines l join orders o on o.id = l.order_id group by o.key_id, l.day order by o.key_id, l.day
    on conflict (key_id, day) do update set orders = d.orders + excluded.orders, charged = d.charged + excluded.charged,
      refunds = d.refunds + excluded.refunds, refunded = d.refunded + excluded.refunded,
      newest = (excluded.newest || d.newest)[1:${NEWEST_KEPT}]
  )
  select count(*)::int as lines, max(line) as last from lines`

/** Adds the next lines of a book to its keys' days. Answers whether there may be more. */
function addUpBook(db: Database, bookId: number): Promise<boolean> {
  return transaction(db, async (tx) => {
    const { rows: cursor } = await tx.query<{ line: bigint }>({ name: 'lock usage cursor', text: LOCK_CURSOR, values: [bookId] })
    const { rows } = await tx.query<{ lines: number; last: bigint | null }>({
      name: 'add up usage',
      text: ADD_UP,
      values: [bookId, cursor[0]!.line],
    })
    const { lines, last } = rows[0]!
    if (last !== null) await tx.query({ name: 'move usage cursor', text: MOVE_CURSOR, values: [bookId, last] })
    return lines === MOST_LINES
  })
}

const BOOKS_BEHIND = `
  select b.id from books b left join usage_cursors u on u.book_id = b.id where b.lines > coalesce(u.line, 0) order by b.id limit ${MOST_BOOKS}`

/** Adds up what was charged and refunded since the last turn. Answers how many books have more. */
export async function addUpUsage(db: Database): Promise<number> {
  const { rows } = await db.query<{ id: number }>({ name: 'books to add up', text: BOOKS_BEHIND })
  let behind = rows.length === MOST_BOOKS ? 1 : 0
  for (const { id } of rows) if (await addUpBook(db, id)) behind += 1
  return behind
}

/** Adds up a book for a page. Answers false when there is more than a reader should wait for: the loop goes on with it. */
export async function addUpForPage(db: Database, bookId: number): Promise<boolean> {
  for (let turn = 0; turn < MOST_TURNS_OF_A_PAGE; turn += 1) if (!(await addUpBook(db, bookId))) return true
  return false
}

/** What a key ordered on a day (UTC). Money in units of 10⁻⁵. */
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

/** Newest first; only days on which something happened. */
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
