import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { openKeyCheck } from '../../server/customers/callers.ts'
import { pageCaller } from '../../server/customers/page-callers.ts'
import type { Database } from '../../server/db/pool.ts'
import { openRefusalCounts } from '../../server/house-rules/refuse.ts'
import { openBalances } from '../../server/ledger/balance.ts'
import { placeOrder } from '../../server/ordering/place-order.ts'
import { openPlacing } from '../../server/orders/place.ts'
import { openRetryReads } from '../../server/orders/read.ts'
import { openTallies } from '../../server/orders/tallies.ts'
import { isRefusal } from '../../server/refusal.ts'

const QUEUE_LIMIT = 1000

/** Where orders are placed without a server around it, at whatever moment `now` tells. */
export async function openCounter(db: Database, now: () => Date) {
  const catalogue = await openCatalogue(db)
  const houseRefusals = openRefusalCounts(db, now)
  const placing = openPlacing({ db, catalogue, now, queueLimit: QUEUE_LIMIT })
  const context = {
    db,
    now,
    catalogue,
    placing,
    houseRefusals,
    balances: openBalances(db, QUEUE_LIMIT),
    retries: openRetryReads(db, now, QUEUE_LIMIT),
    tallies: openTallies(db),
    checkKey: openKeyCheck(db, QUEUE_LIMIT),
  }
  return {
    /** Places an order of this account; undefined when it is refused. */
    async place(account: number, parameters: Readonly<Record<string, string>>): Promise<bigint | undefined> {
      const caller = await pageCaller(db, account, now())
      return placeOrder(context, { caller, parameters }, null).catch((error: unknown) => {
        if (isRefusal(error)) return undefined
        throw error
      })
    },
    async close() {
      await placing.close()
      await houseRefusals.stop()
    },
  }
}
