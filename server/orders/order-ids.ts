import type { Pipeline } from '../db/pipeline.ts'

const RESERVE = 'update order_ids set next = next + $1 returning next - $1 as first'
const SMALLEST_BLOCK = 8n
const LARGEST_BLOCK = 4096n

export interface OrderIds {
  /** `count` ids that no other node will ever use. */
  take(count: number): Promise<bigint[]>
}

/** Reserves order ids in blocks that grow with demand, so that a node knows an order's id before it is stored. */
export function openOrderIds(pipeline: Pipeline): OrderIds {
  let next = 0n
  let end = 0n
  let block = SMALLEST_BLOCK

  return {
    async take(count) {
      const ids: bigint[] = []
      while (ids.length < count) {
        if (next === end) await reserve(BigInt(count - ids.length))
        ids.push(next++)
      }
      return ids
    },
  }

  async function reserve(atLeast: bigint) {
    const size = atLeast > block ? atLeast : block
    const { rows } = await pipeline.query<{ first: bigint }>({ name: 'reserve order ids', text: RESERVE, values: [size] })
    // Two batches may have reserved at once: the rest of the earlier block is left unused.
    next = rows[0]!.first
    end = next + size
    block = block * 2n > LARGEST_BLOCK ? LARGEST_BLOCK : block * 2n
  }
}
