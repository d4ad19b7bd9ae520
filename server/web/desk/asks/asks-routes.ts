import { listCancelsAsked, listRefillsAsked, type RefillAsked } from '../../../fulfilment/asks.ts'
import type { Desk, DeskContext } from '../desk.ts'

const MOST = 50
const statuses: readonly RefillAsked['status'][] = ['Pending', 'In progress']

/** Routes what customers ask for after they have ordered: refills and cancels. */
export function routeAsks(desk: Desk) {
  desk.page('/refills', 'orders.read', showRefills)
  desk.page('/cancels', 'orders.read', showCancels)
}

async function showRefills(context: DeskContext) {
  const status = statuses.find((one) => one === context.query.get('status')) ?? null
  const after = cursorIn(context.query, 'after')
  const rows = await listRefillsAsked(context.db, status, { after: after ?? 0n, most: MOST + 1 })
  const { refillsPage } = await import('./refills.tsx')
  return context.send(refillsPage(context, { status, rows: rows.slice(0, MOST), hasMore: rows.length > MOST, isFirst: after === null }))
}

async function showCancels(context: DeskContext) {
  const supplier = /^\d{1,9}$/.exec(context.query.get('supplier') ?? '')
  const supplierId = supplier && Number(supplier[0])
  const before = cursorIn(context.query, 'before')
  const rows = await listCancelsAsked(context.db, supplierId, { before, most: MOST + 1 })
  const { cancelsPage } = await import('./cancels.tsx')
  return context.send(
    cancelsPage(context, { supplierId, rows: rows.slice(0, MOST), hasMore: rows.length > MOST, isFirst: before === null }),
  )
}

function cursorIn(query: URLSearchParams, name: 'after' | 'before'): bigint | null {
  const place = query.get(name) ?? ''
  return /^\d{1,18}$/.test(place) ? BigInt(place) : null
}
