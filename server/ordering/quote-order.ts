import { invalidKey } from '../customers/callers.ts'
import { capLeft } from '../customers/keys.ts'
import { hasActiveOrderFor } from '../orders/active-link.ts'
import type { PricedOrder } from '../orders/priced-order.ts'
import { refuse } from '../refusal.ts'
import type { Call, OrderContext } from './call.ts'
import { examineOrder, type OrderFault, priceOrder } from './price-order.ts'
import type { ReckonedOrder } from './price-sale.ts'

/** A priced order and the caller it is for. */
export interface Weighed {
  readonly order: ReckonedOrder
  readonly wallet: bigint
}

/** The order as it would be placed, without buying it. Throws the Refusal that it would get. */
export async function quoteOrder(context: OrderContext, call: Call): Promise<PricedOrder> {
  const { caller } = call
  const order = priceOrder(context, call, await context.catalogue.newest(), null)
  const wallet = await context.balances({ bookId: caller.bookId, keyId: caller.keyId })
  if (wallet === null) throw invalidKey()
  const fault = await faultsNow(context, call, { order, wallet: BigInt(wallet) }, 'form').next()
  if (!fault.done) throw fault.value.refusal
  return order
}

/**
 * Everything that would keep an order from being placed, first the Refusal that `quoteOrder` throws, and the price when the quantity is right. Throws
 * PricesTurned.
 */
export async function weighOrder(
  context: OrderContext,
  call: Call,
): Promise<{ readonly faults: readonly OrderFault[]; readonly weighed: Weighed | undefined }> {
  const { caller } = call
  const { faults, order, target } = examineOrder(context, call, await context.catalogue.newest())
  if (!order) return { faults, weighed: undefined }
  const wallet = await context.balances({ bookId: caller.bookId, keyId: caller.keyId })
  if (wallet === null) return { faults: [...faults, { field: 'form', refusal: refuse('invalid_key') }], weighed: undefined }
  const weighed = { order, wallet: BigInt(wallet) }
  const all = [...faults]
  for await (const fault of faultsNow(context, call, weighed, target)) all.push(fault)
  return { faults: all, weighed }
}

/** Faults that do not lie in the order itself but in the present state, like a short balance. */
async function* faultsNow(
  context: OrderContext,
  { caller }: Call,
  { order, wallet }: Weighed,
  target: OrderFault['field'],
): AsyncGenerator<OrderFault> {
  if (order.activeLink !== null && (await hasActiveOrderFor(context.db, order)))
    yield { field: target, refusal: refuse('active_order_with_link') }
  if (wallet < order.charge) yield { field: 'form', refusal: refuse('not_enough_funds') }
  if (order.capped && order.charge > (await capLeft(context.db, caller.keyId, context.now())))
    yield { field: 'form', refusal: refuse('daily_limit') }
}
