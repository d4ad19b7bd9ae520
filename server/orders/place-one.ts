import type { Transaction } from '../db/pool.ts'
import { type Outcome, placeExamined } from './place-examined.ts'
import type { PricedOrder } from './priced-order.ts'

/** Places one order in the caller's transaction, so that it is there when the rest of that is, and not otherwise. */
export async function placeOne(
  tx: Transaction,
  { id, order, version, now }: { readonly id: bigint; readonly order: PricedOrder; readonly version: bigint; readonly now: Date },
): Promise<Outcome> {
  const { outcomes } = await placeExamined(tx, { version, at: now, again: false, ids: [id], orders: [order] })
  return outcomes[0]!
}
