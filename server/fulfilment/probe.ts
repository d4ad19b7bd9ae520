import type { Database } from '../db/pool.ts'
import { type Alert, closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { type PriceSource, SupplierAway } from '../suppliers/supplier.ts'

interface ProbeContext {
  readonly db: Database
  readonly now: () => Date
  readonly supplierId: number
  readonly prices: PriceSource
}

/** Orders that it did not answer for are tried again by themselves; only after a few tries is it worth asking apart. */
const TRIES_BEFORE_PROBE = 2

const IN_DOUBT = `
  select exists (
    select from alerts where supplier_id = $1 and order_id is null and closed_at is null and kind in ('supplier away', 'supplier refuses our key')
  ) or exists (
    select from (select attempts from hand_offs where supplier_id = $1 and state = 'waiting' order by due_at limit 20) w
    where w.attempts >= ${TRIES_BEFORE_PROBE}
  ) as doubted`

/**
 * Asks a supplier for our balance while it is in doubt whether it answers: its alert settles also when there is no order there any more to ask for, and
 * one that does not take new orders is told although it has none to ask for. Answers whether it was asked.
 */
export async function probe({ db, now, supplierId, prices }: ProbeContext): Promise<boolean> {
  const { rows } = await db.query<{ doubted: boolean }>({ name: 'supplier in doubt', text: IN_DOUBT, values: [supplierId] })
  if (!rows[0]!.doubted) return false
  const about = (kind: Alert['kind']) => ({ kind, supplierId, orderId: null })
  try {
    await prices.balance()
    for (const kind of ['supplier away', 'supplier refuses our key'] as const) await closeAlerts(db, about(kind), now())
  } catch (error) {
    if (!(error instanceof SupplierAway)) throw error
    const kind = error.refusesKey ? 'supplier refuses our key' : 'supplier away'
    await raiseAlert(db, { ...about(kind), words: error.message }, now())
  }
  return true
}
