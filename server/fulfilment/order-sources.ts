import { finalStatuses, openStatuses, type OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'

/** Which orders staff want to see; null: whatever it is. */
export interface AllOrdersFilter {
  readonly state: OrderState | null
  readonly service: number | null
  readonly supplier: number | null
  readonly account: number | null
  readonly key: number | null
  readonly origin: OrderOrigin | null
  /** Placed at this moment or later. */
  readonly from: Date | null
  /** Placed before this moment. */
  readonly to: Date | null
  /** Only these, which a search has found. */
  readonly ids: readonly bigint[] | null
}

export const orderOrigins = ['plain', 'drip-feed', 'run', 'subscription', 'post'] as const
export type OrderOrigin = (typeof orderOrigins)[number]

/** Groups of statuses; `attention`: a person must decide. */
export const stateGroups = ['open', 'ended', 'attention'] as const
export type OrderState = (typeof stateGroups)[number] | OrderStatus

/** All that a list may be asked for, groups first. */
export const orderStates: readonly [OrderState, ...OrderState[]] = [...stateGroups, ...openStatuses, 'Active', 'Paused', ...finalStatuses]

export const EVERY_ORDER: AllOrdersFilter = {
  state: null,
  service: null,
  supplier: null,
  account: null,
  key: null,
  origin: null,
  from: null,
  to: null,
  ids: null,
}

/** Where a list begins and ends. Null: at the newest, at the first. */
export interface Bounds {
  /** The last order of the page before. */
  readonly before: bigint | null
  /** For lists in the order of placing: when `before` was placed. */
  readonly beforeAt: string | null
  /** Orders placed in the days asked for have numbers from here … */
  readonly lowest: bigint | null
  /** … to below here. */
  readonly highest: bigint | null
}

/** Candidates that one index gives in the order of the list, and how many of them are looked at for one page. Everything else that the filter asks is
 * checked on each candidate. */
export interface OrderSource {
  readonly name: string
  readonly most: number
  /** Selects `id`, and `placed_at` where that is their order. Parameters are written by `value`. */
  text(value: (given: unknown) => string): string
  readonly order: readonly ('id' | 'placed_at')[]
}

/** Orders looked at in the order of their numbers: about 500 pages of the table. */
const MOST_WALKED = 20_000
/** Candidates that stand in another table or index, so that each order is read apart. */
const MOST_READ_APART = 2000

const TOP = 9_223_372_036_854_775_807n

function range(column: string, { before, lowest, highest }: Bounds, value: (given: unknown) => string): string {
  const below = [before ?? TOP, highest ?? TOP].reduce((least, one) => (one < least ? one : least))
  return `${column} < ${value(below)}::bigint and ${column} >= ${value(lowest ?? 0n)}::bigint`
}

/** All orders by their numbers, the newest first. */
export function everyOrder(bounds: Bounds): OrderSource {
  return {
    name: 'orders',
    most: MOST_WALKED,
    order: ['id'],
    text: (value) => `select id from orders where ${range('id', bounds, value)} order by id desc`,
  }
}

export function theseOrders(ids: readonly bigint[], bounds: Bounds): OrderSource {
  return {
    name: 'these',
    most: ids.length + 1,
    order: ['id'],
    text: (value) => `select id from unnest(${value(ids)}::bigint[]) as t(id) where ${range('id', bounds, value)} order by id desc`,
  }
}

// The hand-offs know their supplier in the order of the orders' numbers, and the queues those that were not handed over yet.
export function ordersAt(supplier: number, bounds: Bounds): OrderSource {
  return {
    name: 'supplier',
    most: MOST_READ_APART,
    order: ['id'],
    text: (value) => {
      const newest = `order by id desc limit ${MOST_READ_APART}`
      const at = value(supplier)
      return `select id from (
        (select order_id as id from hand_offs where supplier_id = ${at} and ${range('order_id', bounds, value)} order by order_id desc limit ${MOST_READ_APART})
        union
        (select id from orders where supplier_id = ${at} and not sent and not ended and kind = 'single' and ${range('id', bounds, value)} ${newest})
        union
        (select id from orders where supplier_id = ${at} and not sent and not ended and kind = 'subscription' and ${range('id', bounds, value)} ${newest})
      ) s order by id desc`
    },
  }
}

const TABLE_OF = {
  'drip-feed': 'drip_feeds',
  subscription: 'subscriptions',
  run: 'child_orders',
  post: 'child_orders',
} as const satisfies Readonly<Record<string, string>>

export function ordersFrom(origin: keyof typeof TABLE_OF, bounds: Bounds): OrderSource {
  return {
    name: TABLE_OF[origin],
    most: MOST_READ_APART,
    order: ['id'],
    text: (value) => `select order_id as id from ${TABLE_OF[origin]} where ${range('order_id', bounds, value)} order by order_id desc`,
  }
}

// Few at any time. An order that was sent needs a person when its supplier reports an end that is not believed: then it has an alert.
export function ordersForAPerson(bounds: Bounds): OrderSource {
  return {
    name: 'attention',
    most: MOST_READ_APART,
    order: ['id'],
    text: (value) => `
      select id from (
        select h.order_id as id from suppliers s cross join lateral (
          (select order_id from hand_offs where supplier_id = s.id and state = 'unconfirmed' limit ${MOST_READ_APART})
          union all
          (select order_id from hand_offs where supplier_id = s.id and state = 'attention' limit ${MOST_READ_APART})
        ) h
        union
        select order_id from alerts where kind = 'partial not believed' and closed_at is null
      ) a where ${range('id', bounds, value)} order by id desc`,
  }
}

/** The statuses of a state among those that an index of open orders, or of ended ones, knows. */
export function statusesOf(state: OrderState | null): { open: readonly OrderStatus[]; ended: readonly OrderStatus[] } {
  const open: readonly OrderStatus[] = [...openStatuses, 'Active', 'Paused']
  if (state === null) return { open, ended: finalStatuses }
  if (state === 'open' || state === 'attention') return { open, ended: [] }
  if (state === 'ended') return { open: [], ended: finalStatuses }
  return { open: open.filter((status) => status === state), ended: finalStatuses.filter((status) => status === state) }
}

// As the customer's own list reads them (server/orders/list.ts): open orders of the book in the order of placing, ended ones by a step per status.
export function ordersOfAccount(filter: AllOrdersFilter, { before, beforeAt }: Bounds, most: number): OrderSource {
  const { open, ended } = statusesOf(filter.state)
  return {
    name: 'account',
    most,
    order: ['placed_at', 'id'],
    text: (value) => {
      const service = filter.service === null ? '' : `and o.service_id = ${value(filter.service)}`
      const edge =
        before === null
          ? `(${value(filter.to ?? 'infinity')}::timestamptz, 0::bigint)`
          : `(${value(beforeAt)}::timestamptz, ${value(before)}::bigint)`
      const further = `${service} and o.placed_at >= ${value(filter.from ?? '-infinity')}::timestamptz and (o.placed_at, o.id) < ${edge}
        order by o.placed_at desc, o.id desc limit ${most}`
      const openOnes = () =>
        `(select o.id, o.placed_at from orders o where o.book_id = b.id and not o.ended and o.status = any(${value(open)}::order_status[]) ${further})`
      const endedOnes = () => `(select e.id, e.placed_at from unnest(${value(ended)}::order_status[]) as w(status) cross join lateral (
        select o.id, o.placed_at from orders o where o.book_id = b.id and o.ended and o.outcome = w.status ${further}) e)`
      const branches = [...(open.length > 0 ? [openOnes()] : []), ...(ended.length > 0 ? [endedOnes()] : [])]
      return `select o.id, o.placed_at from (select id from books where account_id = ${value(filter.account)}) b cross join lateral (${branches.join(' union all ')}) o
        order by o.placed_at desc, o.id desc`
    },
  }
}

/** A service with more ended orders than this is so common that its orders stand among the newest, or that reading all of it takes too long. */
const MOST_OF_A_SERVICE = 20_000

// Index of open orders: the service stands behind its order, so all open orders are looked through in the index, and none is read but those of the
// service. `offset 0`: a walk through all orders by their numbers, which the planner may take for `order by id`, would have no bound.
export function ordersOfService(filter: AllOrdersFilter, bounds: Bounds): OrderSource {
  const { open, ended } = statusesOf(filter.state)
  return {
    name: 'service',
    most: MOST_READ_APART,
    order: ['id'],
    text: (value) => {
      const service = value(filter.service)
      const openOnes = () =>
        `(select id from orders where not ended and service_id = ${service} and ${range('id', bounds, value)} offset 0)`
      const endedOnes =
        () => `(select id from orders where ended and service_id = ${service} and outcome = any(${value(ended)}::order_status[])
        and ${range('id', bounds, value)} offset 0)`
      const branches = [...(open.length > 0 ? [openOnes()] : []), ...(ended.length > 0 ? [endedOnes()] : [])]
      return `select id from (${branches.join(' union all ')}) s order by id desc`
    },
  }
}

const IS_COMMON = `select count(*) > ${MOST_OF_A_SERVICE} as common from (
  select from orders where ended and service_id = $1 limit ${MOST_OF_A_SERVICE} + 1) s`

/** Whether a service has so many orders that they are not all read. */
export async function isCommon(db: Queryable, service: number): Promise<boolean> {
  return (await db.query<{ common: boolean }>({ name: 'common service', text: IS_COMMON, values: [service] })).rows[0]!.common
}
