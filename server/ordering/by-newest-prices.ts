import type { CatalogueCache } from '../catalog/catalogue.ts'
import { PricesTurned } from '../catalog/price.ts'
import { refuse } from '../refusal.ts'

const MOST_TURNS = 20

/** Someone whose prices were read together with the version of the catalogue that they belong to. */
interface Priced {
  readonly pricesVersion: bigint
}

/** Nothing is sold at a rate that is no longer agreed: when prices turned while `work` was pricing for its caller, the caller is looked up
 * again and the work is done again. Throws a 503 when they turn again each time. */
export async function byNewestPrices<T, Payer extends Priced>(
  catalogue: CatalogueCache,
  first: Payer,
  findAgain: () => Promise<Payer>,
  work: (caller: Payer) => Promise<T> | T,
): Promise<T> {
  let caller = first
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    try {
      return await work(caller)
    } catch (error) {
      if (!(error instanceof PricesTurned)) throw error
    }
    caller = await findAgain()
    // The database was set back, and counts its versions from an older one: the catalogue in memory is of the time before.
    if (caller.pricesVersion < catalogue.current().version) await catalogue.refresh()
  }
  throw refuse('prices_turn')
}
