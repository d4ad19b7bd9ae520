import type { Queryable } from '../db/pool.ts'
import { type Incident, listIncidents, listOpenIncidents } from './incidents.ts'
import { DISTURBED } from './judge.ts'
import { orderTimeAt } from './latency.ts'
import {
  type Connection,
  type OrderTimes,
  readApiHours,
  readApiLately,
  readOrderTimes,
  readPaymentConnections,
  readSupplierConnections,
  readSupplierDays,
  type SupplierDay,
} from './read-figures.ts'
import { availableOver, DAY_MS, HOUR_MS, type Span, spansOf, startOf } from './spans.ts'

/** How a part of the house does now; `unknown`: there are no figures. */
export type State = 'up' | 'disturbed' | 'down' | 'unknown'

/** Times in seconds within which half of the orders, and 95% of them, started or finished; null: they are too few to say. */
export interface Times {
  readonly median: number
  readonly p95: number
}

export interface CategoryTimes {
  /** Null: of all services together. */
  readonly category: string | null
  readonly start: { readonly day: Times | null; readonly month: Times | null }
  readonly finish: { readonly day: Times | null; readonly month: Times | null }
}

export interface Connections {
  readonly state: State
  readonly answering: number
  readonly all: number
  /** Those that the operator tells by name. */
  readonly named: readonly { readonly name: string; readonly answers: boolean }[]
}

/** How the house does, all of it from figures but for what staff write about incidents. */
export interface Standing {
  readonly at: Date
  readonly state: State
  readonly api: {
    readonly state: State
    /** The share of 90 days in which the API was available; null: there are no figures. */
    readonly available: number | null
    readonly days: readonly Span[]
    readonly hours: readonly Span[]
    /** The last 24 hours as one. */
    readonly lately: Span
  }
  readonly suppliers: Connections & { readonly days: readonly { readonly day: string; readonly answered: number | null }[] }
  readonly deposits: Connections
  readonly orders: readonly CategoryTimes[]
  /** Those that are open, then the newest others. */
  readonly incidents: readonly Incident[]
  readonly hasMoreIncidents: boolean
}

export const DAYS = 90
const HOURS = 24
const LATELY_MS = 10 * 60_000
const MOST_OPEN = 20
const MOST_SETTLED = 5

export async function readStanding(db: Queryable, now: Date): Promise<Standing> {
  const from = startOf(DAY_MS, new Date(now.getTime() - (DAYS - 1) * DAY_MS))
  const dayAgo = startOf(HOUR_MS, new Date(now.getTime() - (HOURS - 1) * HOUR_MS))
  const monthAgo = startOf(DAY_MS, new Date(now.getTime() - 29 * DAY_MS))
  const hours = await readApiHours(db, from)
  const lately = await readApiLately(db, new Date(now.getTime() - LATELY_MS))
  const suppliers = connectionsOf(await readSupplierConnections(db))
  const supplierDays = await readSupplierDays(db, from)
  const deposits = connectionsOf(await readPaymentConnections(db))
  const orders = timesOf(await readOrderTimes(db, 'hours', dayAgo), await readOrderTimes(db, 'days', monthAgo))
  const open = await listOpenIncidents(db, MOST_OPEN)
  const newest = await listIncidents(db, { before: null, most: MOST_SETTLED + open.length + 1 })
  const settled = newest.filter((incident) => incident.settled !== null)
  const days = spansOf(hours, { from, span: DAY_MS, count: DAYS }, now)
  const byHour = spansOf(hours, { from: dayAgo, span: HOUR_MS, count: HOURS }, now)
  const api = stateOfCalls(lately)
  return {
    at: now,
    state: overall(api, [suppliers.state, deposits.state], open.length > 0),
    api: {
      state: api,
      available: availableOver(days),
      days,
      hours: byHour,
      lately: spansOf(hours, { from: dayAgo, span: DAY_MS, count: 1 }, now)[0]!,
    },
    suppliers: { ...suppliers, days: daysOfSuppliers(supplierDays, days) },
    deposits,
    orders,
    incidents: [...open, ...settled.slice(0, MOST_SETTLED)],
    hasMoreIncidents: settled.length > MOST_SETTLED,
  }
}

/** Half of the calls failing is no answer to speak of. */
const DOWN = 0.5

function stateOfCalls({ calls, failed }: { readonly calls: number; readonly failed: number }): State {
  const share = calls === 0 ? 0 : failed / calls
  if (share >= DOWN) return 'down'
  return share >= DISTURBED ? 'disturbed' : 'up'
}

function connectionsOf(connections: readonly Connection[]): Connections {
  const answering = connections.filter(({ answers }) => answers).length
  const all = connections.length
  const state = all === 0 ? 'unknown' : answering === 0 ? 'down' : answering < all ? 'disturbed' : 'up'
  return { state, answering, all, named: connections.flatMap(({ name, answers }) => (name === null ? [] : [{ name, answers }])) }
}

function overall(api: State, others: readonly State[], hasIncidents: boolean): State {
  if (api !== 'up') return api
  // One connection of several that is away for a moment holds up little: when it is away for long, there is an incident.
  return hasIncidents || others.includes('down') ? 'disturbed' : 'up'
}

function daysOfSuppliers(rows: readonly SupplierDay[], days: readonly Span[]): Standing['suppliers']['days'] {
  const byDay = new Map(rows.map((row) => [row.day, row]))
  return days.map(({ from }) => {
    const day = from.toISOString().slice(0, 10)
    const row = byDay.get(day)
    return { day, answered: row === undefined || row.calls === 0 ? null : 1 - row.failures / row.calls }
  })
}

/** Times are told of so many orders or more, like everywhere in the house. */
const FEWEST_ORDERS = 10

function timesOf(ofDay: readonly OrderTimes[], ofMonth: readonly OrderTimes[]): CategoryTimes[] {
  const [day, month] = [countsOf(ofDay), countsOf(ofMonth)]
  const categories = [...new Set([...day.keys(), ...month.keys()])].toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))
  return categories
    .map((category) => {
      const both = (measure: OrderTimes['measure']) => ({
        day: timesIn(day.get(category)?.[measure]),
        month: timesIn(month.get(category)?.[measure]),
      })
      return { category, start: both('start'), finish: both('finish') }
    })
    .filter(({ finish }) => finish.day !== null || finish.month !== null)
}

type Counts = Readonly<Record<OrderTimes['measure'], Map<number, number>>>

/** Orders per bucket, by category; null: of all together. */
function countsOf(rows: readonly OrderTimes[]): ReadonlyMap<string | null, Counts> {
  const counts = new Map<string | null, Counts>()
  for (const { category, measure, bucket, orders } of rows) {
    for (const each of [null, category]) {
      const found = counts.get(each) ?? { start: new Map(), finish: new Map() }
      counts.set(each, found)
      found[measure].set(bucket, (found[measure].get(bucket) ?? 0) + orders)
    }
  }
  return counts
}

function timesIn(counts: ReadonlyMap<number, number> | undefined): Times | null {
  if (counts === undefined || [...counts.values()].reduce((one, other) => one + other, 0) < FEWEST_ORDERS) return null
  return { median: orderTimeAt(counts, 0.5)!, p95: orderTimeAt(counts, 0.95)! }
}
