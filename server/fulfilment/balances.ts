import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { findBalance, noteBalance, takeDueBalance } from '../suppliers/balances.ts'
import { readSuppliers } from '../suppliers/registry.ts'
import { type Balance, SupplierAway } from '../suppliers/supplier.ts'
import type { SyncDependencies } from './price-sync.ts'

/** Asks one supplier for our balance there, when it is due, on one node. Answers how many it asked. */
export async function askDueBalance({ db, now, openPrices }: SyncDependencies): Promise<number> {
  const id = await takeDueBalance(db, now())
  if (id === undefined) return 0
  const row = (await readSuppliers(db)).find((each) => each.id === id)
  if (!row) return 1
  try {
    const source = await openPrices(row)
    if (source) await takeBalance(db, id, await source.balance(), now())
  } catch (error) {
    // Other loops tell staff of a supplier that is away, and its balance is asked for again.
    if (!(error instanceof SupplierAway)) throw error
    if (error.refusesKey) {
      await raiseAlert(db, { kind: 'supplier refuses our key', supplierId: id, orderId: null, words: error.message }, now())
    }
  }
  return 1
}

/** Stores a balance that a supplier told, with the alert that follows from it. */
export function takeBalance(db: Database, supplierId: number, balance: Balance, now: Date): Promise<void> {
  return transaction(db, async (tx) => {
    await noteBalance(tx, supplierId, balance, now)
    await tellOfBalance(tx, supplierId, now)
  })
}

/** Raises or closes the alert about a low balance, as the balance and its limit stand now. */
export async function tellOfBalance(tx: Queryable, supplierId: number, now: Date): Promise<void> {
  const alert = { kind: 'supplier balance below limit', supplierId, orderId: null } as const
  const held = await findBalance(tx, supplierId)
  if (!held?.isLow) return closeAlerts(tx, alert, now)
  const currency = held.currency === null ? '' : ` ${held.currency}`
  await raiseAlert(tx, { ...alert, words: `Our balance there is ${held.balance}${currency}, below ${held.low}${currency}` }, now)
}
