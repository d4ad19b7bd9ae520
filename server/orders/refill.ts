import type { RefillStatus } from '../../contract/statuses.ts'
import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { ADD_EVENT } from './events.ts'
import type { ListPage } from './list.ts'

/** Per order id: the refill's id, or the code of the refusal. */
export type RefillAnswers = ReadonlyMap<string, bigint | RefillCode>
type RefillCode = 'refill_not_available' | 'refill_requested'

interface Candidate {
  id: bigint
  /** Its service offers refills, and its refill window is open. */
  available: boolean
  open: boolean
  /** It has had all refills that its service offers. */
  usedUp: boolean
  recent: boolean
}

const EVENT = ADD_EVENT.within({
  book: '$1',
  order: 't.order_id',
  refill: 't.refill_id',
  at: '$2',
  by: "'customer'",
  status: "'Pending'",
  start_count: 'null',
  remains: 'null',
  words: "'refill requested'",
})
// One refill at a time, a day between two, and at most the number that the service offers; a refill that the supplier rejected does not count.
const CANDIDATES = `
  select o.id,
    s.refill and o.status in ('Completed', 'Partial')
      and (s.refill_days is null or o.ended_at + make_interval(days => s.refill_days) > $3) as available,
    coalesce(r.open, false) as open, coalesce(r.given >= s.refill_count, false) as "usedUp",
    coalesce(r.last_at > $3::timestamptz - interval '24 hours', false) as recent
  from orders o join services s on s.id = o.service_id
  cross join lateral (
    select bool_or(r.status in ('Pending', 'In progress')) as open, count(*) filter (where r.status not in ('Rejected', 'Error')) as given,
      max(r.asked_at) as last_at
    from refills r where r.order_id = o.id
  ) r
  where o.id = any($1::bigint[]) and o.book_id = $2
  order by o.id`
const ADD_REFILLS = `
  insert into refills (order_id, book_id, asked_at) select t.id, $2, $3 from unnest($1::bigint[]) as t(id)
  returning id, order_id as "orderId"`
const TELL = `
  select ${EVENT}
  from unnest($3::bigint[], $4::bigint[]) as t(order_id, refill_id)`

/** Accepts refill requests; the orders' row locks turn two simultaneous requests into one refill. */
export function requestRefills(db: Database, bookId: number, ids: readonly string[], now: Date): Promise<RefillAnswers> {
  return transaction(db, async (tx) => {
    // Two statements: the second sees what the previous holder of the locks has committed.
    await tx.query('select from orders where id = any($1::bigint[]) and book_id = $2 order by id for no key update', [ids, bookId])
    const { rows } = await tx.query<Candidate>({ name: 'refill candidates', text: CANDIDATES, values: [ids, bookId, now] })
    const answers = new Map<string, bigint | RefillCode>()
    for (const order of rows) {
      const refusal = whyNot(order)
      if (refusal) answers.set(order.id.toString(), refusal)
    }
    const taken = rows.filter((order) => !whyNot(order)).map((order) => order.id)
    if (taken.length > 0) {
      const added = await tx.query<{ id: bigint; orderId: bigint }>(ADD_REFILLS, [taken, bookId, now])
      await tx.query(TELL, [bookId, now, added.rows.map((row) => row.orderId), added.rows.map((row) => row.id)])
      for (const { id, orderId } of added.rows) answers.set(orderId.toString(), id)
    }
    return answers
  })
}

/** While a refill is open, that is the reason to give. After the last refill of an order the answer must not be to come back tomorrow. */
function whyNot({ available, open, usedUp, recent }: Candidate): RefillCode | undefined {
  if (!available) return 'refill_not_available'
  if (open) return 'refill_requested'
  if (usedUp) return 'refill_not_available'
  return recent ? 'refill_requested' : undefined
}

export interface RefillRow {
  readonly id: bigint
  readonly orderId: bigint
  readonly status: RefillStatus
}

const REFILLS = 'select id, order_id as "orderId", status from refills where id = any($1::bigint[]) and book_id = $2'
const NEWEST_REFILLS = `
  select distinct on (order_id) id, order_id as "orderId", status from refills
  where order_id = any($1::bigint[]) and book_id = $2 order by order_id, id desc`

export async function readRefills(db: Queryable, bookId: number, ids: readonly string[]): Promise<ReadonlyMap<string, RefillRow>> {
  const { rows } = await db.query<RefillRow>({ name: 'refills by id', text: REFILLS, values: [ids, bookId] })
  return new Map(rows.map((row) => [row.id.toString(), row]))
}

/** The newest refill of each order, by order id. */
export async function readNewestRefills(
  db: Queryable,
  bookId: number,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, RefillRow>> {
  const { rows } = await db.query<RefillRow>({ name: 'newest refills', text: NEWEST_REFILLS, values: [orderIds, bookId] })
  return new Map(rows.map((row) => [row.orderId.toString(), row]))
}

/** A refill in a customer's list. */
export interface ListedRefill extends RefillRow {
  readonly serviceId: number
  readonly link: string
  readonly askedAt: Date
  readonly endedAt: Date | null
}

// One step per status into refills_of_a_book.
const LIST = `
  select r.id, r.order_id as "orderId", r.status, r.asked_at as "askedAt", r.ended_at as "endedAt", o.service_id as "serviceId", o.link
  from (
    select r.* from unnest($2::text[]) as w(status) cross join lateral (
      select * from refills r where r.book_id = $1 and r.status = w.status and ($3::bigint is null or r.id < $3) order by r.id desc limit $4
    ) r order by r.id desc limit $4
  ) r join orders o on o.id = r.order_id
  order by r.id desc`

/** A book's refills of these statuses, newest first. */
export async function listRefills(
  db: Queryable,
  bookId: number,
  statuses: readonly RefillStatus[],
  { before, most }: ListPage,
): Promise<ListedRefill[]> {
  return (await db.query<ListedRefill>({ name: 'list refills', text: LIST, values: [bookId, statuses, before, most] })).rows
}
