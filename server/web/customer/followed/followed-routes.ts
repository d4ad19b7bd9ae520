import type { FastifyInstance, FastifyReply } from 'fastify'
import { type RefillStatus, refillStatuses } from '../../../../contract/statuses.ts'
import { listDripFeeds, listSubscriptions } from '../../../orders/followed.ts'
import type { ListPage } from '../../../orders/list.ts'
import { listRefills } from '../../../orders/refill.ts'
import type { Web } from '../../web.ts'
import { nameOf } from '../orders/names.ts'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import type { FollowedView } from './followed-list.tsx'

/** Routes the lists of work that continues after the order: drip-feeds, subscriptions, refills. */
export function routeFollowed(pages: FastifyInstance, web: Web) {
  pages.get('/drip-feeds', onOwn(web, showDripFeeds))
  pages.get('/subscriptions', onOwn(web, showSubscriptions))
  pages.get('/refills', onOwn(web, showRefills))
}

async function showDripFeeds(context: OwnContext): Promise<FastifyReply> {
  const { dripFeedsPage } = await import('./drip-feeds.tsx')
  const { orders, caller } = context
  const { show, ended } = shownOf(context)
  const found = await listDripFeeds(orders.db, caller.bookId, ended, pageOf(context))
  return sendOwnPage(context.reply, dripFeedsPage(context.ui, { ...viewOf(context, show, found), now: orders.now() }))
}

async function showSubscriptions(context: OwnContext): Promise<FastifyReply> {
  const { subscriptionsPage } = await import('./subscriptions.tsx')
  const { orders, caller } = context
  const { show, ended } = shownOf(context)
  const found = await listSubscriptions(orders.db, caller.bookId, ended, pageOf(context))
  return sendOwnPage(context.reply, subscriptionsPage(context.ui, viewOf(context, show, found)))
}

async function showRefills(context: OwnContext): Promise<FastifyReply> {
  const { refillsPage } = await import('./refills.tsx')
  const { orders, caller, query } = context
  const status = refillStatuses.find((one) => one === query.get('status'))
  const wanted: readonly RefillStatus[] = status ? [status] : refillStatuses
  const found = await listRefills(orders.db, caller.bookId, wanted, pageOf(context))
  return sendOwnPage(context.reply, refillsPage(context.ui, viewOf(context, status ?? '', found)))
}

function shownOf({ query }: OwnContext): { show: string; ended: boolean[] } {
  const show = query.get('status')
  if (show === 'open') return { show, ended: [false] }
  return show === 'ended' ? { show, ended: [true] } : { show: '', ended: [false, true] }
}

const ROWS_PER_PAGE = 50

function pageOf({ query }: OwnContext): ListPage {
  return { before: numberIn(query, 'before'), most: ROWS_PER_PAGE + 1 }
}

function viewOf<Row extends { readonly id: bigint; readonly serviceId: number }>(
  context: OwnContext,
  show: string,
  found: readonly Row[],
): FollowedView<Row> {
  const shown = found.slice(0, ROWS_PER_PAGE)
  return {
    rows: shown.map((row) => ({ ...row, name: nameOf(context, row.serviceId) })),
    show,
    isFirst: numberIn(context.query, 'before') === null,
    older: found.length > ROWS_PER_PAGE ? shown.at(-1)!.id : null,
  }
}
