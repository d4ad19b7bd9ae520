import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../customers/callers.ts'
import { pageCaller } from '../../customers/page-callers.ts'
import type { LongReads } from '../../db/long-reads.ts'
import type { Session } from '../../customers/sessions.ts'
import { byNewestPrices } from '../../ordering/by-newest-prices.ts'
import type { OrderContext } from '../../ordering/call.ts'
import type { Web } from '../web.ts'
import { type OtherCurrency, readOtherCurrency } from './other-currency/other-currency.ts'
import { type PageContext, pageContext, ownPath } from './page-context.ts'

/** A request of a signed-in user about the orders and money of their own account. */
export interface OwnContext extends PageContext {
  readonly session: Session
  readonly orders: OrderContext
  /** Where statements are read, which may be some seconds old. */
  readonly longReads: LongReads
  /** The caller that pays; always of the user's own account. */
  readonly caller: Caller
  readonly query: URLSearchParams
  /** What the page tells of prices in the currency that the reader chose. */
  readonly otherCurrency: () => Promise<OtherCurrency | undefined>
}

export type OwnHandle = (context: OwnContext) => Promise<FastifyReply>

/** Redirects visitors who are not signed in to the sign-in page. */
export function onOwn(web: Web, handle: OwnHandle) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { session } = request
    const url = new URL(request.url, 'http://own')
    if (!session) return reply.redirect(`/sign-in?next=${ownPath(url.pathname)}`, 303)
    const orders = web.orders()
    const page = await pageContext(web, request, reply)
    const context = { ...page, session, orders, longReads: web.longReads(), query: url.searchParams }
    const { visitor } = page.ui.frame
    const rates = { db: orders.db, now: orders.now, terms: () => web.payments().rates() }
    const findCaller = () => pageCaller(orders.db, session.accountId, orders.now())
    // Pages read services from the catalogue in memory, so it is compared with the database's before each page.
    await orders.catalogue.newest()
    return byNewestPrices(orders.catalogue, await findCaller(), findCaller, (caller) =>
      handle({ ...context, caller, otherCurrency: () => readOtherCurrency(rates, visitor, caller.currency) }),
    )
  }
}

/** A whole number in an address; null if it is not one. */
export function numberIn(query: URLSearchParams, name: string): bigint | null {
  const text = query.get(name) ?? ''
  return /^\d{1,18}$/.test(text) ? BigInt(text) : null
}
