import type { CatalogueCache } from '../catalog/catalogue.ts'
import { PricesTurned } from '../catalog/price.ts'
import { refuse } from '../refusal.ts'

const MOST_TURNS = 20

/** A caller whose prices were read together with a version of the catalogue. */
interface Priced {
  readonly pricesVersion: bigint
}

/**
 * Makes sure that nothing is sold at a rate that is no longer agreed: when prices changed while `work` was pricing for its caller, the caller is
 * looked up again and the work is repeated. Throws a 503 when prices change every time.
 */
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
    // The database was restored and counts its versions from an older one: the catalogue in memory is from before that.
    if (caller.pricesVersion < catalogue.current().version) await catalogue.refresh()
  }
  throw refuse('prices_turn')
}
