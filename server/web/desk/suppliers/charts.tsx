import type { BalanceHour } from '../../../suppliers/balances.ts'
import type { SupplierHour } from '../../../suppliers/calls.ts'
import type { Texts } from '../../../texts/texts.ts'
import { BarChart, roundTop } from '../../ui/bar-chart.tsx'
import { callTimeText, countText } from '../../ui/figures.tsx'
import { decimalText } from './words.tsx'

/** Rows of a span of time; what has no row is nothing. */
export interface Span<Row> {
  readonly rows: readonly Row[]
  /** A moment in the first hour or day. */
  readonly from: Date
  readonly count: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

interface ChartProps<Row> {
  readonly texts: Texts
  readonly span: Span<Row>
}

/** Calls by the hour, those without an answer on top of the others. */
export function CallsChart({ texts, span }: ChartProps<SupplierHour>) {
  const slots = slotsOf(span, HOUR_MS, (row) => row.hour)
  const highest = Math.max(0, ...span.rows.map((row) => Number(row.calls)))
  const top = roundTop(highest)
  return (
    <BarChart
      id="calls"
      title={texts.text('desk.suppliers.chart.calls')}
      legend={[texts.text('desk.suppliers.chart.answered'), texts.text('desk.suppliers.chart.failed')]}
      bars={slots.map(({ at, rows: [row] }) => ({
        text: texts.text('desk.suppliers.chart.callsOf', {
          hour: hourText(texts, at),
          calls: countText(texts, row?.calls ?? 0n),
          failed: countText(texts, row?.failures ?? 0n),
        }),
        parts: row ? [Number(row.calls - row.failures), Number(row.failures)] : [0, 0],
      }))}
      top={{ value: top, text: countText(texts, BigInt(Math.round(top))) }}
      below={below(slots, (at) => hourText(texts, at))}
      direction={texts.language.direction ?? 'ltr'}
    />
  )
}

/** The mean time of a call by the hour. */
export function LatencyChart({ texts, span }: ChartProps<SupplierHour>) {
  const slots = slotsOf(span, HOUR_MS, (row) => row.hour)
  const top = roundTop(Math.max(0, ...span.rows.map((row) => row.mean)), 100)
  return (
    <BarChart
      id="latency"
      title={texts.text('desk.suppliers.chart.latency')}
      bars={slots.map(({ at, rows: [row] }) => ({
        text: texts.text('desk.suppliers.chart.latencyOf', {
          hour: hourText(texts, at),
          mean: callTimeText(texts, row?.mean ?? null),
          slowest: callTimeText(texts, row?.slowest ?? null),
        }),
        parts: [row?.mean ?? 0],
      }))}
      top={{ value: top, text: callTimeText(texts, top) }}
      below={below(slots, (at) => hourText(texts, at))}
      direction={texts.language.direction ?? 'ltr'}
    />
  )
}

/** What was spent there by the day (UTC). */
export function SpentChart({ texts, span }: ChartProps<BalanceHour>) {
  const slots = slotsOf(span, DAY_MS, (row) => row.hour)
  const sums = slots.map(({ at, rows }) => ({ at, spent: rows.reduce((sum, row) => sum + Number(row.spent), 0) }))
  const top = roundTop(Math.max(0, ...sums.map(({ spent }) => spent)))
  return (
    <BarChart
      id="spent"
      title={texts.text('desk.suppliers.chart.spent')}
      bars={sums.map(({ at, spent }) => ({
        text: texts.text('desk.suppliers.chart.spentOf', { day: dayText(texts, at), spent: decimalText(texts, String(spent)) }),
        parts: [spent],
      }))}
      top={{ value: top, text: decimalText(texts, String(top)) }}
      below={below(slots, (at) => dayText(texts, at))}
      direction={texts.language.direction ?? 'ltr'}
    />
  )
}

interface Slot<Row> {
  readonly at: Date
  readonly rows: readonly Row[]
}

function slotsOf<Row>({ rows, from, count }: Span<Row>, lengthMs: number, momentOf: (row: Row) => Date): Slot<Row>[] {
  const first = Math.floor(from.getTime() / lengthMs)
  const slots = Array.from({ length: count }, (_, at) => ({ at: new Date((first + at) * lengthMs), rows: [] as Row[] }))
  for (const row of rows) slots[Math.floor(momentOf(row).getTime() / lengthMs) - first]?.rows.push(row)
  return slots
}

function below<Row>(slots: readonly Slot<Row>[], text: (at: Date) => string): string[] {
  return [slots[0]!, slots[Math.floor(slots.length / 2)]!, slots.at(-1)!].map(({ at }) => text(at))
}

function hourText({ language }: Texts, at: Date): string {
  return new Intl.DateTimeFormat(language.code, { weekday: 'short', hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(at)
}

function dayText({ language }: Texts, at: Date): string {
  return new Intl.DateTimeFormat(language.code, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(at)
}
