import { UNITS_PER_WHOLE } from '../../../ledger/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { BarChart, roundTop } from '../../ui/bar-chart.tsx'
import { countText, moneyText } from '../../ui/figures.tsx'
import { dayText } from './days.tsx'
import type { Figures } from './figures-of.ts'

interface UsageChartsProps {
  readonly texts: Texts
  /** Oldest first. */
  readonly byDay: readonly (readonly [day: string, figures: Figures])[]
  readonly currency: string
}

/** Charts of money, orders and calls, with one bar per day. */
export function UsageCharts({ texts, byDay, currency }: UsageChartsProps) {
  const money = (units: bigint) => moneyText(texts, units, currency)
  const count = (value: bigint) => countText(texts, value)
  const refused = texts.text('usage.refused')
  const answered = texts.text('usage.answered')
  const describe = (figures: Figures) => `${answered} ${count(figures.answered)}, ${refused} ${count(figures.refused)}`
  return (
    <div class="charts">
      <Chart
        id="chart-charged" title={texts.text('usage.chart.charged')} texts={texts} byDay={byDay}
        parts={({ charged }) => [charged]} unit={Number(UNITS_PER_WHOLE)} write={money} describe={({ charged }) => money(charged)}
      />
      <Chart
        id="chart-orders" title={texts.text('usage.chart.orders')} texts={texts} byDay={byDay}
        parts={({ orders }) => [orders]} write={count} describe={({ orders }) => count(orders)}
      />
      <Chart
        id="chart-calls" title={texts.text('usage.chart.calls')} texts={texts} byDay={byDay} legend={[answered, refused]}
        parts={(figures) => [figures.answered, figures.refused]} write={count} describe={describe}
      />
    </div>
  )
} // prettier-ignore

interface ChartProps {
  readonly id: string
  readonly title: string
  readonly texts: Texts
  readonly byDay: UsageChartsProps['byDay']
  readonly parts: (figures: Figures) => readonly bigint[]
  /** The top of an empty chart. */
  readonly unit?: number
  readonly write: (value: bigint) => string
  readonly describe: (figures: Figures) => string
  readonly legend?: readonly string[]
}

function Chart({ id, title, texts, byDay, parts, unit = 1, write, describe, legend }: ChartProps) {
  const heights = byDay.map(([, figures]) => parts(figures).map(Number))
  const top = roundTop(Math.max(...heights.map((height) => height.reduce((one, other) => one + other, 0))), unit)
  const middle = byDay[Math.floor(byDay.length / 2)]!
  return (
    <BarChart
      id={id}
      title={title}
      top={{ value: top, text: write(BigInt(Math.round(top))) }}
      bars={byDay.map(([day, figures], at) => ({ text: `${dayText(texts, day)}: ${describe(figures)}`, parts: heights[at]! }))}
      below={[byDay[0]!, middle, byDay.at(-1)!].map(([day]) => dayText(texts, day, 'short'))}
      direction={texts.language.direction ?? 'ltr'}
      {...(legend && { legend })}
    />
  )
}
