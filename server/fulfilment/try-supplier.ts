import type { Queryable } from '../db/pool.ts'
import { type Balance, type PriceSource, SupplierAway } from '../suppliers/supplier.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { tryNow } from './staff.ts'

/** The supplier's answer when it is asked for our balance; null for a supplier whose orders people work on. */
export type OurAccount =
  | ({ readonly kind: 'taken' } & Balance)
  | { readonly kind: 'key refused'; readonly words: string }
  | { readonly kind: 'no answer'; readonly words: string }

/** Has the waiting orders of a supplier tried at once, and notes whether it takes our key. Answers how many orders. */
export async function trySupplier(
  tx: Queryable,
  { supplier, account }: { readonly supplier: { readonly id: number; readonly name: string }; readonly account: OurAccount | null },
  now: Date,
): Promise<number> {
  const alert = { kind: 'supplier refuses our key', supplierId: supplier.id, orderId: null } as const
  if (account?.kind === 'key refused') await raiseAlert(tx, { ...alert, words: account.words }, now)
  if (account?.kind === 'taken') await closeAlerts(tx, alert, now)
  return tryNow(tx, supplier.name, now)
}

/** Whether a supplier takes our key, asked first so that nobody tops up a balance when the key is wrong. */
export async function askForOurAccount(prices: PriceSource): Promise<OurAccount> {
  try {
    return { kind: 'taken', ...(await prices.balance()) }
  } catch (error) {
    if (!(error instanceof SupplierAway)) throw error
    return { kind: error.refusesKey ? 'key refused' : 'no answer', words: error.message }
  }
}
