import { readCatalogue } from '../catalog/catalogue.ts'
import { pageCaller } from '../customers/page-callers.ts'
import type { Transaction } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { placeOne } from '../orders/place-one.ts'
import { refuse } from '../refusal.ts'
import type { UncheckedParameters } from './call.ts'
import { priceOrder } from './price-order.ts'

/** Prices may change between reading and charging; more often than this they do not. */
const MOST_READINGS = 5

/** Staff who order have no rules counted against them. */
const UNCOUNTED = { count: () => {} }

/**
 * Places an order for a customer within a transaction of staff: at the customer's price, from the customer's balance, by the rules of any other
 * order. When it throws a Refusal, nothing has changed.
 */
export async function placeFor(
  tx: Transaction,
  order: { readonly account: number; readonly id: bigint; readonly parameters: UncheckedParameters },
  now: Date,
): Promise<{ readonly charge: Units }> {
  for (let reading = 0; reading < MOST_READINGS; reading += 1) {
    const catalogue = await readCatalogue(tx)
    const caller = await pageCaller(tx, order.account, now)
    if (caller.pricesVersion !== catalogue.version) continue
    const priced = priceOrder({ now: () => now, houseRefusals: UNCOUNTED }, { caller, parameters: order.parameters }, catalogue, null)
    const outcome = await placeOne(tx, { id: order.id, order: priced, version: catalogue.version, now })
    if (outcome === 'placed') return { charge: priced.charge }
    if (outcome === 'not_enough_funds') throw refuse('not_enough_funds')
    if (outcome === 'active_link') throw refuse('active_order_with_link')
    if (outcome === 'invalid_key') throw refuse('account_suspended', order.account)
    if (outcome !== 'old_catalogue') throw new Error(`an order of staff was not placed: ${outcome}`)
  }
  throw refuse('prices_turn')
}
