import { isPackageType } from '../../contract/service-types.ts'
import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'

/** How long an answer may be under way until somebody else asks. */
export const LEASE_SECONDS = 60

/** An order at its supplier, claimed in order to ask for its state. */
export interface Watched {
  readonly orderId: bigint
  readonly reference: string
  /** It was sent as a whole subscription: the supplier watches for posts. */
  readonly isSubscription: boolean
  readonly type: string
  readonly quantity: bigint
  readonly multiplier: bigint
  readonly oddAnswers: number
  /** The currency of the supplier's answers; null: it never named one. */
  readonly currency: string | null
  readonly cancelAsked: boolean
  /** The final status when the order has ended here already. */
  readonly ended: string | null
  /** What is known of it here. */
  readonly status: OrderStatus
  readonly startCount: bigint
  readonly remains: bigint
  readonly cost: string | null
  /** When it is asked for by itself, as it was claimed: anyone may ask sooner meanwhile. Null: it was claimed with its list. */
  readonly dueAt: Date | null
  /** It is in a list, and need not be asked for by itself for hours. */
  readonly isListed: boolean
}

/** New orders are asked for often, old ones seldom. */
export const PAUSE = (since: string, now = '$2') => `case
      when ${since} > ${now}::timestamptz - interval '2 minutes' then interval '2 seconds'
      when ${since} > ${now}::timestamptz - interval '1 hour' then interval '30 seconds'
      when ${since} > ${now}::timestamptz - interval '1 day' then interval '3 minutes'
      else interval '15 minutes' end`

/** An order in a list also has a time of its own. It is moved on long before it comes: only an order that its list has lost is asked for then, and all
 * of them by a node of an older release, which knows no lists. */
const LONGEST_UNASKED = "interval '6 hours'"
export const MOVED_ON_BEFORE = "interval '3 hours'"

// The claim moves due_at forward by the lease, so nobody asks for an order while an answer is under way, and the orders of a node that dies are asked
// for after it.
const CLAIM_WATCHED = `
  update hand_offs h set due_at = $2::timestamptz + interval '${LEASE_SECONDS} seconds'
  from (
    select order_id from hand_offs where supplier_id = $1 and state = 'sent' and due_at <= $2
    order by due_at limit $3 for update skip locked
  ) due
  join orders o on o.id = due.order_id join services s on s.id = o.service_id join suppliers u on u.id = $1
  left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = $1
  where h.order_id = due.order_id
  returning h.order_id as "orderId", h.reference, o.kind = 'subscription' as "isSubscription", s.type, o.quantity, h.odd_answers as "oddAnswers", u.currency, coalesce(m.multiplier, 1)::bigint as multiplier,
    o.cancel_asked_at is not null and not h.cancel_sent as "cancelAsked", case when o.ended then o.status::text end as ended,
    o.status::text as status, o.start_count as "startCount", o.remains, h.cost::text as cost, h.due_at as "dueAt", false as "isListed"`

/** Claims orders that are to be asked for by themselves: those that are in no list, and those that somebody wants to know about now. */
export async function claimWatched(db: Queryable, supplierId: number, most: number, now: Date): Promise<Watched[]> {
  const values = [supplierId, now, most]
  return (await db.query<Watched>({ name: 'claim watched', text: CLAIM_WATCHED, values })).rows
}

/** A package is one unit to us, but the supplier counts its content. */
export function isCounted({ type }: Watched): boolean {
  return !isPackageType(type)
}

/** In the supplier's units. */
export function orderedThere({ quantity, multiplier }: Watched): bigint {
  return quantity * multiplier
}

const ASK_AT = 'update hand_offs set due_at = $2 where order_id = any($1::bigint[])'

export async function askAt(db: Queryable, watched: readonly Watched[], at: Date): Promise<void> {
  await db.query({ name: 'ask at', text: ASK_AT, values: [watched.map((order) => order.orderId), at] })
}

// An open order whose cancel is not still to be asked for is followed in a list. Ended ones are asked for a few more times by themselves, in case the
// supplier changes its mind. Whoever wanted an order to be asked for sooner meanwhile is heard.
const LOOK_AGAIN = `
  with looked as (
    select t.id, t.cost, t.odd, t.due_at, h.supplier_id, coalesce(h.claimed_at, '-infinity') as since, o.ended, o.ended_at,
      not o.ended and (o.cancel_asked_at is null or h.cancel_sent) as is_followed,
      exists (select from poll_lists l where l.id = h.poll_list and l.supplier_id = h.supplier_id and h.order_id = any(l.order_ids)) as is_in
    from unnest($1::bigint[], $3::text[], $4::int[], $5::timestamptz[]) as t(id, cost, odd, due_at)
    join hand_offs h on h.order_id = t.id and h.state = 'sent' join orders o on o.id = t.id
  ),
  paused as (select looked.*, ${PAUSE('since')} as pause from looked),
  begun as (
    insert into poll_lists (supplier_id, due_at, since, order_ids)
    select supplier_id, $2::timestamptz + pause, max(since), array_agg(id) from paused where is_followed and not is_in group by supplier_id, pause
    returning id, order_ids
  )
  update hand_offs h set cost = coalesce(p.cost, h.cost), odd_answers = p.odd,
    state = case when p.ended and p.ended_at < $2::timestamptz - interval '3 days' then 'settled' else 'sent' end,
    poll_list = case when p.is_followed then coalesce(b.id, h.poll_list) end,
    due_at = case
      when p.ended then $2::timestamptz + interval '1 day'
      when h.due_at < least(p.due_at, $2::timestamptz + interval '${LEASE_SECONDS} seconds') then h.due_at
      when not p.is_followed then $2::timestamptz + p.pause
      when p.is_in and h.due_at > $2::timestamptz + ${MOVED_ON_BEFORE} then h.due_at
      else $2::timestamptz + ${LONGEST_UNASKED} end
  from paused p left join begun b on p.id = any(b.order_ids)
  where h.order_id = p.id and h.state = 'sent'`

export interface Look {
  readonly orderId: bigint
  readonly cost: string | null
  /** Odd answers in a row, this one included. */
  readonly odd: number
  readonly dueAt: Date | null
}

/** Whether nothing of the answer is new to its hand-off: then nothing is written. */
export function isNoted({ isListed, cost, oddAnswers, ended }: Watched, look: Look): boolean {
  return isListed && ended === null && (look.cost === null || look.cost === cost) && look.odd === oddAnswers
}

/** Also stores the cost at the supplier. The cost of a subscription's children is stored with the children. */
export async function lookAgain(db: Queryable, looks: readonly Look[], now: Date): Promise<void> {
  if (looks.length === 0) return
  const of = <T>(pick: (look: Look) => T) => looks.map(pick)
  const values = [of(({ orderId }) => orderId), now, of(({ cost }) => cost), of(({ odd }) => odd), of(({ dueAt }) => dueAt)]
  await db.query({ name: 'look again', text: LOOK_AGAIN, values })
}

const FIRST_LOOK = "interval '1 second'"

/** With it in a statement whose $1 are orders that a supplier has taken at $2, they begin a list of their own. */
export const BEGIN_LIST = `
  begun as (
    insert into poll_lists (supplier_id, due_at, since, order_ids)
    select supplier_id, $2::timestamptz + ${FIRST_LOOK}, max(coalesce(claimed_at, $2)), array_agg(order_id) from hand_offs where order_id = any($1::bigint[])
    group by supplier_id returning id, supplier_id
  )`
export const UNASKED_UNTIL = `$2::timestamptz + ${LONGEST_UNASKED}`
