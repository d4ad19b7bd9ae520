import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import { after } from '../loops/time.ts'
import { LOCKED_ORDERS, type LockedOrder } from '../orders/judge.ts'
import { settle } from '../orders/settle.ts'
import { refuse } from '../refusal.ts'
import type { ByHand } from './by-hand.ts'

/** How long a claim lasts after the last sign of life: long enough for a page that is worked without script. */
export const CLAIM_SECONDS = 15 * 60

/** Whoever claims work. */
export interface Worker {
  /** Null: the machine's own user. */
  readonly staffId: number | null
  readonly who: string
}

interface Claim extends Worker {
  readonly until: Date
  readonly released: boolean
}

const LOCK = `${LOCKED_ORDERS} where id = $1 for no key update`
const STANDING = `
  select p.protocol, coalesce(h.state = 'sent' and h.reference = 'manual', false) as "atWork"
  from orders o join suppliers p on p.id = o.supplier_id left join hand_offs h on h.order_id = o.id where o.id = $1`
const CLAIM_OF = 'select staff_id as "staffId", who, until, released from work_claims where order_id = $1'
const TAKE_ORDERS = sqlFunction('take_manual_orders', ['now', 'ids'])
const CLAIM = `
  insert into work_claims (order_id, staff_id, who, claimed_at, until) values ($1, $2, $3, $4, $5)
  on conflict (order_id) do update set staff_id = excluded.staff_id, who = excluded.who, claimed_at = excluded.claimed_at, until = excluded.until,
    released = false`

/** Gives an order to a person to work on, and to nobody else until the claim ends. `takeOver`: also from another person or from a program. Answers the
 * end of the claim, and who had it before. */
export async function claimWork(
  tx: Queryable,
  wanted: { readonly orderId: bigint; readonly takeOver: boolean },
  worker: Worker,
  { by, now }: ByHand,
): Promise<{ readonly until: Date; readonly before: Claim | undefined }> {
  const { orderId, takeOver } = wanted
  // The lock decides between two people, and between a person and a program that pulls.
  const order = (await tx.query<LockedOrder>(LOCK, [orderId])).rows[0]
  if (!order) throw refuse('unknown_order')
  if (order.ended) throw refuse('order_ended', order.status)
  const standing = (await tx.query<{ protocol: string; atWork: boolean }>(STANDING, [orderId])).rows[0]
  if (standing?.protocol !== 'manual' || order.kind !== 'single') throw refuse('not_done_by_hand')
  if (order.sent && !standing.atWork) throw refuse('supplier_may_have_it')
  const claim = await claimOf(tx, orderId)
  const isLive = claim !== undefined && !claim.released && claim.until > now
  if (isLive && !isHeldBy(claim, worker) && !takeOver) throw refuse('work_claimed', claim.who, claim.until.toISOString())
  if (order.sent && !claim && !takeOver) throw refuse('work_with_program')
  if (!order.sent) {
    await tx.query(TAKE_ORDERS.call({ now, ids: [orderId] }))
    await settle(tx, [{ orderId, status: 'Processing', startCount: null, remains: null, words: 'taken to be done by hand' }], by, now)
  }
  const until = after(now, CLAIM_SECONDS)
  await tx.query(CLAIM, [orderId, worker.staffId, worker.who, now, until])
  return { until, before: claim }
}

const RELEASE = 'update work_claims set released = true, until = least(until, $2) where order_id = $1'

/** Gives a claim back before it ends. Answers the claim as it was. */
export async function releaseWork(tx: Queryable, orderId: bigint, worker: Worker, now: Date): Promise<Claim> {
  const claim = await claimOf(tx, orderId)
  if (!claim || claim.released || !isHeldBy(claim, worker)) throw refuse('work_not_yours')
  await tx.query(RELEASE, [orderId, now])
  return claim
}

async function claimOf(tx: Queryable, orderId: bigint): Promise<Claim | undefined> {
  return (await tx.query<Claim>(CLAIM_OF, [orderId])).rows[0]
}

function isHeldBy(claim: Worker, worker: Worker): boolean {
  return claim.who === worker.who && claim.staffId === worker.staffId
}

const HOLD = `
  update work_claims set until = $4 where order_id = $1 and staff_id is not distinct from $2::int and who = $3 and not released returning until`

/** A sign of life of whoever works on an order: their claim begins to count anew. It is no act and has no line in the log, because it changes nothing
 * but how long others wait. Undefined: the order is not theirs any more. */
export async function holdWork(db: Queryable, orderId: bigint, { staffId, who }: Worker, now: Date): Promise<Date | undefined> {
  const values = [orderId, staffId, who, after(now, CLAIM_SECONDS)]
  return (await db.query<{ until: Date }>({ name: 'hold work', text: HOLD, values })).rows[0]?.until
}
