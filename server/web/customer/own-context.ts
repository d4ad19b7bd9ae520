import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../customers/callers.ts'
import { pageCaller } from '../../customers/page-callers.ts'
import type { Session } from '../../customers/sessions.ts'
import { byNewestPrices } from '../../ordering/by-newest-prices.ts'
import type { OrderContext } from '../../ordering/call.ts'
import type { Web } from '../web.ts'
import { type PageContext, pageContext, ownPath } from './page-context.ts'

/** A request of somebody who is signed in, for their own account's orders and money. */
export interface OwnContext extends PageContext {
  readonly session: Session
  readonly orders: OrderContext
  /** Who pays: of this account and no other. */
  readonly caller: Caller
  readonly query: URLSearchParams
}

export type OwnHandle = (context: OwnContext) => Promise<FastifyReply>

/** Strangers are asked to sign in first. */
export function onOwn(web: Web, handle: OwnHandle) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { session } = request
    const url = new URL(request.url, 'http://own')
    if (!session) return reply.redirect(`/sign-in?next=${ownPath(url.pathname)}`, 303)
    const orders = web.orders()
    const context = { ...(await pageContext(web, request, reply)), session, orders, query: url.searchParams }
    const findCaller = () => pageCaller(orders.db, session.accountId, orders.now())
    // Pages name services and say what may be done by the catalogue in memory: it is compared with the database's before each of them.
    await orders.catalogue.newest()
    return byNewestPrices(orders.catalogue, await findCaller(), findCaller, (caller) => handle({ ...context, caller }))
  }
}

/** A whole number from an address; null when it is none. */
export function numberIn(query: URLSearchParams, name: string): bigint | null {
  const text = query.get(name) ?? ''
  return /^\d{1,18}$/.test(text) ? BigInt(text) : null
}
