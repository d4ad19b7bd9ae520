import { readNewThere, readSyncDecisions } from '../../../catalog/sync-decisions.ts'
import {
  readBetter,
  readServicesThere,
  readSideBySide,
  readSaidThere,
  readWaitingThere,
  type SupplierSeen,
} from '../../../fulfilment/side-by-side.ts'
import { refuse } from '../../../refusal.ts'
import { readBalanceHours } from '../../../suppliers/balances.ts'
import { readSupplierHours } from '../../../suppliers/calls.ts'
import { address } from '../../ui/page-links.tsx'
import { DESK, type Desk, type DeskContext } from '../desk.ts'
import { showImport, takeImport } from './import-routes.ts'

const PAGE = '/suppliers'
const MOST_SERVICES = 50
const MOST_WAITING = 50
const MOST_NEW = 300
const HOURS_SHOWN = 48
const DAYS_SHOWN = 14

/** Routes the suppliers: side by side, each alone, what their lists ask to be decided, and the import. */
export function routeSuppliers(desk: Desk) {
  desk.page(PAGE, 'suppliers.read', showAll)
  desk.page(`${PAGE}/:id`, 'suppliers.read', showOne)
  desk.page(`${PAGE}/:id/decisions`, 'services.read', showDecisions)
  desk.page(`${PAGE}/:id/pick`, 'services.price', leadToImport)
  desk.page(`${PAGE}/:id/import`, 'services.price', async (context) => showImport(context, await supplierOf(context)))
  desk.form(`${PAGE}/:id/import`, 'services.price', async (context) => takeImport(context, await supplierOf(context)))
}

async function showAll(context: DeskContext) {
  const { db, now, query } = context
  const [all, better] = await Promise.all([
    readSideBySide(db, now),
    readBetter(db, { after: numberIn(query.get('after')), supplierId: null }),
  ])
  const { suppliersPage } = await import('./suppliers.tsx')
  return context.send(suppliersPage(context, { all, better: better.rows, next: better.next }))
}

async function showOne(context: DeskContext) {
  const { db, now, query, staff } = context
  const seen = await supplierOf(context)
  const after = numberIn(query.get('after'))
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  const [hours, balances, services, waiting, said, better] = await Promise.all([
    readSupplierHours(db, seen.id, hoursAgo(HOURS_SHOWN)),
    readBalanceHours(db, seen.id, hoursAgo(DAYS_SHOWN * 24)),
    readServicesThere(db, seen.id, { after, most: MOST_SERVICES + 1 }),
    staff.may.has('orders.read') ? readWaitingThere(db, seen.id, MOST_WAITING + 1) : null,
    staff.may.has('alerts.read') ? readSaidThere(db, seen.id, 20) : null,
    readBetter(db, { after: 0, supplierId: seen.id }),
  ])
  const { supplierPage } = await import('./supplier.tsx')
  return context.send(
    supplierPage(context, {
      seen,
      hours: { rows: hours, from: hoursAgo(HOURS_SHOWN - 1), count: HOURS_SHOWN },
      balances: { rows: balances, from: hoursAgo((DAYS_SHOWN - 1) * 24), count: DAYS_SHOWN },
      services: { rows: services.slice(0, MOST_SERVICES), hasMore: services.length > MOST_SERVICES, isFirst: after === 0 },
      waiting: waiting && { rows: waiting.slice(0, MOST_WAITING), hasMore: waiting.length > MOST_WAITING },
      said,
      better: better.rows,
    }),
  )
}

async function showDecisions(context: DeskContext) {
  const { db, query } = context
  const seen = await supplierOf(context)
  const after = numberIn(query.get('after'))
  const [found, fresh] = await Promise.all([
    readSyncDecisions(db, seen.id, { after, most: MOST_SERVICES + 1 }),
    readNewThere(db, seen.id, MOST_NEW + 1),
  ])
  const { decisionsPage } = await import('./decisions.tsx')
  return context.send(
    decisionsPage(context, {
      seen,
      rows: found.slice(0, MOST_SERVICES),
      hasMore: found.length > MOST_SERVICES,
      fresh: fresh.slice(0, MOST_NEW),
      hasMoreNew: fresh.length > MOST_NEW,
    }),
  )
}

/** The form to import has one field for all ids: the boxes that were ticked become it. */
async function leadToImport(context: DeskContext) {
  const seen = await supplierOf(context)
  const only = context.query.getAll('only').join(',')
  const page = `${DESK}${PAGE}/${seen.id}/import`
  return context.reply.redirect(only === '' ? page : address(page, { only }), 303)
}

async function supplierOf({ db, now, params }: DeskContext): Promise<SupplierSeen> {
  const id = numberIn(params['id'] ?? null)
  const [seen] = id === 0 ? [] : await readSideBySide(db, now, id)
  if (!seen) throw refuse('unknown_supplier', params['id'] ?? '')
  return seen
}

function numberIn(text: string | null): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : 0
}
