import type { FastifyReply } from 'fastify'
import { aboutOrderStatuses, type OrderStatus } from '../../../../contract/statuses.ts'
import { readAttention } from '../../../customers/attention.ts'
import { listOrders } from '../../../orders/list.ts'
import { MOST_COUNTED } from '../../../orders/tallies.ts'
import { listOffered } from '../../../payments/offers.ts'
import { ticketsWithNews } from '../../../support/tickets.ts'
import { nameOf } from '../orders/names.ts'
import type { OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'

const LAST_ORDERS = 8
const STATUSES = Object.keys(aboutOrderStatuses) as OrderStatus[]
const ALL_ORDERS = { statuses: STATUSES, serviceIds: [], withRuns: false, from: null, to: null, find: '' }

/** Sends the overview of the user's account. */
export async function showOverview(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, session, caller, orders } = context
  const { db } = orders
  const [{ overviewPage }, tally, last, attention, answered] = await Promise.all([
    import('./overview.tsx'),
    orders.tallies.of(caller.bookId),
    listOrders(db, caller.bookId, ALL_ORDERS, { before: null, most: LAST_ORDERS }),
    readAttention(db, caller.bookId),
    ticketsWithNews(db, session.accountId),
  ])
  const view = {
    wallet: session.wallet,
    currency: caller.currency,
    tally: STATUSES.map((status) => ({ status, count: tally.get(status) ?? 0 })).filter(({ count }) => count > 0),
    mostCounted: MOST_COUNTED,
    last: last.map((order) => ({ order, name: nameOf(context, order.serviceId) })),
    attention,
    answered,
    canPay: attention.owed < 0n && (await listOffered(db, caller.currency)).length > 0,
  }
  return sendOwnPage(reply, overviewPage(ui, view))
}
