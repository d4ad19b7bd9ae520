import { type Database, transaction } from '../db/pool.ts'
import { requestCancels } from '../orders/cancel.ts'
import { requestRefills } from '../orders/refill.ts'
import type { KindAtOnce } from './kinds.ts'
import type { No, Outcome } from './outcome.ts'
import { ownOrders } from './own-orders.ts'
import { askToSpeedUp, type NoSpeedUp } from './speed-up.ts'
import { whyNoCancel, whyNoRefill } from './why-not.ts'

/** Does for each of these orders of an account what its customer asks for, by the same ways as the order's own buttons. Each order has an outcome of its own,
 * in the order in which they were asked. */
export async function doAtOnce(
  db: Database,
  accountId: number,
  asked: { readonly kind: KindAtOnce; readonly ids: readonly bigint[] },
  now: Date,
): Promise<Outcome[]> {
  const { kind, ids } = asked
  const own = await ownOrders(db, accountId, ids)
  const answers = new Map<bigint, true | No>()
  for (const bookId of new Set(own.map((order) => order.bookId))) {
    const ofBook = own.filter((order) => order.bookId === bookId).map(({ id }) => id)
    for (const [id, answer] of await ways[kind](db, bookId, ofBook, now)) answers.set(id, answer)
  }
  return ids.map((orderId) => ({ orderId, answer: answers.get(orderId) ?? { why: 'unknown order', from: null } }))
}

type Way = (db: Database, bookId: number, ids: readonly bigint[], now: Date) => Promise<ReadonlyMap<bigint, true | No>>

const ways: Readonly<Record<KindAtOnce, Way>> = {
  'speed up': (db, bookId, ids, now) =>
    transaction(db, (tx) => askToSpeedUp(tx, bookId, ids, now)) satisfies Promise<ReadonlyMap<bigint, true | NoSpeedUp>>,
  async cancel(db, bookId, ids, now) {
    const answers = await requestCancels(db, bookId, ids.map(String), now)
    const refused = ids.filter((id) => answers.get(String(id)) !== true)
    return withReasons(ids, await whyNoCancel(db, refused))
  },
  async refill(db, bookId, ids, now) {
    const answers = await requestRefills(db, bookId, ids.map(String), now)
    const refused = ids.filter((id) => typeof answers.get(String(id)) !== 'bigint')
    return withReasons(ids, await whyNoRefill(db, refused, now))
  },
}

function withReasons(ids: readonly bigint[], refused: ReadonlyMap<bigint, No>): ReadonlyMap<bigint, true | No> {
  return new Map(ids.map((id) => [id, refused.get(id) ?? true]))
}
