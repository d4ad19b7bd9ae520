import { z } from 'zod'
import { readCatalogue, type Service } from '../catalog/catalogue.ts'
import { listCategories } from '../catalog/categories.ts'
import { listRatesOfGroup } from '../catalog/group-rates.ts'
import { readSheet, type SheetPlace, WHOLE_SHEET } from '../catalog/sheet.ts'
import { showTerms } from '../catalog/terms.ts'
import { listGroups } from '../customers/groups.ts'
import { big, count, decimal, word, yesNo } from './columns.ts'
import { type List, list, nextOf, number } from './list.ts'

/** A place in the order of the services, as one number. */
const ID_BITS = 31n
const cursorOf = ({ position, id }: SheetPlace) => (BigInt(position) << ID_BITS) | BigInt(id)
const placeOf = (cursor: bigint): SheetPlace => ({ position: Number(cursor >> ID_BITS), id: Number(cursor & ((1n << ID_BITS) - 1n)) })

const measured = z.object({ median: z.number(), p95: z.number() }).nullable()
/** What the catalogue knows of a service. */
const detailColumns = z.object({
  dripfeed: yesNo(), refill: yesNo(), cancel: yesNo(), refill_count: count().nullable(), start_within: count().nullable(), finish_within: count().nullable(),
  when_missed: z.enum(['cancel', 'compensate']).nullable(), compensation_basis_points: count().nullable(), start_time: measured, finish_time: measured,
}) // prettier-ignore

export const serviceLists: readonly List[] = [
  list({
    name: 'services',
    does: 'all services in the order in which customers see them, also those that are not on sale, with what they cost',
    permission: 'services.read',
    filters: z.object({
      q: z.string().max(200).optional().describe('words that the name, the category or the number has'),
      category: z.string().max(500).optional().describe('only those of this category'),
      state: z.enum(['on sale', 'disabled', 'hidden']).optional().describe('only those in this state'),
      supplier: number.max(2_147_483_647).optional().describe('only those that this supplier is asked first for'),
      trouble: z
        .enum(['below cost', 'no supplier', 'no cost', 'paused'])
        .optional()
        .describe('only those with a price below the cost, without a supplier or a known cost, or that a sync took off sale'),
    }),
    row: z.object({
      service: count(),
      name: word(),
      type: word(),
      category: word(),
      rate: decimal(),
      cost: decimal().nullable(),
      min: big(),
      max: big(),
      state: z.enum(['on sale', 'disabled', 'hidden']),
      supplier: count().nullable(),
      ...detailColumns.partial().shape,
    }),
    async read(db, { q = '', category = null, state = null, supplier = null, trouble = null }, { cursor, most }) {
      const filter = { ...WHOLE_SHEET, text: q, category, state, supplier, trouble }
      const [found, { services }] = await Promise.all([
        readSheet(db, filter, { from: cursor === null ? null : placeOf(cursor), most }),
        readCatalogue(db),
      ])
      const rows = found.map((row) => ({
        service: row.id,
        name: row.name,
        type: row.type,
        category: row.category,
        rate: row.rate,
        cost: row.cost,
        min: row.min,
        max: row.max,
        ...details(services.get(row.id)),
        state: row.state,
        supplier: services.get(row.id)?.supplierId ?? null,
      }))
      return { rows, next: nextOf(found, most, cursorOf) }
    },
  }),
  list({
    name: 'categories',
    does: 'the categories in the order in which customers see them, and how many of their services are on sale, paused and hidden',
    permission: 'services.read',
    filters: z.object({}),
    row: z.object({ category: word(), on_sale: count(), disabled: count(), hidden: count() }),
    async read(db) {
      const rows = (await listCategories(db)).map(({ category, onSale, disabled, hidden }) => ({
        category,
        on_sale: onSale,
        disabled,
        hidden,
      }))
      return { rows, next: null }
    },
  }),
  list({
    name: 'groups',
    does: 'groups of customers with their discounts',
    permission: 'accounts.read',
    filters: z.object({}),
    row: z.object({ group: count(), name: word(), discount_percent: z.number() }),
    async read(db, _, { cursor, most }) {
      const groups = await listGroups(db, Number(cursor ?? 0n), most)
      const rows = groups.map(({ id, name, discountBasisPoints }) => ({ group: id, name, discount_percent: discountBasisPoints / 100 }))
      return { rows, next: nextOf(groups, most, (row) => row.id) }
    },
  }),
  list({
    name: 'group-rates',
    does: 'what the accounts of a group pay by agreement',
    permission: 'accounts.read',
    filters: z.object({ group: number.max(2_147_483_647).describe('number of the group') }),
    row: z.object({ service: count(), name: word(), rate: decimal(), others: decimal() }),
    async read(db, { group }) {
      const rows = (await listRatesOfGroup(db, group)).map(({ service, name, groupRate, rate }) => ({
        service,
        name,
        rate: groupRate,
        others: rate,
      }))
      return { rows, next: null }
    },
  }),
]

function details(service: Service | undefined) {
  return service && { dripfeed: service.dripfeed, refill: service.refill, cancel: service.cancel, ...showTerms(service) }
}
