import type { Logger } from 'pino'
import type { Database } from '../db/pool.ts'
import { type PriceSource, type Supplier, SupplierAway } from '../suppliers/supplier.ts'
import type { SupplierRow } from '../suppliers/registry.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { openBudget } from './budget.ts'
import { handOff } from './hand-off.ts'
import { poll } from './poll.ts'
import { probe } from './probe.ts'
import { handOffRefills, pollRefills } from './refills.ts'
import { type Loop, repeat } from '../loops/repeat.ts'
import { settleUnconfirmed } from './unconfirmed.ts'

interface Dependencies {
  readonly db: Database
  readonly now: () => Date
  readonly log: Logger
  readonly openPrices: (row: SupplierRow) => PriceSource | undefined
}

const PROBE_MS = 10_000

/** The loops of one supplier. Each supplier has its own, so that a slow one delays only itself. */
export function startSupplierLoops(deps: Dependencies, row: SupplierRow, supplier: Supplier): Loop {
  const { db, now, log } = deps
  const prices = deps.openPrices(row)
  const budget = openBudget({ atOnce: row.callsAtOnce, aMinute: row.callsAMinute })
  const context = { db, now, supplierId: row.id, supplier, budget }
  // Starts as if the supplier had been away, so that the first answer closes an alert from an earlier run of this node.
  let away = true

  const loops = [
    repeat(log, `hand-off to ${row.name}`, 500, (isStopping) => handOff(context, isStopping)),
    repeat(log, `poll ${row.name}`, 500, (isStopping) => whileThere(() => poll(context, isStopping))),
    repeat(log, `refills at ${row.name}`, 2000, async () => {
      const taken = await handOffRefills(context)
      return taken + (await whileThere(() => pollRefills(context)))
    }),
    repeat(log, `unconfirmed at ${row.name}`, 5000, () => settleUnconfirmed(context)),
    ...(prices ? [repeat(log, `probe ${row.name}`, PROBE_MS, () => probe({ db, now, supplierId: row.id, prices }).then(() => 0))] : []),
  ]
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }

  /** Raises one alert when a supplier does not answer, and closes it when it answers again; meanwhile its orders wait. */
  async function whileThere(work: () => Promise<number>): Promise<number> {
    try {
      const done = await work()
      if (done > 0 && away) {
        away = false
        for (const kind of ['supplier away', 'supplier refuses our key'] as const) {
          await closeAlerts(db, { kind, supplierId: row.id, orderId: null }, now())
        }
      }
      return done
    } catch (error) {
      if (!(error instanceof SupplierAway)) throw error
      away = true
      const kind = error.refusesKey ? 'supplier refuses our key' : 'supplier away'
      await raiseAlert(db, { kind, supplierId: row.id, orderId: null, words: error.message }, now())
      return 0
    }
  }
}
