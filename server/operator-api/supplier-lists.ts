import { z } from 'zod'
import { readNewThere, readSyncDecisions } from '../catalog/sync-decisions.ts'
import { listCancelsAsked, listRefillsAsked } from '../fulfilment/asks.ts'
import { readBetter, readServicesThere, readSideBySide } from '../fulfilment/side-by-side.ts'
import { listWork } from '../fulfilment/work.ts'
import { readSupplierHours } from '../suppliers/calls.ts'
import { readSuppliers } from '../suppliers/registry.ts'
import { big, count, decimal, moment, word, yesNo } from './columns.ts'
import { type List, list, nextOf, NO_FILTER, number, pageOf } from './list.ts'

const id = number.max(2_147_483_647)
const OF_SUPPLIER = z.object({ supplier: id.describe('number of the supplier') })
const AT_SUPPLIER = z.object({ supplier: id.optional().describe('only at this supplier') })
const HOURS_TOLD = 72

/** How suppliers do, the work that people do in the place of one, and what customers asked for after they had ordered. */
export const supplierLists: readonly List[] = [
  list({
    name: 'suppliers',
    does: 'suppliers; never their keys',
    permission: 'suppliers.read',
    filters: NO_FILTER,
    row: z.object({
      supplier: count(),
      name: word(),
      protocol: word(),
      url: word().nullable(),
      paused: yesNo(),
      calls_at_once: count(),
      calls_a_minute: count(),
      private_network: yesNo(),
      keeps_retry_keys: yesNo().nullable(),
    }),
    async read(db, _, page) {
      return pageOf(
        page,
        await readSuppliers(db),
        (row) => row.id,
        (row) => ({
          supplier: row.id,
          name: row.name,
          protocol: row.protocol,
          url: row.url,
          paused: row.paused,
          calls_at_once: row.callsAtOnce,
          calls_a_minute: row.callsAMinute,
          private_network: row.privateNetwork,
          keeps_retry_keys: row.keepsRetryKeys,
        }),
      )
    },
  }),
  list({
    name: 'supplier-health',
    does: 'suppliers side by side: whether they answer, how fast, our balance there and how long it lasts, what came of their orders',
    permission: 'suppliers.read',
    filters: AT_SUPPLIER,
    row: z.object({
      supplier: count(),
      name: word(),
      protocol: word(),
      url: word().nullable(),
      paused: yesNo(),
      answers: yesNo().nullable(),
      since: moment().nullable(),
      asked_at: moment().nullable(),
      failure: word().nullable(),
      calls: big(),
      failures: big(),
      mean: z.number().nullable(),
      slowest: z.number().nullable(),
      balance: decimal().nullable(),
      currency: word().nullable(),
      balance_at: moment().nullable(),
      balance_low: decimal().nullable(),
      spent_a_day: decimal().nullable(),
      lasts_days: z.number().nullable(),
      orders: big(),
      partial: big(),
      canceled: big(),
      services: count(),
      first: count(),
    }),
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
    row: z.object({ hour: moment(), calls: big(), failures: big(), mean: z.number(), slowest: z.number() }),
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
    row: z.object({
      service: count(),
      name: word(),
      state: word(),
      type: word(),
      rate: decimal(),
      position: count(),
      their_service: word(),
      cost: decimal().nullable(),
      gone_at: moment().nullable(),
      orders: big(),
      recent: count(),
      recent_partial: count(),
      recent_canceled: count(),
      start_median: z.number().nullable(),
      start_p95: z.number().nullable(),
      finish_median: z.number().nullable(),
      finish_p95: z.number().nullable(),
    }),
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
    row: z.object({
      service: count(),
      name: word(),
      asked_first: word(),
      asked_first_id: count(),
      cost: decimal(),
      finish_median: z.number(),
      better: word(),
      better_id: count(),
      better_cost: decimal(),
      better_finish_median: z.number(),
      better_failed_percent: z.number(),
    }),
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
    row: z.object({
      what: z.enum(['type', 'dearer', 'gone']),
      service: count(),
      name: word(),
      their_service: word(),
      state: word(),
      rate: decimal(),
      cost: decimal().nullable(),
      gone_at: moment().nullable(),
      other: word().nullable(),
    }),
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
    row: z.object({ their_service: word() }),
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
    row: z.object({
      order: big(),
      status: word(),
      service: count(),
      service_name: word(),
      type: word(),
      supplier: word(),
      supplier_id: count(),
      link: word(),
      quantity: big(),
      start_count: big(),
      remains: big(),
      parameters: z.record(z.string(), z.string()).readonly().nullable(),
      placed_at: moment(),
      cancel_asked: yesNo(),
      sent: yesNo(),
      ended: yesNo(),
      claimed_by: word().nullable(),
      claimed_by_id: count().nullable(),
      claimed_until: moment().nullable(),
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
    row: z.object({
      refill: big(),
      order: big(),
      status: z.enum(['Pending', 'In progress']),
      account: count(),
      service: count(),
      service_name: word(),
      link: word(),
      asked_at: moment(),
      supplier: word().nullable(),
      state: word().nullable(),
      their_refill: word().nullable(),
      words: word().nullable(),
      due_at: moment().nullable(),
    }),
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
    row: z.object({
      order: big(),
      kind: word(),
      status: word(),
      account: count(),
      service: count(),
      service_name: word(),
      link: word(),
      quantity: big(),
      remains: big(),
      asked_at: moment(),
      supplier: word().nullable(),
      supplier_id: count().nullable(),
      protocol: word().nullable(),
      state: word().nullable(),
      told: yesNo(),
      words: word().nullable(),
    }),
    async read(db, { supplier = null }, { cursor, most }) {
      const rows = await listCancelsAsked(db, supplier, { before: cursor, most })
      return { rows, next: nextOf(rows, most, (row) => row.order) }
    },
  }),
]
