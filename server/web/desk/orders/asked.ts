import type { Queryable } from '../../../db/pool.ts'
import { MOST_FOUND, readSearch, type Reading } from '../../../fulfilment/find-orders.ts'
import {
  type AllOrdersFilter,
  EVERY_ORDER,
  type OrderOrigin,
  orderOrigins,
  type OrderState,
  orderStates,
} from '../../../fulfilment/order-sources.ts'
import { type ColumnName, columnNames, usualColumns } from './columns.tsx'

/** What the address of the list asks for. Everything that the list shows is in it. */
export interface Asked {
  readonly q: string
  readonly state: OrderState | null
  readonly service: number | null
  readonly supplier: number | null
  readonly account: number | null
  readonly key: number | null
  readonly origin: OrderOrigin | null
  /** Days, like 2026-03-01; both are included. */
  readonly from: string | null
  readonly to: string | null
  /** Instead of days: one hour (UTC), like 2026-03-01T14. */
  readonly hour: string | null
  readonly columns: readonly ColumnName[]
  readonly before: bigint | null
}

const MOST_ID = 2_147_483_647

/** What cannot be read is left out. */
export function askedIn(query: URLSearchParams): Asked {
  const text = (name: string) => query.get(name)?.trim() ?? ''
  const number = (name: string) => (/^\d{1,10}$/.test(text(name)) && Number(text(name)) <= MOST_ID ? Number(text(name)) : null)
  const day = (name: string) => (isDay(text(name)) ? text(name) : null)
  const columns = columnNames.filter((name) => query.getAll('column').includes(name))
  return {
    q: text('q').slice(0, MOST_FOUND * 20),
    state: orderStates.find((state) => state === text('state')) ?? null,
    service: number('service'),
    supplier: number('supplier'),
    account: number('account'),
    key: number('key'),
    origin: orderOrigins.find((origin) => origin === text('origin')) ?? null,
    from: day('from'),
    to: day('to'),
    hour: isHour(text('hour')) ? text('hour') : null,
    columns: columns.length > 0 ? columns : usualColumns,
    before: /^\d{1,18}$/.test(text('before')) ? BigInt(text('before')) : null,
  }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00Z`))
}

function isHour(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}:00Z`))
}

/** The part of the address behind the question mark, with these parts changed. The place in the list is kept only where it is given. */
export function addressOf(asked: Asked, change: Partial<Asked> = {}): string {
  const { columns, ...given } = { ...asked, before: null, ...change }
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(given)) if (value !== null && value !== '') parameters.append(name, String(value))
  if (columns.join(' ') !== usualColumns.join(' ')) for (const column of columns) parameters.append('column', column)
  return parameters.toString()
}

export const ORDERS = '/desk/orders'

export function hrefOf(asked: Asked, change: Partial<Asked> = {}): string {
  const rest = addressOf(asked, change)
  return rest === '' ? ORDERS : `${ORDERS}?${rest}`
}

/** What was asked for, with the search read. */
export interface Wanted {
  readonly filter: AllOrdersFilter
  readonly reading: Reading | null
}

export async function wantedBy(db: Queryable, asked: Asked): Promise<Wanted> {
  const reading = asked.q === '' ? null : await readSearch(db, asked.q)
  const { state, service, supplier, origin } = asked
  const filter: AllOrdersFilter = {
    ...EVERY_ORDER,
    state,
    service,
    supplier,
    origin,
    account: asked.account ?? reading?.account ?? null,
    key: asked.key ?? reading?.key ?? null,
    ...timeOf(asked),
    ids: reading?.ids ?? null,
  }
  return { filter, reading }
}

function timeOf({ from, to, hour }: Asked): { readonly from: Date | null; readonly to: Date | null } {
  if (hour !== null) return { from: new Date(`${hour}:00Z`), to: new Date(Date.parse(`${hour}:00Z`) + HOUR_MS) }
  return { from: from === null ? null : new Date(`${from}T00:00Z`), to: to === null ? null : new Date(Date.parse(`${to}T00:00Z`) + DAY_MS) }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Whether anything but a page of the whole list is asked for. */
export function isFiltered(asked: Asked): boolean {
  return addressOf(asked, { columns: usualColumns }) !== ''
}
