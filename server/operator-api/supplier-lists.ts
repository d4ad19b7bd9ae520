import { z } from 'zod'
import { readNewThere, readSyncDecisions } from '../catalog/sync-decisions.ts'
import { listCancelsAsked, listRefillsAsked } from '../fulfilment/asks.ts'
import { readBetter, readServicesThere, readSideBySide } from '../fulfilment/side-by-side.ts'
import { listWork } from '../fulfilment/work.ts'
import { readSupplierHours } from '../suppliers/calls.ts'
import { type List, list, nextOf, number } from './list.ts'

const id = number.max(2_147_483_647)
const OF_SUPPLIER = z.object({ supplier: id.describe('number of the supplier') })
const AT_SUPPLIER = z.object({ supplier: id.optional().describe('only at this supplier') })
const HOURS_TOLD = 72

/** How suppliers do, the work that people do in the place of one, and what customers asked for after they had ordered. */
export const supplierLists: readonly List[] = [
  list({
    name: 'supplier-health',
    does: 'suppliers side by side: whether they answer, how fast, our balance there and how long it lasts, what came of their orders',
    permission: 'suppliers.read',
    filters: AT_SUPPLIER,
    async read(db, { supplier = null }, { now }) {
      const rows = (await readSideBySide(db, now, supplier)).map(({ id: number, ...row }) => ({ supplier: number, ...row }))
      return { rows, next: null }
    },
  }),
  list({
    name: 'supplier-hours',
    does: `calls to a supplier in the last ${HOURS_TOLD} hours, by the hour, with their times in milliseconds`,
    permission: 'suppliers.read',
    filters: OF_SUPPLIER,
    async read(db, { supplier }, { now }) {
      const since = new Date(now.getTime() - HOURS_TOLD * 3_600_000)
      return { rows: await readSupplierHours(db, supplier, since), next: null }
    },
  }),
  list({
    name: 'supplier-services',
    does: 'the services of a supplier with their costs, and what came of their orders there; times in seconds',
    permission: 'suppliers.read',
    filters: OF_SUPPLIER,
    async read(db, { supplier }, { cursor, most }) {
      const rows = await readServicesThere(db, supplier, { after: Number(cursor ?? 0n), most })
      return { rows, next: nextOf(rows, most, (row) => row.service) }
    },
  }),
  list({
    name: 'better-suppliers',
    does: 'services that another supplier does cheaper and sooner than the one that is asked first; each page looks at 500 services',
    permission: 'suppliers.read',
    filters: AT_SUPPLIER,
    async read(db, { supplier = null }, { cursor }) {
      const { rows, next } = await readBetter(db, { after: Number(cursor ?? 0n), supplierId: supplier })
      return { rows, next: next === null ? null : BigInt(next) }
    },
  }),
  list({
    name: 'sync-decisions',
    does: 'what the list of a supplier made of our services: gone, dearer than their price, of another type',
    permission: 'services.read',
    filters: OF_SUPPLIER,
    async read(db, { supplier }, { cursor, most }) {
      const rows = await readSyncDecisions(db, supplier, { after: Number(cursor ?? 0n), most })
      return { rows, next: nextOf(rows, most, (row) => row.service) }
    },
  }),
  list({
    name: 'new-at-supplier',
    does: 'the first 500 services on the list of a supplier that are not bound here, by its own numbers',
    permission: 'services.read',
    filters: OF_SUPPLIER,
    async read(db, { supplier }) {
      return { rows: (await readNewThere(db, supplier, 500)).map((theirs) => ({ their_service: theirs })), next: null }
    },
  }),
  list({
    name: 'work',
    does: 'orders that are done by hand, those that wait longest first',
    permission: 'orders.read',
    filters: z.object({
      ...AT_SUPPLIER.shape,
      show: z
        .enum(['waiting', 'claimed', 'programs'])
        .default('waiting')
        .describe('nobody works on them; somebody has claimed them; a program pulled them'),
    }),
    async read(db, { supplier = null, show }, { cursor, most, now }) {
      // Nobody has this name, so the claims of all are those of others.
      const asked = { who: '', supplierId: supplier, now }
      const rows = await listWork(db, show === 'claimed' ? 'others' : show, asked, { after: cursor ?? 0n, most })
      return { rows, next: nextOf(rows, most, (row) => row.order) }
    },
  }),
  list({
    name: 'refills',
    does: 'refills of all accounts that have not ended, with what their suppliers said, those that wait longest first',
    permission: 'orders.read',
    filters: z.object({ status: z.enum(['Pending', 'In progress']).optional().describe('only those that stand so') }),
    async read(db, { status = null }, { cursor, most }) {
      const rows = await listRefillsAsked(db, status, { after: cursor ?? 0n, most })
      return { rows, next: nextOf(rows, most, (row) => row.refill) }
    },
  }),
  list({
    name: 'cancels',
    does: 'open orders of all accounts whose cancel was asked for, with what their suppliers said, the newest request first',
    permission: 'orders.read',
    filters: AT_SUPPLIER,
    async read(db, { supplier = null }, { cursor, most }) {
      const rows = await listCancelsAsked(db, supplier, { before: cursor, most })
      return { rows, next: nextOf(rows, most, (row) => row.order) }
    },
  }),
]
