import type { Database } from '../db/pool.ts'
import { type Balance, type PriceSource, SupplierAway } from '../suppliers/supplier.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { tryNow } from './staff.ts'

/** The supplier's answer when it is asked for our balance; null for a supplier whose orders people work on. */
export type OurAccount =
  | ({ readonly kind: 'taken' } & Balance)
  | { readonly kind: 'key refused'; readonly words: string }
  | { readonly kind: 'no answer'; readonly words: string }

interface Trial {
  readonly db: Database
  readonly now: Date
  readonly supplier: { readonly id: number; readonly name: string }
  /** Undefined for a supplier that cannot be asked. */
  readonly prices: PriceSource | undefined
}

/**
 * Has the waiting orders of a supplier tried at once. First asks whether it accepts our key, so that nobody tops up a balance when the key is wrong;
 * the orders are tried in any case.
 */
export async function trySupplier(trial: Trial): Promise<{ tried: number; account: OurAccount | null }> {
  const { db, now, supplier, prices } = trial
  const account = prices ? await askForOurAccount(prices) : null
  const alert = { kind: 'supplier refuses our key', supplierId: supplier.id, orderId: null } as const
  if (account?.kind === 'key refused') await raiseAlert(db, { ...alert, words: account.words }, now)
  if (account?.kind === 'taken') await closeAlerts(db, alert, now)
  return { tried: await tryNow(db, supplier.name, now), account }
}

async function askForOurAccount(prices: PriceSource): Promise<OurAccount> {
  try {
    return { kind: 'taken', ...(await prices.balance()) }
  } catch (error) {
    if (!(error instanceof SupplierAway)) throw error
    return { kind: error.refusesKey ? 'key refused' : 'no answer', words: error.message }
  }
}
