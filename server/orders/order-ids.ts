import { sqlFunction } from '../db/call.ts'
import type { Pipeline } from '../db/pipeline.ts'
import type { Queryable } from '../db/pool.ts'

const RESERVE = sqlFunction('reserve_order_ids', ['count', 'seen'], { as: 'first' })
const SMALLEST_BLOCK = 8n
const LARGEST_BLOCK = 4096n

export interface OrderIds {
  /** Returns `count` ids that no other call of `take`, on this node or another, ever gets. */
  take(count: number): Promise<readonly bigint[]>
  /** Discards the rest of the block, because its ids turned out to be in use. */
  drop(): void
}

/** Reserves order ids in blocks that grow with demand, so that a node knows an order's id before it is stored. A block is used until the pipeline
 * records a loss: after it, the database may have been set back, and may have given the same ids to others. */
export function openOrderIds(pipeline: Pick<Pipeline, 'query' | 'losses'>): OrderIds {
  let next = 0n
  let end = 0n
  let block = SMALLEST_BLOCK
  /** The end of the highest block that this node ever got. The database gets this number, so that it notices a counter that was set back. */
  let highest = 0n
  let drops = 0
  let lossesBefore = pipeline.losses()

  function drop() {
    drops += 1
    next = end
  }

  return {
    async take(count) {
      const losses = pipeline.losses()
      if (losses !== lossesBefore) drop()
      lossesBefore = losses
      const wanted = BigInt(count)
      if (end - next < wanted) return reserve(wanted)
      next += wanted
      return idsFrom(next - wanted, count)
    },
    drop,
  }

  /** The block belongs to the call that reserved it. Only its rest is shared, and only after this call has taken its own ids, because two calls
   * may reserve at the same time. */
  async function reserve(wanted: bigint): Promise<readonly bigint[]> {
    const size = wanted > block ? wanted : block
    const dropsBefore = drops
    const { rows } = await pipeline.query<{ first: bigint }>(RESERVE.call({ count: size, seen: highest }))
    const first = rows[0]!.first
    if (first + size > highest) highest = first + size
    if (drops === dropsBefore && pipeline.losses() === lossesBefore) {
      next = first + wanted
      end = first + size
    }
    block = block * 2n > LARGEST_BLOCK ? LARGEST_BLOCK : block * 2n
    return idsFrom(first, Number(wanted))
  }
}

function idsFrom(first: bigint, count: number): readonly bigint[] {
  return Array.from({ length: count }, (_, index) => first + BigInt(index))
}

/** One id, for an order that is not placed with others. */
export async function reserveOrderId(db: Queryable): Promise<bigint> {
  return (await db.query<{ first: bigint }>(RESERVE.call({ count: 1, seen: 0 }))).rows[0]!.first
}

const COUNTER = 'select next from order_ids'

/** At start: raises a counter of order ids that was set back, and returns how many ids it skipped. */
export async function raiseOrderIds(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ next: bigint }>(COUNTER)
  const raised = await db.query<{ first: bigint }>(RESERVE.call({ count: 0, seen: 0 }))
  return raised.rows[0]!.first - rows[0]!.next
}

/** After a restore: customers may have been given ids after the backup was made, so the next reservation skips some. */
export async function noteSetBack(db: Queryable): Promise<void> {
  await db.query("update order_ids set timeline = 'restored'")
}
