import { refusals } from '../../contract/refusals.ts'
import { invalidKey } from '../customers/callers.ts'
import { capLeft } from '../customers/keys.ts'
import { hasActiveOrderFor } from '../orders/active-link.ts'
import type { PricedOrder } from '../orders/priced-order.ts'
import { Refusal } from '../refusal.ts'
import type { Call, OrderContext } from './call.ts'
import { priceOrder } from './price-order.ts'

/** What an order would come to. */
export interface Weighed {
  readonly order: PricedOrder
  readonly wallet: bigint
  /** Why it would not be placed all the same: there is not enough money for it, or another order stands in its way. */
  readonly refusal: Refusal | null
}

/** The order as it would be placed, or the Refusal that it would get; buys nothing. */
export async function quoteOrder(context: OrderContext, call: Call): Promise<Pick<Weighed, 'order' | 'wallet'>> {
  const { order, wallet, refusal } = await weighOrder(context, call)
  if (refusal) throw refusal
  return { order, wallet }
}

/** The same for whoever wants to see the price also of what would be refused. Throws the Refusal of what cannot be priced. */
export async function weighOrder(context: OrderContext, call: Call): Promise<Weighed> {
  const { caller } = call
  const order = priceOrder(context, call, await context.catalogue.newest(), null)
  const wallet = await context.balances({ bookId: caller.bookId, keyId: caller.keyId })
  if (wallet === null) throw invalidKey()
  return { order, wallet: BigInt(wallet), refusal: await refusalOf(context, call, order, BigInt(wallet)) }
}

async function refusalOf(context: OrderContext, { caller }: Call, order: PricedOrder, wallet: bigint): Promise<Refusal | null> {
  if (order.activeLink !== null && (await hasActiveOrderFor(context.db, order)))
    return new Refusal(refusals.activeLink, { code: 'active_order_with_link' })
  if (wallet < order.charge) return new Refusal(refusals.notEnoughFunds, { code: 'not_enough_funds' })
  if (order.capped && order.charge > (await capLeft(context.db, caller.keyId, context.now())))
    return new Refusal(refusals.dailyLimit, { code: 'daily_limit' })
  return null
}
