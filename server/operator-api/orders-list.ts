import { z } from 'zod'
import { listAllOrders } from '../fulfilment/all-orders.ts'
import { readSearch } from '../fulfilment/find-orders.ts'
import { orderRow } from '../fulfilment/order-row.ts'
import { EVERY_ORDER, orderOrigins, orderStates } from '../fulfilment/order-sources.ts'
import { amount, big, count, moment, word, yesNo } from './columns.ts'
import { list } from './list.ts'

const id = () => z.coerce.number().int().min(1).max(2_147_483_647).optional()
const since = () => z.iso.datetime({ offset: true }).optional()

const filters = z.object({
  q: z
    .string()
    .max(20_000)
    .optional()
    .describe(
      "order numbers, a supplier's id, a link, an e-mail address, an account's number, the first characters of a key, or a retry key",
    ),
  state: z.enum(orderStates).optional().describe('a status, or open, ended, attention: a person must decide'),
  service: id().describe('only of this service'),
  supplier: id().describe('only at this supplier'),
  account: id().describe('only of this account'),
  key: id().describe('only ordered with this key'),
  origin: z.enum(orderOrigins).optional().describe('single orders, drip-feeds and their runs, subscriptions and their posts'),
  from: since().describe('placed at this moment or later'),
  to: since().describe('placed before this moment'),
})

const orderColumns = z.object({
  order: big(), account: count(), email: word(), test: yesNo(), key: count(), service: count(), supplier: word().nullable(), their_id: word().nullable(),
  hand_off: word().nullable(), kind: z.enum(['single', 'drip-feed', 'subscription']), origin: z.enum(['run', 'post']).nullable(), parent: big().nullable(),
  status: word(), link: word(), quantity: big(), start_count: big(), remains: big(), charge: amount(), refunded: amount(), currency: word(),
  cost: word().nullable(), cancel_asked: yesNo(), placed: moment(), started: moment().nullable(), ended: moment().nullable(),
}) // prettier-ignore

/** The orders of all accounts, as the desk lists them. */
export const ordersList = list({
  name: 'orders',
  does: 'orders of all accounts, the newest first. Where no index answers the filters, a page may have fewer rows than asked, or none, and still a next one',
  permission: 'orders.read',
  filters,
  row: orderColumns,
  async read(db, asked, { cursor, most }) {
    const { q, from, to, ...plain } = asked
    const reading = q === undefined ? null : await readSearch(db, q)
    const { state = null, service = null, supplier = null, origin = null } = plain
    const filter = {
      ...EVERY_ORDER,
      state,
      service,
      supplier,
      origin,
      account: plain.account ?? reading?.account ?? null,
      key: plain.key ?? reading?.key ?? null,
      ids: reading?.ids ?? null,
      from: from === undefined ? null : new Date(from),
      to: to === undefined ? null : new Date(to),
    }
    const { orders, next } = await listAllOrders(db, filter, { before: cursor, most })
    return { rows: orders.map(orderRow), next }
  },
})
