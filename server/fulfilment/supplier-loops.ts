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
import type { Due } from './due.ts'
import { type Loop, repeat, whenWoken } from '../loops/repeat.ts'
import { settleUnconfirmed } from './unconfirmed.ts'

interface Dependencies {
  readonly db: Database
  readonly now: () => Date
  readonly log: Logger
  readonly openPrices: (row: SupplierRow) => PriceSource | undefined
}

const PROBE_MS = 10_000

export interface SupplierLoops extends Loop {
  /** There is work of these kinds. */
  wake(due: Iterable<Due>): void
}

/** The loops of one supplier. Each supplier has its own, so that a slow one delays only itself. */
export function startSupplierLoops(deps: Dependencies, row: SupplierRow, supplier: Supplier): SupplierLoops {
  const { db, now, log } = deps
  const prices = deps.openPrices(row)
  const budget = openBudget({ atOnce: row.callsAtOnce, aMinute: row.callsAMinute })
  const context = { db, now, supplierId: row.id, supplier, budget }
  // Starts as if the supplier had been away, so that the first answer closes an alert from an earlier run of this node.
  let away = true

  const woken = {
    'hand-off': whenWoken(log, `hand-off to ${row.name}`, (isStopping) => handOff(context, isStopping)),
    poll: whenWoken(log, `poll ${row.name}`, (isStopping) => whileThere(() => poll(context, isStopping))),
    refills: whenWoken(log, `refills at ${row.name}`, async () => {
      const taken = await handOffRefills(context)
      return taken + (await whileThere(() => pollRefills(context)))
    }),
    unconfirmed: whenWoken(log, `unconfirmed at ${row.name}`, () => settleUnconfirmed(context)),
  }
  const probing = prices && repeat(log, `probe ${row.name}`, PROBE_MS, () => probe({ db, now, supplierId: row.id, prices }).then(() => 0))
  return {
    wake(due) {
      for (const kind of due) woken[kind].wake()
    },
    async stop() {
      await Promise.all([...Object.values(woken), ...(probing ? [probing] : [])].map((loop) => loop.stop()))
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
