import type { ComponentChildren } from 'preact'
import type { ReportFilter } from '../../../reports/filter.ts'
import { address } from '../../ui/page-links.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { ORDERS } from '../orders/asked.ts'

/** Which orders a number counts. An hour is like 2026-03-01T14, and days are included. */
export interface Counted {
  readonly hour?: string
  readonly from?: string
  readonly to?: string
  readonly service?: number | null
  readonly supplier?: number | null
  readonly account?: number | null
}

/** A number that opens what it counts. */
export function Linked({ href, children }: { readonly href: string | undefined; readonly children: ComponentChildren }) {
  return href === undefined ? <>{children}</> : <a href={href}>{children}</a>
}

/** The list of the orders that a number counts. Undefined for those who may not see orders. */
export function ordersHref({ staff }: DeskContext, counted: Counted): string | undefined {
  return staff.may.has('orders.read') ? address(ORDERS, { ...counted }) : undefined
}

/** The lines of the books that gave money back on a day, and those before it. */
export function refundsHref(day: string): string {
  return address(`${DESK}/money`, { cause: 'refund', until: day })
}

/** Which orders a row of a report counts; undefined where the list of orders has no such filter. */
export function countedIn({ by, from, to, service, category, customer, supplier }: ReportFilter, key: string): Counted | undefined {
  const rest = { from, to, service, supplier, account: customer }
  if (category !== null) return undefined
  switch (by) {
    case 'hour':
      return { service, supplier, account: customer, hour: key.slice(0, 13).replace(' ', 'T') }
    case 'day':
      return { ...rest, from: key, to: key }
    case 'month':
      return { ...rest, from: `${key}-01`, to: lastDayOf(key) }
    case 'service':
      return { ...rest, service: Number(key) }
    case 'customer':
      return { ...rest, account: Number(key) }
    case 'supplier':
      return key === '0' ? undefined : { ...rest, supplier: Number(key) }
    case 'category':
      return undefined
    default:
      return by satisfies never
  }
}

/** The last day of a month like 2026-03. */
export function lastDayOf(month: string): string {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year ?? 0, number ?? 1, 0)).toISOString().slice(0, 10)
}
