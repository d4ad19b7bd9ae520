import { refusals } from '../../contract/refusals.ts'
import { invalidKey } from '../customers/callers.ts'
import { capLeft } from '../customers/keys.ts'
import { hasActiveOrderFor } from '../orders/active-link.ts'
import type { PricedOrder } from '../orders/place.ts'
import { Refusal } from '../refusal.ts'
import type { Call, OrderDesk } from './call.ts'
import { priceOrder } from './price-order.ts'

/** The order as it would be placed, or the Refusal that it would get; buys nothing. */
export async function quoteOrder(desk: OrderDesk, call: Call): Promise<{ order: PricedOrder; wallet: bigint }> {
  const { caller } = call
  const order = priceOrder(desk, call, await desk.catalogue.newest(), null)
  const wallet = await desk.balances({ bookId: caller.bookId, keyId: caller.keyId })
  if (wallet === null) throw invalidKey()
  if (order.oneActiveLink && (await hasActiveOrderFor(desk.db, order)))
    throw new Refusal(refusals.activeLink, { code: 'active_order_with_link' })
  if (BigInt(wallet) < order.charge) throw new Refusal(refusals.notEnoughFunds, { code: 'not_enough_funds' })
  if (order.capped && order.charge > (await capLeft(desk.db, caller.keyId, desk.now())))
    throw new Refusal(refusals.dailyLimit, { code: 'daily_limit' })
  return { order, wallet: BigInt(wallet) }
}
