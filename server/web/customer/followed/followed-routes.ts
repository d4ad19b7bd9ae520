import type { FastifyInstance, FastifyReply } from 'fastify'
import { type RefillStatus, refillStatuses } from '../../../../contract/statuses.ts'
import { listDripFeeds, listSubscriptions } from '../../../orders/followed.ts'
import type { ListPage } from '../../../orders/list.ts'
import { listRefills } from '../../../orders/refill.ts'
import type { Web } from '../../route.ts'
import { nameOf } from '../orders/names.ts'
import { numberIn, onOwn, type OwnErrand } from '../own-errand.ts'
import { sendOwnPage } from '../send.ts'
import type { FollowedView } from './followed-list.tsx'

/** What goes on after it was ordered: drip-feeds, subscriptions, refills. */
export function routeFollowed(pages: FastifyInstance, web: Web) {
  pages.get('/drip-feeds', onOwn(web, showDripFeeds))
  pages.get('/subscriptions', onOwn(web, showSubscriptions))
  pages.get('/refills', onOwn(web, showRefills))
}

async function showDripFeeds(errand: OwnErrand): Promise<FastifyReply> {
  const { dripFeedsPage } = await import('./drip-feeds.tsx')
  const { orders, caller } = errand
  const { show, ended } = shownOf(errand)
  const found = await listDripFeeds(orders.db, caller.bookId, ended, pageOf(errand))
  return sendOwnPage(errand.reply, dripFeedsPage(errand.scene, { ...viewOf(errand, show, found), now: orders.now() }))
}

async function showSubscriptions(errand: OwnErrand): Promise<FastifyReply> {
  const { subscriptionsPage } = await import('./subscriptions.tsx')
  const { orders, caller } = errand
  const { show, ended } = shownOf(errand)
  const found = await listSubscriptions(orders.db, caller.bookId, ended, pageOf(errand))
  return sendOwnPage(errand.reply, subscriptionsPage(errand.scene, viewOf(errand, show, found)))
}

async function showRefills(errand: OwnErrand): Promise<FastifyReply> {
  const { refillsPage } = await import('./refills.tsx')
  const { orders, caller, query } = errand
  const status = refillStatuses.find((one) => one === query.get('status'))
  const wanted: readonly RefillStatus[] = status ? [status] : refillStatuses
  const found = await listRefills(orders.db, caller.bookId, wanted, pageOf(errand))
  return sendOwnPage(errand.reply, refillsPage(errand.scene, viewOf(errand, status ?? '', found)))
}

function shownOf({ query }: OwnErrand): { show: string; ended: boolean[] } {
  const show = query.get('status')
  if (show === 'open') return { show, ended: [false] }
  return show === 'ended' ? { show, ended: [true] } : { show: '', ended: [false, true] }
}

const ROWS_A_PAGE = 50

function pageOf({ query }: OwnErrand): ListPage {
  return { before: numberIn(query, 'before'), most: ROWS_A_PAGE + 1 }
}

function viewOf<Row extends { readonly id: bigint; readonly serviceId: number }>(
  errand: OwnErrand,
  show: string,
  found: readonly Row[],
): FollowedView<Row> {
  const shown = found.slice(0, ROWS_A_PAGE)
  return {
    rows: shown.map((row) => ({ ...row, name: nameOf(errand, row.serviceId) })),
    show,
    isFirst: numberIn(errand.query, 'before') === null,
    older: found.length > ROWS_A_PAGE ? shown.at(-1)!.id : null,
  }
}
