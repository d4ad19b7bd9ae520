import { finalStatuses, openStatuses, type OrderStatus } from '../../../../contract/statuses.ts'
import type { OrderFilter } from '../../../orders/list.ts'

/** The filters of a list of orders, as its address has them; an empty one does not filter. */
export interface AskedOrders {
  readonly status: string
  readonly find: string
  readonly service: string
  readonly from: string
  readonly to: string
  /** `shown` includes the runs of drip-feeds. */
  readonly runs: string
  /** `test` selects the orders of test keys. */
  readonly book: string
}

/** The most orders that are shown, selected and refreshed at a time. */
export const ORDERS_PER_PAGE = 50

const OPEN: readonly OrderStatus[] = [...openStatuses, 'Active', 'Paused']
/** The statuses of each tab, by its name in the address. */
const GROUPS: Readonly<Record<string, readonly OrderStatus[]>> = { '': [...OPEN, ...finalStatuses], open: OPEN, ended: finalStatuses }

/** The most services that a name may match. */
const MOST_SERVICES = 50

export function askedIn(query: URLSearchParams): AskedOrders {
  const text = (name: string) => query.get(name)?.trim().toWellFormed().replaceAll('\0', '') ?? ''
  const status = text('status')
  const isKnown = Object.hasOwn(GROUPS, status) || GROUPS['']!.includes(status as OrderStatus)
  return {
    status: isKnown ? status : '',
    find: text('find'),
    service: text('service'),
    from: text('from'),
    to: text('to'),
    runs: text('runs') === 'shown' ? 'shown' : '',
    book: text('book') === 'test' ? 'test' : '',
  }
}

const DAY_MS = 86_400_000

/** The filter, and the fields that could not be read; those match nothing. `services` finds services by name. */
export function filterOf(
  asked: AskedOrders,
  services: (name: string) => readonly number[],
): { filter: OrderFilter; unread: readonly (keyof AskedOrders)[] } {
  const { status, find, service } = asked
  const [from, to] = [dayOf(asked.from), dayOf(asked.to)]
  const serviceIds = /^\d{1,9}$/.test(service) ? [Number(service)] : service === '' ? [] : services(service).slice(0, MOST_SERVICES)
  const filter = {
    statuses: GROUPS[status] ?? [status as OrderStatus],
    serviceIds,
    withRuns: asked.runs === 'shown',
    from,
    to: to && new Date(to.getTime() + DAY_MS),
    find,
  }
  const read = { from, to, service: serviceIds.length > 0 || null }
  return { filter, unread: (['service', 'from', 'to'] as const).filter((name) => asked[name] !== '' && read[name] === null) }
}

/** The beginning of a day in UTC, the time zone of all pages. */
function dayOf(text: string): Date | null {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : null
  // Date would turn 2026-02-31 into a day in March.
  return day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? day : null
}
