import { numberArray } from '../db/arrays.ts'
import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import { eventOf } from '../orders/events.ts'
import { refuse } from '../refusal.ts'

/** An order under its row lock, with what says whether it is late. */
interface Candidate {
  readonly id: bigint
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  readonly ended: boolean
  readonly play: boolean
  readonly cancelAsked: boolean
  /** When it begins to be late: by what it was promised, or by what 95 of 100 orders of its service take. Null: nobody can say. */
  readonly lateFrom: Date | null
  /** When it was last asked for. */
  readonly askedAt: Date | null
  readonly isOpen: boolean
}

/** Why an order is not hurried, and for `not late` and `asked already` from when on it may be. */
export interface NoSpeedUp {
  readonly why: 'ended' | 'has parts' | 'test order' | 'being cancelled' | 'not late' | 'no usual time' | 'asked already'
  readonly from: Date | null
}

// The earliest moment counts: a late start makes an order late as well as a late end.
const LATE_FROM = `least(
  o.placed_at + make_interval(secs => t.finish_p95),
  case when o.started_at is null then o.placed_at + make_interval(secs => t.start_p95) end,
  (select min(p.due_at) from promises p
    where p.order_id = o.id and p.state in ('open', 'missed') and (p.promise = 'finish' or o.started_at is null)))`
const CANDIDATES = `
  select o.id, o.kind, o.ended, b.play, o.cancel_asked_at is not null as "cancelAsked", ${LATE_FROM} as "lateFrom", u.asked_at as "askedAt",
    u.asked_at is not null and u.ended_at is null as "isOpen"
  from orders o join books b on b.id = o.book_id left join service_times t on t.service_id = o.service_id
  left join lateral (select asked_at, ended_at from speed_ups where order_id = o.id order by id desc limit 1) u on true
  where o.id = any($1::bigint[]) and o.book_id = $2 order by o.id`

async function candidates(db: Queryable, bookId: number, ids: readonly bigint[]): Promise<Candidate[]> {
  return (await db.query<Candidate>({ name: 'orders to hurry', text: CANDIDATES, values: [numberArray(ids), bookId] })).rows
}

/** Undefined: it can be hurried now. */
function whyNot(order: Candidate, now: Date): NoSpeedUp | undefined {
  const no = (why: NoSpeedUp['why'], from: Date | null = null) => ({ why, from })
  if (order.ended) return no('ended')
  if (order.kind !== 'single') return no('has parts')
  if (order.play) return no('test order')
  if (order.cancelAsked) return no('being cancelled')
  if (order.lateFrom === null) return no('no usual time')
  if (order.lateFrom > now) return no('not late', order.lateFrom)
  const again = order.askedAt && new Date(order.askedAt.getTime() + 24 * 3_600_000)
  if (order.isOpen || (again && again > now)) return no('asked already', again)
  return undefined
}

/** Whether one order can be hurried now, for the page that offers it. */
export async function maySpeedUp(db: Queryable, bookId: number, orderId: bigint, now: Date): Promise<boolean> {
  const [order] = await candidates(db, bookId, [orderId])
  return order !== undefined && whyNot(order, now) === undefined
}

/** Per order: true when the supplier and staff are asked to hurry, or why not. */
export type SpeedUpAnswers = ReadonlyMap<bigint, true | NoSpeedUp>

const LOCK = 'select from orders where id = any($1::bigint[]) and book_id = $2 order by id for no key update'
const ADD = 'insert into speed_ups (order_id, book_id, asked_at) select unnest($1::bigint[]), $2, $3'
const TELL = `
  select ${eventOf({ at: '$1', by: '$2', words: '$3' })}
  from (select * from orders where id = any($4::bigint[]) order by book_id, id) o`
const LOOK_SOON = sqlFunction('look_at_orders_soon', ['now', 'ids'])

/**
 * Asks for orders of one book to be hurried: their suppliers are looked at again at once, and staff get each on their list, once per order and day. Only orders
 * that are late by their promise or by what is usual for their service are hurried.
 */
export async function askToSpeedUp(tx: Queryable, bookId: number, ids: readonly bigint[], now: Date): Promise<SpeedUpAnswers> {
  // Two statements: the second sees what the previous holder of the locks has committed.
  await tx.query(LOCK, [numberArray(ids), bookId])
  const orders = await candidates(tx, bookId, ids)
  const answers = new Map<bigint, true | NoSpeedUp>(orders.map((order) => [order.id, whyNot(order, now) ?? true]))
  const taken = orders.filter(({ id }) => answers.get(id) === true).map(({ id }) => id)
  if (taken.length === 0) return answers
  await tx.query(ADD, [numberArray(taken), bookId, now])
  await tx.query(TELL, [now, 'customer', SPEED_UP_WORDS, numberArray(taken)])
  await tx.query(LOOK_SOON.call({ now, ids: numberArray(taken) }))
  return answers
}

/** As it stands in the timeline of an order. */
export const SPEED_UP_WORDS = 'speed-up requested'

/** How an order was last hurried, as its customer may see it. */
export interface SpeedUp {
  readonly askedAt: Date
  readonly endedAt: Date | null
  /** What staff said to it. */
  readonly words: string | null
}

const LAST = 'select asked_at as "askedAt", ended_at as "endedAt", words from speed_ups where order_id = $1 order by id desc limit 1'

export async function lastSpeedUp(db: Queryable, orderId: bigint): Promise<SpeedUp | undefined> {
  return (await db.query<SpeedUp>({ name: 'last speed-up', text: LAST, values: [orderId] })).rows[0]
}

const OPEN = 'select order_id as id from speed_ups where order_id = any($1::bigint[]) and ended_at is null'

/** Those of these orders that somebody asked to hurry, and that nobody has answered. */
export async function openSpeedUps(db: Queryable, orderIds: readonly bigint[]): Promise<ReadonlySet<bigint>> {
  if (orderIds.length === 0) return new Set()
  const { rows } = await db.query<{ id: bigint }>({ name: 'open speed-ups', text: OPEN, values: [numberArray(orderIds)] })
  return new Set(rows.map(({ id }) => id))
}

const ANSWER = `
  update speed_ups set ended_at = $2, answered_by = $3, words = $4 where order_id = $1 and ended_at is null returning asked_at as "askedAt"`

/** Answers a customer who asked to hurry an order; the words are for the customer. Throws a Refusal when nobody asked. */
export async function answerSpeedUp(
  tx: Queryable,
  orderId: bigint,
  said: { readonly who: string; readonly words: string | null },
  now: Date,
): Promise<{ askedAt: Date }> {
  const { rows } = await tx.query<{ askedAt: Date }>(ANSWER, [orderId, now, said.who, said.words])
  if (!rows[0]) throw refuse('no_speed_up_asked', orderId)
  await tx.query(TELL, [
    now,
    'staff',
    said.words === null ? 'speed-up answered' : `speed-up answered: ${said.words}`,
    numberArray([orderId]),
  ])
  return rows[0]
}

const END_OF_ENDED = `
  update speed_ups u set ended_at = $1 where u.ended_at is null and exists (select from orders o where o.id = u.order_id and o.ended)`

/** Takes orders off the list that have ended meanwhile. */
export async function endSpeedUpsOfEnded(db: Queryable, now: Date): Promise<void> {
  await db.query({ name: 'end speed-ups', text: END_OF_ENDED, values: [now] })
}

const OPEN_ONES = `
  select u.id, u.order_id as "orderId", b.account_id as "accountId", u.asked_at as "askedAt" from speed_ups u join books b on b.id = u.book_id
  where u.ended_at is null and u.id > $1 order by u.id limit $2`

/** Those that nobody has answered, the oldest first. */
export async function listOpenSpeedUps(
  db: Queryable,
  { behind, most }: { readonly behind: bigint; readonly most: number },
): Promise<{ readonly id: bigint; readonly orderId: bigint; readonly accountId: number; readonly askedAt: Date }[]> {
  return (await db.query({ name: 'speed-ups that wait', text: OPEN_ONES, values: [behind, most] })).rows
}
