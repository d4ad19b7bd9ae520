import { finalStatuses, type OrderStatus } from '../../contract/statuses.ts'
import { type Database, type Queryable, transaction } from '../db/pool.ts'

/** The number of a book's orders per status, without the runs of drip-feeds. */
export type Tally = ReadonlyMap<OrderStatus, number>

/** The position of a book and its feed of changes: an order that is placed or moves adds a line to the book or a change to the feed. */
export interface Position {
  readonly line: bigint
  readonly change: bigint
}

export interface Counted extends Position {
  readonly tally: Tally
  /** False where counting stopped among the open orders: later moves cannot be added to such a tally. */
  readonly goesOn: boolean
}

interface Row {
  readonly status: OrderStatus
  readonly count: number
}

const POSITION = `
  select b.lines as line, coalesce(f.changes, 0) as change from books b left join feeds f on f.book_id = b.id where b.id = $1`
// Several short statements instead of one (docs/decisions/0014): one scan of the open orders for all their statuses, and ended orders by their
// index only. A single statement per status would scan the open orders once per status.
const OPEN = `
  select status, count(*)::int as count from (select status from orders where book_id = $1 and not ended limit $2) o group by status`
const ENDED = `
  select w.status, (select count(*)::int from (select from orders o where o.book_id = $1 and o.ended and o.outcome = w.status limit $2) o) as count
  from unnest($3::order_status[]) as w(status)`
const RUNS = `
  select status, -count(*)::int as count from (
    select o.status from orders d join child_orders c on c.parent_id = d.id join orders o on o.id = c.order_id
    where d.book_id = $1 and d.kind = 'drip-feed' limit $2
  ) o group by status`
/** All counts are taken in one snapshot. */
const BEGIN = 'begin isolation level repeatable read read only'

/** Looks through all orders of a book. `most` is where counting stops: that many or more. */
export async function countOrders(db: Database, bookId: number, most: number): Promise<Counted> {
  const count = async (tx: Queryable): Promise<Counted> => {
    const ask = async (name: string, text: string, ...more: unknown[]) =>
      (await tx.query<Row>({ name, text, values: [bookId, most, ...more] })).rows
    const { rows } = await tx.query<Position>({ name: 'position of a book', text: POSITION, values: [bookId] })
    const open = await ask('tally open orders', OPEN)
    const ended = await ask('tally ended orders', ENDED, finalStatuses)
    const runs = await ask('tally runs', RUNS)
    const goesOn = [open, runs].every((found) => found.reduce((sum, row) => sum + Math.abs(row.count), 0) < most)
    return { ...rows[0]!, tally: added(new Map(), [...open, ...ended, ...runs]), goesOn }
  }
  return transaction(db, count, BEGIN)
}

// Charged orders are lines of the book; orders that cost nothing, and all moves, are in the feed (docs/decisions/0016). A charged order without an
// event in the feed has been Pending since it was placed. An order has few events, which are found by its number. However much happened since, at
// most $4 lines and changes are read.
const MOVES = `
  with at as materialized (${POSITION}),
  moved as materialized (
    select t.order_id as id from transfers t, at
    where t.book_id = $1 and t.line > $2 and t.line <= at.line and t.line <= $2 + $4 and t.cause = 'charge' and at.line - $2 + at.change - $3 <= $4
    union
    select e.order_id from order_events e, at
    where e.book_id = $1 and e.change > $3 and e.change <= at.change and e.change <= $3 + $4 and e.refill_id is null
      and at.line - $2 + at.change - $3 <= $4
  ),
  steps as (
    select o.status as "now", case when told.last is not null then told.last::order_status when o.line <= $2 then 'Pending' end as was
    from moved m join orders o on o.id = m.id cross join lateral (
      select (array_agg(e.status order by e.change desc))[1] as last from order_events e
      where e.order_id = m.id and e.change <= $3 and e.refill_id is null
    ) told
    where coalesce((select d.kind from child_orders c join orders d on d.id = c.parent_id where c.order_id = m.id), '') <> 'drip-feed'
  ),
  sums as (
    select status, sum(count)::int as count
    from (select "now", 1 from steps union all select was, -1 from steps where was is not null) s(status, count) group by status
  )
  select at.line, at.change, coalesce((select jsonb_agg(jsonb_build_object('status', status, 'count', count)) from sums), '[]') as rows from at`

/** Updates a tally from its position to now; undefined where more than `most` lines and changes came since, because counting again is faster then. */
export async function carriedOn(db: Queryable, bookId: number, before: Counted, most: number): Promise<Counted | undefined> {
  const values = [bookId, before.line, before.change, most]
  const { rows } = await db.query<Position & { rows: Row[] }>({ name: 'moves of a tally', text: MOVES, values })
  const { line, change, rows: moves } = rows[0]!
  if (line < before.line || change < before.change || line - before.line + change - before.change > BigInt(most)) return undefined
  return { line, change, tally: added(before.tally, moves), goesOn: true }
}

function added(tally: Tally, rows: readonly Row[]): Tally {
  const sum = new Map(tally)
  for (const { status, count } of rows) sum.set(status, (sum.get(status) ?? 0) + count)
  return sum
}
