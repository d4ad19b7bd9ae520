import { isPackageType } from '../../contract/service-types.ts'
import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import { after } from '../loops/time.ts'

const LEASE_SECONDS = 60

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
  /** When it is asked for again, unless it is told otherwise. */
  readonly dueAt: Date
}

// New orders are asked for often, old ones seldom. Ended ones are asked for a few more times, in case the supplier changes its mind.
const PAUSE = `case
      when o.ended then interval '1 day'
      when h.claimed_at > $2::timestamptz - interval '2 minutes' then interval '2 seconds'
      when h.claimed_at > $2::timestamptz - interval '1 hour' then interval '30 seconds'
      when h.claimed_at > $2::timestamptz - interval '1 day' then interval '3 minutes'
      else interval '15 minutes' end`
// The claim moves due_at forward by no less than the lease, so nobody asks for an order while an answer is under way, and the orders of a node that
// dies are asked for next time.
const CLAIM_WATCHED = `
  update hand_offs h set due_at = $2::timestamptz + greatest(${PAUSE}, interval '${LEASE_SECONDS} seconds')
  from (
    select order_id from hand_offs where supplier_id = $1 and state = 'sent' and due_at <= $2
    order by due_at limit $3 for update skip locked
  ) due
  join orders o on o.id = due.order_id join services s on s.id = o.service_id join suppliers u on u.id = $1
  left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = $1
  where h.order_id = due.order_id
  returning h.order_id as "orderId", h.reference, o.kind = 'subscription' as "isSubscription", s.type, o.quantity, h.odd_answers as "oddAnswers", u.currency, coalesce(m.multiplier, 1)::bigint as multiplier,
    o.cancel_asked_at is not null and not h.cancel_sent as "cancelAsked", case when o.ended then o.status::text end as ended,
    o.status::text as status, o.start_count as "startCount", o.remains, h.cost::text as cost, h.due_at as "dueAt"`

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

const ASK_SOON_SECONDS = 5
const ASK_SOON = 'update hand_offs set due_at = $2 where order_id = any($1::bigint[])'

/** Asks a supplier that did not answer again soon, and not only when the claim expires. */
export async function askSoon(db: Queryable, watched: readonly Watched[], now: Date): Promise<void> {
  await db.query(ASK_SOON, [watched.map((order) => order.orderId), after(now, ASK_SOON_SECONDS)])
}

const LOOK_AGAIN = `
  update hand_offs h set cost = coalesce(t.cost, h.cost), odd_answers = t.odd, due_at = $2::timestamptz + ${PAUSE},
    state = case when o.ended and o.ended_at < $2::timestamptz - interval '3 days' then 'settled' else 'sent' end
  from unnest($1::bigint[], $3::text[], $4::int[]) as t(id, cost, odd) join orders o on o.id = t.id
  where h.order_id = t.id and h.state = 'sent'`

export interface Look {
  readonly orderId: bigint
  readonly cost: string | null
  /** Odd answers in a row, this one included. */
  readonly odd: number
}

/** Whether the claim has noted all there is to note: a quiet order that is asked for seldom. Then nothing is written a second time. */
export function isNoted({ dueAt, cost, oddAnswers, ended }: Watched, look: Look, now: Date): boolean {
  return ended === null && dueAt > after(now, LEASE_SECONDS) && (look.cost === null || look.cost === cost) && look.odd === oddAnswers
}

/** Also stores the cost at the supplier. The cost of a subscription's children is stored with the children. */
export async function lookAgain(db: Queryable, looks: readonly Look[], now: Date): Promise<void> {
  if (looks.length === 0) return
  const values = [looks.map(({ orderId }) => orderId), now, looks.map(({ cost }) => cost), looks.map(({ odd }) => odd)]
  await db.query({ name: 'look again', text: LOOK_AGAIN, values })
}
