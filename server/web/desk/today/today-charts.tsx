import type { ComponentChildren } from 'preact'
import { UNITS_PER_WHOLE } from '../../../ledger/money.ts'
import { marginOf, type Totals } from '../../../reports/read.ts'
import { BarChart, roundTop } from '../../ui/bar-chart.tsx'
import { countText, moneyText } from '../../ui/figures.tsx'
import { address } from '../../ui/page-links.tsx'
import { Table } from '../../ui/table.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { dayAfter, dayText, hourText } from '../reports/days.ts'
import { Linked, ordersHref, refundsHref } from '../reports/rows-of.tsx'
import type { Compared, TodayFigures } from './today-figures.ts'

interface TodayChartsProps {
  readonly context: DeskContext
  readonly figures: TodayFigures
}

/** Today by the hour and the last days, each against the week before; every chart has its figures in a table behind it. */
export function TodayCharts({ context, figures: { hours, days, currency, today } }: TodayChartsProps) {
  const { texts } = context.ui.frame
  const money = (units: bigint) => moneyText(texts, units, currency)
  const parts = ({ sold, givenBack, cost }: Totals) => [sold - givenBack - cost, givenBack, cost].map(atLeastNothing)
  const legend = [texts.text('desk.report.margin'), texts.text('desk.report.given'), texts.text('desk.report.cost')]
  const hourName = ({ name }: Compared) => hourText(texts, Number(name))
  const dayName = ({ name }: Compared) => dayText(texts, name)
  const report = (by: string, day: string, sort: string | null = null) => address(`${DESK}/reports`, { by, from: day, to: day, currency, sort })
  const ofHour = ({ name }: Compared): RowsOf => {
    const orders = (day: string) => ordersHref(context, { hour: `${day}T${name.padStart(2, '0')}` })
    const same = orders(today.name)
    return { orders: same, sold: same, soldBefore: orders(weekBefore(today.name)), given: refundsHref(today.name), cost: same, margin: same }
  }
  const ofDay = ({ name }: Compared): RowsOf => ({
    orders: ordersHref(context, { from: name, to: name }),
    sold: report('service', name, 'sold'),
    soldBefore: report('service', weekBefore(name), 'sold'),
    given: refundsHref(name),
    cost: report('service', name, 'cost'),
    margin: report('service', name, 'margin'),
  })
  return (
    <>
      <div class="charts">
        <Chart
          context={context} id="sold-by-hour" title={texts.text('desk.today.soldByHour')} of={hours} nameOf={hourName} write={money}
          parts={parts} line={({ sold }) => sold} legend={legend} unit={UNITS_PER_WHOLE}
        />
        <Chart
          context={context} id="orders-by-hour" title={texts.text('desk.today.ordersByHour')} of={hours} nameOf={hourName}
          write={(value) => countText(texts, value)} parts={({ orders }) => [orders]} line={({ orders }) => orders} unit={1n}
        />
        <Chart
          context={context} id="sold-by-day" title={texts.text('desk.today.soldByDay')} of={days} nameOf={dayName} write={money}
          parts={parts} line={({ sold }) => sold} legend={legend} unit={UNITS_PER_WHOLE}
        />
      </div>
      <Behind context={context} title={texts.text('desk.today.hours')} of={hours} currency={currency} rowsOf={ofHour} name={(hour) => <a href={report('hour', today.name)}>{hourName(hour)}</a>} />
      <Behind context={context} title={texts.text('desk.today.days')} of={days.toReversed()} currency={currency} rowsOf={ofDay} name={(day) => <a href={report('service', day.name)}>{dayName(day)}</a>} />
    </>
  )
} // prettier-ignore

function weekBefore(day: string): string {
  return dayAfter(day, -7)
}

/** Where the rows behind the numbers of an hour or a day are. */
type RowsOf = Readonly<Record<'orders' | 'sold' | 'soldBefore' | 'given' | 'cost' | 'margin', string | undefined>>

interface ChartProps {
  readonly context: DeskContext
  readonly id: string
  readonly title: string
  readonly of: readonly Compared[]
  readonly nameOf: (compared: Compared) => string
  readonly write: (value: bigint) => string
  readonly parts: (totals: Totals) => readonly bigint[]
  readonly line: (totals: Totals) => bigint
  readonly legend?: readonly string[]
  /** The top of an empty chart. */
  readonly unit: bigint
}

function Chart({ context, id, title, of, nameOf, write, parts, line, legend, unit }: ChartProps) {
  const { texts } = context.ui.frame
  const heights = of.map(({ totals }) => parts(totals).map(Number))
  const before = of.map((compared) => Number(line(compared.before)))
  const highest = Math.max(...heights.map((height) => height.reduce((one, other) => one + other, 0)), ...before)
  const top = roundTop(highest, Number(unit))
  const weekBefore = texts.text('desk.today.weekBefore')
  const ends = [of[0]!, of[Math.floor(of.length / 2)]!, of.at(-1)!]
  return (
    <BarChart
      id={id}
      title={title}
      top={{ value: top, text: write(BigInt(Math.round(top))) }}
      bars={of.map((compared, at) => ({
        text: `${nameOf(compared)}: ${write(line(compared.totals))} (${weekBefore}: ${write(line(compared.before))})`,
        parts: heights[at]!,
      }))}
      below={ends.map(nameOf)}
      line={{ name: weekBefore, values: before }}
      direction={texts.language.direction ?? 'ltr'}
      {...(legend && { legend })}
    />
  )
}

function atLeastNothing(value: bigint): bigint {
  return value > 0n ? value : 0n
}

interface BehindProps {
  readonly context: DeskContext
  readonly title: string
  readonly of: readonly Compared[]
  readonly currency: string
  readonly name: (compared: Compared) => ComponentChildren
  readonly rowsOf: (compared: Compared) => RowsOf
}

/** The figures of a chart as a table. */
function Behind({ context, title, of, currency, name, rowsOf }: BehindProps) {
  const { texts } = context.ui.frame
  const money = (units: bigint) => moneyText(texts, units, currency)
  const headings = ['desk.report.orders', 'desk.report.sold', 'desk.today.soldBefore', 'desk.report.given', 'desk.report.cost', 'desk.report.margin'] as const // prettier-ignore
  const rows = of
    .filter(({ totals, before }) => totals.orders + totals.refunds + before.orders > 0n)
    .map((compared) => {
      const { totals, before } = compared
      const rows = rowsOf(compared)
      const amounts = { sold: totals.sold, soldBefore: before.sold, given: totals.givenBack, cost: totals.cost, margin: marginOf(totals) }
      const linked = (column: keyof RowsOf, text: string) => <Linked href={rows[column]}>{text}</Linked>
      const moneys = (Object.keys(amounts) as (keyof typeof amounts)[]).map((column) => linked(column, money(amounts[column])))
      return [name(compared), linked('orders', countText(texts, totals.orders)), ...moneys]
    })
  return (
    <details class="fold">
      <summary>{title}</summary>
      <div class="scroll">
        <Table
          caption={title}
          headings={[title, ...headings.map((heading) => texts.text(heading))]}
          rows={rows}
          figures={[1, 2, 3, 4, 5, 6]}
        />
      </div>
    </details>
  )
}
