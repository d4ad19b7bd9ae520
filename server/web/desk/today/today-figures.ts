import type { HourTotals, Totals } from '../../../reports/read.ts'
import { dayAfter, dayOf } from '../reports/days.ts'

const HOUR_MS = 3_600_000
export const DAYS_SHOWN = 14
const A_WEEK = 7

/** The figures of a stretch of time, and those of the same stretch a week before. */
export interface Compared {
  readonly name: string
  readonly totals: Totals
  readonly before: Totals
}

export interface TodayFigures {
  readonly currency: string
  /** The currencies in which anything was sold, the one that was sold most in first. */
  readonly currencies: readonly string[]
  /** From midnight (UTC) to now. */
  readonly today: Compared
  /** The hours of today that have passed: only these can be compared with the week before. */
  readonly passed: Compared
  /** When they ended: 0 to 23. */
  readonly passedUntil: number
  /** The 24 hours of today. */
  readonly hours: readonly Compared[]
  /** The last days, today last. */
  readonly days: readonly Compared[]
}

/** How far back the hours must be read. */
export function beginOf(now: Date): Date {
  return new Date(`${dayAfter(dayOf(now), 1 - DAYS_SHOWN - A_WEEK)}T00:00Z`)
}

/** `wanted`: the currency to show, if anything was sold in it. */
export function todayFigures(all: readonly HourTotals[], wanted: string | null, now: Date): TodayFigures {
  const currencies = currenciesOf(all)
  const currency = currencies.find((one) => one === wanted) ?? currencies[0] ?? (isCurrency(wanted) ? wanted : 'USD')
  const hours = all.filter((row) => row.currency === currency)
  const today = dayOf(now)
  const midnight = new Date(`${today}T00:00Z`).getTime()
  const sum = (from: number, to: number) => sumOf(currency, hours.filter(({ hour }) => hour.getTime() >= from && hour.getTime() < to)) // prettier-ignore
  const compared = (name: string, from: number, to: number): Compared => {
    const back = A_WEEK * 24 * HOUR_MS
    return { name, totals: sum(from, to), before: sum(from - back, to - back) }
  }
  const days = Array.from({ length: DAYS_SHOWN }, (_, at) => dayAfter(today, at + 1 - DAYS_SHOWN))
  return {
    currency,
    currencies,
    today: compared(today, midnight, midnight + 24 * HOUR_MS),
    passed: compared(today, midnight, midnight + now.getUTCHours() * HOUR_MS),
    passedUntil: now.getUTCHours(),
    hours: Array.from({ length: 24 }, (_, hour) => compared(String(hour), midnight + hour * HOUR_MS, midnight + (hour + 1) * HOUR_MS)),
    days: days.map((day) => {
      const from = new Date(`${day}T00:00Z`).getTime()
      return compared(day, from, from + 24 * HOUR_MS)
    }),
  }
}

function currenciesOf(all: readonly HourTotals[]): string[] {
  const sold = new Map<string, bigint>()
  for (const { currency, sold: more } of all) sold.set(currency, (sold.get(currency) ?? 0n) + more)
  return [...sold].toSorted((a, b) => Number(b[1] - a[1])).map(([currency]) => currency)
}

function sumOf(currency: string, rows: readonly Totals[]): Totals {
  const sum = (of: (row: Totals) => bigint) => rows.reduce((total, row) => total + of(row), 0n)
  return {
    currency,
    orders: sum((row) => row.orders),
    sold: sum((row) => row.sold),
    refunds: sum((row) => row.refunds),
    givenBack: sum((row) => row.givenBack),
    cost: sum((row) => row.cost),
    costSaid: sum((row) => row.costSaid),
    unpriced: sum((row) => row.unpriced),
  }
}

function isCurrency(text: string | null): text is string {
  return text !== null && /^[A-Z]{3}$/.test(text)
}
