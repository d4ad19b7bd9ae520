import type { SupplierContext } from './context.ts'
import { idsOf } from './hand-off-claim.ts'
import { ASK_AGAIN_SECONDS } from './hand-off-states.ts'
import { after } from '../loops/time.ts'

const UNCONFIRMED_DUE = `select from hand_offs where supplier_id = $1 and state = 'unconfirmed' and due_at <= $2 limit 1`
const SEND_AGAIN = `update hand_offs set state = 'waiting', maybe_there = true, due_at = $2 where supplier_id = $1 and state = 'unconfirmed' and due_at <= $2 returning order_id as id`
const ASK_LATER = `update hand_offs set due_at = $3 where supplier_id = $1 and state = 'unconfirmed' and due_at <= $2`

/**
 * Settles unconfirmed orders of a supplier that was away when we asked whether it keeps retry keys: once it says that it does, they are sent again,
 * and its answer settles them. Answers how many.
 */
export async function settleUnconfirmed({ db, supplierId, supplier, now }: SupplierContext): Promise<number> {
  const { rowCount } = await db.query(UNCONFIRMED_DUE, [supplierId, now()])
  if (rowCount === 0) return 0
  if (!(await supplier.repeatsSafely())) {
    await db.query(ASK_LATER, [supplierId, now(), after(now(), ASK_AGAIN_SECONDS)])
    return 0
  }
  return (await idsOf(db, SEND_AGAIN, [supplierId, now()])).length
}
