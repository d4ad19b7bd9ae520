import { serviceTypeByName } from '../../contract/service-types.ts'
import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import { formatUnits, type Units } from '../ledger/money.ts'
import { publishedWord } from './statuses.ts'

/** An order with the fields that staff see. */
export interface OrderRow {
  readonly id: bigint
  readonly accountId: number
  readonly currency: string
  readonly kept: Units
  readonly link: string
  readonly startCount: bigint
  readonly quantity: bigint
  readonly remains: bigint
  readonly serviceId: number
  readonly serviceName: string
  readonly type: string
  readonly supplier: string
  readonly status: OrderStatus
  readonly parameters: Readonly<Record<string, string>> | null
  readonly placedAt: Date
  readonly endedAt: Date | null
  readonly cancelAsked: boolean
  readonly parentId: bigint | null
}

/** The columns of an OrderRow; `o` is the order. */
export const ORDER_COLUMNS = `
  o.id, b.account_id as "accountId", b.currency, o.charge - o.refunded as kept, o.link, o.start_count as "startCount", o.quantity, o.remains,
  o.service_id as "serviceId", s.name as "serviceName", s.type, p.name as supplier, o.status::text, o.parameters, o.placed_at as "placedAt",
  o.ended_at as "endedAt", o.cancel_asked_at is not null as "cancelAsked", c.parent_id as "parentId"`
export const ORDER_JOINS = `
  join books b on b.id = o.book_id join services s on s.id = o.service_id join suppliers p on p.id = o.supplier_id
  left join child_orders c on c.order_id = o.id`

const BY_ID = `
  select ${ORDER_COLUMNS} from orders o ${ORDER_JOINS}
  where o.id = any($1::bigint[]) and o.supplier_id = any($2::int[]) order by o.id`

/** The orders that belong to these suppliers, oldest first; others are left out. */
export async function readOrders(db: Queryable, ids: readonly bigint[], suppliers: readonly number[]): Promise<OrderRow[]> {
  return (await db.query<OrderRow>({ name: 'staff orders by id', text: BY_ID, values: [ids, suppliers] })).rows
}

/**
 * The names and formats of the published Admin API; the last four fields are ours. It shows a customer's user name where we show the account's
 * number: staff who do the work do not need the customer's address.
 */
export function showOrder(row: OrderRow) {
  return {
    // The parameters of the type come first, so that none of them can replace a field of the order.
    ...row.parameters,
    id: row.id,
    external_id: null,
    user: String(row.accountId),
    creation_type: 'api',
    charge: { value: formatUnits(row.kept), currency_code: row.currency, formatted: `${formatUnits(row.kept)} ${row.currency}` },
    link: row.link,
    order_buttons: buttonsOf(row),
    start_count: row.startCount,
    quantity: row.quantity,
    service_id: row.serviceId,
    service_type: row.type,
    service_name: row.serviceName,
    provider: row.supplier,
    status: publishedWord(row.status),
    remains: row.remains,
    created: dateText(row.placedAt),
    created_timestamp: seconds(row.placedAt),
    mode: 'manual',
    actions: actionsOf(row),
    // Ours: the service under the short name of the customers' API, a cancel request, the drip-feed that the order is a run of, and its end.
    service: row.serviceId,
    cancel_asked: row.cancelAsked,
    parent_id: row.parentId,
    ended_timestamp: row.endedAt && seconds(row.endedAt),
  }
}

/** Lists (comments, user names, …) as the published API shows them: one button per list, with the text lines behind it. */
function buttonsOf({ type, parameters }: OrderRow) {
  const lists = serviceTypeByName.get(type)?.fields.filter((field) => field.kind === 'lines') ?? []
  return lists.flatMap(({ name }) => {
    const text = parameters?.[name]
    const lines = text?.split(/\r?\n/).filter((line) => line.trim() !== '')
    return lines ? [{ title: name, service_type: type, type: name, user_data: lines }] : []
  })
}

function actionsOf({ endedAt }: OrderRow) {
  const open = endedAt === null
  return { set_partial: open, cancel_and_refund: open, request_cancel: open, change_status: open }
}

export function dateText(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

export function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

interface EventRow {
  at: Date
  by: string
  status: string
  startCount: bigint | null
  remains: bigint | null
  words: string | null
  refillId: bigint | null
}

const TIMELINE = `
  select at, by, status, start_count as "startCount", remains, words, refill_id as "refillId" from order_events
  where order_id = $1 order by change desc limit 500`

/** The events of the order after it was placed: the newest 500, oldest first. Ours, like `parameters` elsewhere. */
export async function readTimeline(db: Queryable, id: bigint) {
  const { rows } = await db.query<EventRow>({ name: 'staff timeline', text: TIMELINE, values: [id] })
  return rows.toReversed().map((row) => ({
    at: dateText(row.at),
    timestamp: seconds(row.at),
    by: row.by,
    status: row.status.toLowerCase().replace(' ', '_'),
    start_count: row.startCount,
    remains: row.remains,
    words: row.words,
    refill_id: row.refillId,
  }))
}
