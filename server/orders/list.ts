import { finalStatuses, openStatuses, type OrderStatus } from '../../contract/statuses.ts'
import { numberArray } from '../db/arrays.ts'
import type { Queryable } from '../db/pool.ts'
import { trimmedEnd } from '../text.ts'
import { IS_RUN } from './origins.ts'

/** An order in a customer's list. Money in units of 10⁻⁵. */
export interface ListedOrder {
  readonly id: bigint
  readonly serviceId: number
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  readonly status: OrderStatus
  readonly link: string
  readonly quantity: bigint
  readonly charge: bigint
  /** The part of its charge that was not refunded. */
  readonly kept: bigint
  readonly startCount: bigint
  readonly remains: bigint
  readonly ended: boolean
  readonly cancelAsked: boolean
  readonly placedAt: Date
  readonly endedAt: Date | null
  /** The drip-feed of a run, and which of its runs this is. Null for every other order. */
  readonly run: { readonly parentId: bigint; readonly number: number; readonly of: number } | null
}

/** Selects the orders of a list. */
export interface OrderFilter {
  readonly statuses: readonly OrderStatus[]
  /** Empty: all services. */
  readonly serviceIds: readonly number[]
  /** Includes the runs of drip-feeds, which are otherwise listed on the page of their drip-feed. */
  readonly withRuns: boolean
  /** Placed at this moment or later. */
  readonly from: Date | null
  /** Placed before this moment. */
  readonly to: Date | null
  /** A number, a link or a part of a link; empty: all. */
  readonly find: string
}

/** A page of a list: the orders placed before this one, or from the newest. */
export interface ListPage {
  readonly before: bigint | null
  readonly most: number
}

const COLUMNS = `o.id, o.service_id as "serviceId", o.kind, o.status, o.link, o.quantity, o.charge, o.charge - o.refunded as kept,
  o.start_count as "startCount", o.remains, o.ended, o.cancel_asked_at is not null as "cancelAsked", o.placed_at as "placedAt",
  o.ended_at as "endedAt", d.order_id as "parentId", c.number as "runNumber", d.runs as "runsOfParent"`
/** Joins a few orders `o` with the parents of their runs. */
const PARENTS = 'left join child_orders c on c.order_id = o.id left join drip_feeds d on d.order_id = c.parent_id'
const WITHIN = 'o.book_id = $1 and o.placed_at >= $2 and (o.placed_at, o.id) < ($3, $4)'
const NEWEST_FIRST = 'order by o.placed_at desc, o.id desc limit $5'
const NO_RUNS = `and not ${IS_RUN}`
/** A part of a link is searched in this number of the newest orders, because an index for it would make placing slower (docs/decisions/0014). */
export const LINKS_LOOKED_THROUGH = 5000

// Each kind of status uses the index that fits it (docs/decisions/0014): open orders in the order of placing, subscriptions among the followed
// orders, ended ones by a step per status. A branch without statuses is never executed.
const listOf = (further: string, limit: string) => `
    (select * from orders o where cardinality($6::order_status[]) > 0 and ${WITHIN} and not o.ended and o.status = any($6) ${further} ${limit})
    union all
    (select * from orders o where cardinality($7::order_status[]) > 0 and ${WITHIN} and not o.ended and o.kind = 'subscription'
      and o.status = any($7) ${further} ${limit})
    union all
    (select o.* from unnest($8::order_status[]) as w(status) cross join lateral (
      select * from orders o where ${WITHIN} and o.ended and o.outcome = w.status ${further} ${limit}
    ) o)`

// The same for some services: for open orders the index itself contains the service.
const listOfServices = (further: string, limit: string) => `
    (select * from orders o where ${WITHIN} and not o.ended and o.service_id = any($9) and (o.status = any($6) or o.status = any($7))
      ${further} ${limit})
    union all
    (select o.* from unnest($8::order_status[]) as w(status) cross join unnest($9::int[]) as s(id) cross join lateral (
      select * from orders o where ${WITHIN} and o.ended and o.service_id = s.id and o.outcome = w.status ${further} ${limit}
    ) o)`

// Searches a digest of the link, which the index of open orders has after their order.
const ofLink = (further: string) => `
    select o.* from unnest($10::text[]) as w(link) cross join lateral (
      (select * from orders o where ${WITHIN} and not o.ended and hashtext(o.link) = hashtext(w.link) and o.link = w.link
        and (cardinality($9::int[]) = 0 or o.service_id = any($9)) and (o.status = any($6) or o.status = any($7)) ${further} ${NEWEST_FIRST})
      union all
      (select * from orders o where ${WITHIN} and o.ended and hashtext(o.link) = hashtext(w.link) and o.link = w.link
        and (cardinality($9::int[]) = 0 or o.service_id = any($9)) and o.status = any($8) ${further} ${NEWEST_FIRST})
    ) o`

const partOfLink = (among: string) => `
    select * from (select * from (${among}) o order by o.placed_at desc, o.id desc limit ${LINKS_LOOKED_THROUGH}) o
    where position(lower($10::text) in lower(o.link)) > 0 ${NEWEST_FIRST}`

/** The columns of the orders found, of which $5 are returned. */
const shown = (found: string) => `
  select ${COLUMNS} from (select * from (${found}) o ${NEWEST_FIRST}) o ${PARENTS} order by o.placed_at desc, o.id desc`

const NEWEST_LINKS = `order by o.placed_at desc, o.id desc limit ${LINKS_LOOKED_THROUGH}`
const textsOf = (further: string) => ({
  all: shown(listOf(further, NEWEST_FIRST)),
  ofServices: shown(listOfServices(further, NEWEST_FIRST)),
  ofLink: shown(ofLink(further)),
  partOfLink: shown(partOfLink(`select o.* from (${listOf(further, NEWEST_LINKS)}) o where cardinality($9::int[]) = 0`)),
  partOfLinkOfServices: shown(partOfLink(listOfServices(further, NEWEST_LINKS))),
})
const TEXTS = { withRuns: textsOf(''), withoutRuns: textsOf(NO_RUNS) }

// A search for a number finds that order, also if it is a run.
const FIND_NUMBER = `
  select ${COLUMNS} from orders o ${PARENTS}
  where o.id = $10 and ${WITHIN} and (cardinality($9::int[]) = 0 or o.service_id = any($9))
    and o.status = any($6::order_status[] || $7::order_status[] || $8::order_status[]) ${NEWEST_FIRST}`

const SUBSCRIPTION_STATUSES: readonly OrderStatus[] = ['Active', 'Paused']

/** A book's orders, newest first. */
export async function listOrders(db: Queryable, bookId: number, filter: OrderFilter, page: ListPage): Promise<ListedOrder[]> {
  const { from, serviceIds } = filter
  const find = filter.find.trim()
  const among = (of: readonly OrderStatus[]) => filter.statuses.filter((status) => of.includes(status))
  const statuses = [among(openStatuses), among(SUBSCRIPTION_STATUSES), among(finalStatuses)]
  const shared = [bookId, from ?? '-infinity', ...(await edgeOf(db, bookId, filter.to, page.before)), page.most, ...statuses]
  const texts = filter.withRuns ? TEXTS.withRuns : TEXTS.withoutRuns
  const ask = async (name: string, text: string, ...more: unknown[]) =>
    (await db.query<ListedRow>({ name: `${name} ${filter.withRuns}`, text, values: [...shared, ...more] })).rows.map(listed)
  if (/^\d{1,18}$/.test(find)) return ask('find order', FIND_NUMBER, serviceIds, find)
  if (find === '')
    return serviceIds.length === 0 ? ask('list orders', texts.all) : ask('list orders of services', texts.ofServices, serviceIds)
  const found = await ask('find orders of link', texts.ofLink, serviceIds, spellingsOf(find))
  if (found.length > 0) return found
  return serviceIds.length === 0
    ? ask('find part of link', texts.partOfLink, serviceIds, find)
    : ask('find part of link of services', texts.partOfLinkOfServices, serviceIds, find)
}

type ListedRow = Omit<ListedOrder, 'run'> & {
  readonly parentId: bigint | null
  readonly runNumber: number | null
  readonly runsOfParent: number | null
}

function listed({ parentId, runNumber, runsOfParent, ...order }: ListedRow): ListedOrder {
  return { ...order, run: parentId === null ? null : { parentId, number: runNumber!, of: runsOfParent! } }
}

const LISTED = `select ${COLUMNS} from orders o ${PARENTS} where o.book_id = $1 and o.id = any($2::bigint[]) order by o.placed_at desc, o.id desc`

/** Returns those of these orders that belong to the book, newest first. */
export async function readListed(db: Queryable, bookId: number, ids: readonly bigint[]): Promise<ListedOrder[]> {
  if (ids.length === 0) return []
  return (await db.query<ListedRow>({ name: 'listed orders', text: LISTED, values: [bookId, numberArray(ids)] })).rows.map(listed)
}

const LAST_ID = '9223372036854775807'
const EDGE = 'select placed_at::text as at from orders where id = $1 and book_id = $2 and ($3::timestamptz is null or placed_at < $3)'

/** The position before which all orders of a page were placed: the last order of the page before it, or the end of the chosen days. */
export async function edgeOf(db: Queryable, bookId: number, to: Date | null, before: bigint | null): Promise<[at: unknown, id: unknown]> {
  const last =
    before === null ? [] : (await db.query<{ at: string }>({ name: 'edge of page', text: EDGE, values: [before, bookId, to] })).rows
  // Orders placed exactly at that moment do not belong to the list, so the id is below all others.
  return last.length > 0 ? [last[0]!.at, before] : to === null ? ['infinity', LAST_ID] : [to, 0]
}

/** The forms in which a link may have been ordered, because people omit what a browser does not show. Each costs a search through the open orders. */
export function spellingsOf(link: string): string[] {
  const bare = trimmedEnd(link, '/')
  const starts = /^https?:\/\//i.test(bare) || !bare.includes('.') ? [''] : ['', 'https://', 'http://']
  return [...new Set([link, ...starts.flatMap((start) => [`${start}${bare}`, `${start}${bare}/`])])]
}
