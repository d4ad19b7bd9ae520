import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Caller, invalidKey } from '../customers/callers.ts'
import { activeLinksAmong } from '../orders/active-link.ts'
import type { PricedOrder } from '../orders/priced-order.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import type { OrderContext, UncheckedParameters } from './call.ts'
import { priceOrRefuse } from './price-order.ts'

/** An order as it would be placed after those before it, or why it would be refused. An order may have a price although the money is short. */
export interface Quoted {
  readonly order: PricedOrder | undefined
  readonly refusal: Refusal | undefined
}

/** Other requests are served in between. */
const PRICED_IN_A_TURN = 500

/**
 * Quotes many orders of one caller, in the order in which they would be placed: each one has the links and the money that those before it leave. Buys
 * nothing, and makes the same few statements however many orders there are. Callers are pages, whose keys have no daily cap.
 */
export async function quoteOrders(
  context: OrderContext,
  caller: Caller,
  asked: readonly (UncheckedParameters | undefined)[],
): Promise<Quoted[]> {
  const priced = await priceAll(context, caller, asked)
  const wallet = await context.balances({ bookId: caller.bookId, keyId: caller.keyId })
  if (wallet === null) throw invalidKey()
  const taken = await takenLinks(context, caller, priced)
  let left = BigInt(wallet)
  return priced.map(({ order, refusal }) => {
    if (!order) return { order, refusal }
    if (taken.has(order)) return { order, refusal: refuse('active_order_with_link') }
    if (order.charge > left) return { order, refusal: refuse('not_enough_funds') }
    left -= order.charge
    return { order, refusal }
  })
}

async function priceAll(context: OrderContext, caller: Caller, asked: readonly (UncheckedParameters | undefined)[]): Promise<Quoted[]> {
  const catalogue = await context.catalogue.newest()
  const priced: Quoted[] = []
  for (const [at, parameters] of asked.entries()) {
    if (at % PRICED_IN_A_TURN === PRICED_IN_A_TURN - 1) await nextTurn()
    priced.push(parameters ? quoted(priceOrRefuse(context, { caller, parameters }, catalogue, null)) : NOT_READ)
  }
  return priced
}

const NOT_READ: Quoted = { order: undefined, refusal: undefined }

function quoted(priced: PricedOrder | Refusal): Quoted {
  return isRefusal(priced) ? { order: undefined, refusal: priced } : { order: priced, refusal: undefined }
}

/** Orders for a service that allows one unfinished order per link, when the link has one: in the book, or earlier in the list. */
async function takenLinks(context: OrderContext, caller: Caller, priced: readonly Quoted[]): Promise<ReadonlySet<PricedOrder>> {
  const exclusive = priced.flatMap(({ order }) => (order && order.activeLink !== null ? [order] : []))
  if (exclusive.length === 0) return new Set()
  const active = await activeLinksAmong(context.db, caller.bookId, exclusive)
  const seen = new Set<string>()
  return new Set(
    exclusive.filter((order, at) => {
      const name = `${order.serviceId} ${order.link}`
      const isTaken = active.has(at) || seen.has(name)
      seen.add(name)
      return isTaken
    }),
  )
}
