import { z } from 'zod'
import { type AllOrdersFilter, EVERY_ORDER, orderOrigins, orderStates } from '../fulfilment/order-sources.ts'
import { addExport, exportFormats } from '../jobs/exports.ts'
import { act } from './act.ts'
import { cli, id, orderId } from './fields.ts'

const A_MOMENT = 'It must be a day like 2026-12-31, or a moment like 2026-12-31T18:00Z.'
/** Days begin at midnight (UTC). */
const beginning = () =>
  cli(
    z
      .string(A_MOMENT)
      .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/, A_MOMENT)
      .refine((text) => !Number.isNaN(Date.parse(text)), A_MOMENT),
    { placeholder: '<day>' },
  )
const MOST_NUMBERS = 10_000

export const orderExport = act({
  name: 'order export',
  does: 'take a list of orders out as a file, made in the background: docket prints it, the desk and the API offer it when it has ended',
  permission: 'orders.read',
  input: z.object({
    state: cli(z.enum(orderStates), { placeholder: '<state>' })
      .optional()
      .describe('a status, or open, ended, attention: a person must decide'),
    service: id().optional().describe('only of this service'),
    supplier: id().optional().describe('only at this supplier, by its number'),
    account: id().optional().describe('only of this account'),
    key: id().optional().describe('only ordered with this key, by its number'),
    origin: cli(z.enum(orderOrigins), { placeholder: '<origin>' })
      .optional()
      .describe('single orders, drip-feeds and their runs, subscriptions and their posts'),
    from: beginning().optional().describe('placed at this moment or later'),
    to: beginning().optional().describe('placed before this moment'),
    orders: cli(z.array(orderId()).max(MOST_NUMBERS), { placeholder: '<list>' }).optional().describe('only these orders, like 1,4,10'),
    format: cli(z.enum(exportFormats, 'It must be csv or jsonl.'), { placeholder: '<csv|jsonl>' })
      .default('csv')
      .describe('a table, or one JSON object per line'),
  }),
  async run({ tx, now, actor, dryRun }, { format, orders, ...given }) {
    const filter = { ...EVERY_ORDER, ...given, ids: orders?.map(String) ?? null }
    // A number that a dry run took would stay taken.
    const number = dryRun ? null : Number(await addExport(tx, { kind: 'orders', filter, format }, actor, now))
    return { result: { export: number, format }, after: { ...given, ...(orders && { orders: orders.length }), format } }
  },
  says: ({ export: number }) => (number === null ? 'The orders would be taken out' : `The orders are taken out as file ${number}`),
})

/** The filter of an export of orders, as it was kept. */
export function filterOfOrders(kept: object): AllOrdersFilter {
  const { from, to, ids, ...rest } = { ...EVERY_ORDER, ...kept } as Omit<AllOrdersFilter, 'from' | 'to' | 'ids'> & KeptParts
  return { ...rest, from: from === null ? null : new Date(from), to: to === null ? null : new Date(to), ids: ids?.map(BigInt) ?? null }
}

interface KeptParts {
  readonly from: string | null
  readonly to: string | null
  readonly ids: readonly string[] | null
}
