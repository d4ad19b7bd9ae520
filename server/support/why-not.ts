import { numberArray } from '../db/arrays.ts'
import type { Queryable } from '../db/pool.ts'
import { readExtended } from '../orders/read.ts'
import type { No } from './outcome.ts'

interface Refused {
  readonly id: bigint
  readonly ended: boolean
  readonly status: string
  /** Its service says so. */
  readonly refill: boolean
  readonly refillOpen: boolean
}

const REFUSED = `
  select o.id, o.ended, o.status::text, s.refill,
    exists (select from refills r where r.order_id = o.id and r.status in ('Pending', 'In progress')) as "refillOpen"
  from orders o join services s on s.id = o.service_id where o.id = any($1::bigint[])`

async function readRefused(db: Queryable, ids: readonly bigint[]): Promise<Refused[]> {
  if (ids.length === 0) return []
  return (await db.query<Refused>({ name: 'refused orders', text: REFUSED, values: [numberArray(ids)] })).rows
}

/** Why these orders, whose cancel was refused a moment ago, cannot be cancelled. */
export async function whyNoCancel(db: Queryable, ids: readonly bigint[]): Promise<ReadonlyMap<bigint, No>> {
  const orders = await readRefused(db, ids)
  return new Map(orders.map(({ id, ended }) => [id, { why: ended ? 'ended' : 'no cancel here', from: null }]))
}

/** The same for refills. The reason that lasts is given before the one that passes. */
export async function whyNoRefill(db: Queryable, ids: readonly bigint[], now: Date): Promise<ReadonlyMap<bigint, No>> {
  const orders = await readRefused(db, ids)
  const terms = await readExtended(db, ids.map(String), now)
  const no = (why: No['why'], from: Date | null = null): No => ({ why, from })
  return new Map(
    orders.map((order): [bigint, No] => {
      const { refillUntil, refillsLeft, refillFrom } = terms.get(String(order.id))!
      if (!order.refill) return [order.id, no('no refill here')]
      if (order.status === 'Canceled' || order.status === 'Expired') return [order.id, no('canceled')]
      if (!order.ended) return [order.id, no('not ended')]
      if (refillUntil !== null && refillUntil <= now) return [order.id, no('refill window over', refillUntil)]
      if (order.refillOpen) return [order.id, no('refill is open')]
      if (refillsLeft === 0) return [order.id, no('no refills left')]
      return [order.id, no('refill too soon', refillFrom)]
    }),
  )
}
