import type { Logger } from 'pino'
import type { CatalogueCache } from '../catalog/catalogue.ts'
import type { Database } from '../db/pool.ts'
import { openSealing } from '../ledger/seal.ts'
import { convertCompensations } from '../ledger/given.ts'
import { convertOrigins } from '../orders/origins.ts'
import type { Placing } from '../orders/place.ts'
import { addUpUsage } from '../orders/usage.ts'
import { readSuppliers, type SupplierRow } from '../suppliers/registry.ts'
import { raiseAlert } from '../loops/alerts.ts'
import { settleAlerts } from './settled-alerts.ts'
import { tryNow } from './staff.ts'
import { askDueBalance } from './balances.ts'
import { addUpMeasures, forgetOldMeasures } from './measures.ts'
import { readOrdersDue, readRestDue, type SuppliersDue } from './due.ts'
import { startSupplierLoops, type SupplierLoops } from './supplier-loops.ts'
import { workDripFeeds } from './drip.ts'
import type { PriceSource, Supplier } from '../suppliers/supplier.ts'
import { syncDuePrices } from './price-sync.ts'
import { workPromises } from './promises.ts'
import { type Loop, repeat } from '../loops/repeat.ts'
import { workSubscriptions } from './subscriptions.ts'
import { measureTimes } from './times.ts'

export interface LoopDependencies {
  readonly db: Database
  readonly now: () => Date
  readonly log: Logger
  readonly catalogue: CatalogueCache
  readonly placing: Placing
  /** Opens a supplier by its protocol; undefined for suppliers whose orders people work on. */
  readonly openSupplier: (row: SupplierRow) => Supplier | undefined
  /** Opens a supplier's list of services; undefined for a supplier without a list. */
  readonly openPrices: (row: SupplierRow) => PriceSource | undefined
}

/** Starts the loops that work on orders without a request. Any number of nodes may run them on one database. */
export function startLoops(deps: LoopDependencies): Loop {
  const { db, now, log } = deps
  const sealing = openSealing(db)
  const running = new Map<number, { setting: string; loops: SupplierLoops }>()
  const loops = [
    repeat(log, 'suppliers', 5000, () => keepSupplierLoops().then(() => 0)),
    repeat(log, 'orders due', 500, () => wake(readOrdersDue)),
    repeat(log, 'refills due', 2000, () => wake(readRestDue)),
    repeat(log, 'drip-feeds', 2000, () => workDripFeeds(db, now)),
    repeat(log, 'subscriptions', 3000, () => workSubscriptions(deps)),
    repeat(log, 'promises', 5000, () => workPromises(db, now)),
    repeat(log, 'times', 600_000, () => measureTimes(db, now)),
    repeat(log, 'price lists', 60_000, () => syncDuePrices(deps)),
    repeat(log, 'settled alerts', 10_000, () => settleAlerts(db, now())),
    repeat(log, 'balances', 15_000, () => askDueBalance(deps)),
    repeat(log, 'measures of suppliers', 15_000, () => addUpMeasures(db)),
    repeat(log, 'old measures', 3_600_000, () => forgetOldMeasures(db, now()).then(() => 0)),
    repeat(log, 'usage', 15_000, () => addUpUsage(db)),
    repeat(log, 'origins of orders', 60_000, () => convertOrigins(db, now()).then((more) => (more ? 1 : 0))),
    repeat(log, 'compensations from given', 60_000, () => convertCompensations(db, now()).then((more) => (more ? 1 : 0))),
    repeat(log, 'seal', 5000, () => sealing.seal().then(() => 0)),
  ]
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
      await Promise.all([...running.values()].map(({ loops }) => loops.stop()))
    },
  }

  /** Asks once for all suppliers which of them have work, and wakes their loops. */
  async function wake(readDue: (db: Database, suppliers: readonly number[], now: Date) => Promise<SuppliersDue>): Promise<'soon' | 0> {
    if (running.size === 0) return 0
    const due = await readDue(db, [...running.keys()], now())
    for (const [supplier, kinds] of due) running.get(supplier)?.loops.wake(kinds)
    return due.size > 0 ? 'soon' : 0
  }

  /** Runs loops for each supplier that is not paused; changed settings get new loops. */
  async function keepSupplierLoops() {
    const rows = (await readSuppliers(db)).filter((row) => !row.paused)
    const wanted = new Map(rows.map((row) => [row.id, row]))
    const changed = new Set<number>()
    for (const [id, { setting, loops }] of running) {
      const row = wanted.get(id)
      if (row && setting === settingOf(row)) continue
      running.delete(id)
      changed.add(id)
      await loops.stop()
    }
    for (const row of rows) {
      if (running.has(row.id)) continue
      const supplier = await openOrAlert(row)
      if (supplier) running.set(row.id, { setting: settingOf(row), loops: startSupplierLoops(deps, row, supplier) })
      // What this node was refused under the old settings, its key perhaps, need not wait any longer.
      if (supplier && changed.has(row.id)) await tryNow(db, row.name, now())
    }
  }

  /** A supplier that cannot be opened (its key was sealed with another secret) raises an alert, and does not stop the others. */
  async function openOrAlert(row: SupplierRow): Promise<Supplier | undefined> {
    try {
      return deps.openSupplier(row)
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      await raiseAlert(db, { kind: 'supplier away', supplierId: row.id, orderId: null, words }, now())
      return undefined
    }
  }
}

function settingOf(row: SupplierRow): string {
  return JSON.stringify({ ...row, sealedKey: row.sealedKey?.toString('base64') })
}
