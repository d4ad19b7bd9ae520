import type { ComponentChildren } from 'preact'
import type { CallsOfADay } from '../../../customers/calls.ts'
import type { KeyDay } from '../../../orders/usage.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Prose } from '../../ui/prose.tsx'
import { appPage } from '../app-frame.tsx'
import { countText, Money } from '../../ui/figures.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { PERIODS, type Source } from './asked.ts'
import { UsageCharts } from './charts.tsx'
import { DayText, dayText, durationOfDays } from './days.tsx'
import { type Figures, figuresBy, figuresOn, isNothing, reasonsOf, totalOf } from './figures-of.ts'

interface UsageView {
  readonly period: number
  readonly sources: readonly Source[]
  readonly source: Source
  /** Oldest first. */
  readonly days: readonly string[]
  readonly keyDays: readonly KeyDay[]
  readonly calls: readonly CallsOfADay[]
  readonly countedSince: string | null
  /** All orders up to now are included in the sums. */
  readonly whole: boolean
  readonly currency: string
}

/** Orders, spending and calls per day and per key. */
export function usagePage(ui: PageUi, view: UsageView): string {
  const { texts } = ui.frame
  const { days, keyDays, calls, currency } = view
  const byDay = figuresOn(days, figuresBy(keyDays, calls, ({ day }) => day))
  return appPage({
    ui,
    title: texts.text('app.usage'),
    script: 'programs',
    children: (
      <>
        <Filter texts={texts} view={view} />
        {!view.whole && <Notice mood="warn">{texts.text('usage.behind')}</Notice>}
        <Tiles texts={texts} total={totalOf(byDay.map(([, figures]) => figures))} currency={currency} />
        <UsageCharts texts={texts} byDay={byDay} currency={currency} />
        <details class="fold">
          <summary>{texts.text('usage.table')}</summary>
          <FiguresTable
            texts={texts} caption={texts.text('usage.table')} first={texts.text('usage.day')} currency={currency}
            rows={byDay.toReversed().filter(([, figures]) => !isNothing(figures)).map(([day, figures]) => ({ name: <DayText texts={texts} day={day} />, figures }))}
          />
        </details>
        {view.source.keyIds.length > 1 && <ByKey texts={texts} view={view} />}
        <Reasons texts={texts} calls={calls} />
        <p class="soft small">
          {texts.text('usage.hint.money')}{' '}
          {texts.text('usage.hint.calls', { day: dayText(texts, view.countedSince ?? days.at(-1)!) })}
        </p>
      </>
    ),
  })
} // prettier-ignore

function Filter({ texts, view: { period, sources, source } }: { texts: Texts; view: UsageView }) {
  return (
    <form method="get" action="/usage" class="filter">
      <div class="field">
        <label for="days">{texts.text('usage.period')}</label>
        <select id="days" name="days">
          {PERIODS.map((days) => (
            <option key={days} value={days} selected={days === period}>
              {durationOfDays(texts, days)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="key">{texts.text('usage.key')}</label>
        <select id="key" name="key">
          {sources.map(({ value, name }) => (
            <option key={value} value={value} selected={value === source.value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <Button type="submit">{texts.text('app.show')}</Button>
    </form>
  )
}

function Tiles({ texts, total, currency }: { texts: Texts; total: Figures; currency: string }) {
  return (
    <dl class="tiles">
      <div>
        <dt>{texts.text('app.orders')}</dt>
        <dd>{countText(texts, total.orders)}</dd>
      </div>
      <div>
        <dt>{texts.text('usage.charged')}</dt>
        <dd>
          <Money texts={texts} units={total.charged} currency={currency} />
        </dd>
      </div>
      <div>
        <dt>{texts.text('app.refunded')}</dt>
        <dd>
          <Money texts={texts} units={total.refunded} currency={currency} />
        </dd>
      </div>
      <div>
        <dt>{texts.text('usage.answered')}</dt>
        <dd>{countText(texts, total.answered)}</dd>
      </div>
      <div>
        <dt>{texts.text('usage.refused')}</dt>
        <dd>{countText(texts, total.refused)}</dd>
      </div>
    </dl>
  )
}

interface FiguresTableProps {
  readonly texts: Texts
  readonly caption: string
  readonly first: string
  readonly rows: readonly { readonly name: ComponentChildren; readonly figures: Figures }[]
  readonly currency: string
}

function FiguresTable({ texts, caption, first, rows, currency }: FiguresTableProps) {
  if (rows.length === 0) return <p>{texts.text('usage.nothing')}</p>
  return (
    <div class="wide-table" tabIndex={0} role="group" aria-label={caption}>
      <table class="figures-table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col">{texts.text('app.orders')}</th>
            <th scope="col">{texts.text('usage.charged')}</th>
            <th scope="col">{texts.text('app.refunded')}</th>
            <th scope="col">{texts.text('usage.answered')}</th>
            <th scope="col">{texts.text('usage.refused')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, figures }, at) => (
            <tr key={at}>
              <th scope="row">{name}</th>
              <td>{countText(texts, figures.orders)}</td>
              <td>
                <Money texts={texts} units={figures.charged} currency={currency} />
              </td>
              <td>
                <Money texts={texts} units={figures.refunded} currency={currency} />
              </td>
              <td>{countText(texts, figures.answered)}</td>
              <td>{countText(texts, figures.refused)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const MOST_KEYS = 100

/** The key that spent most comes first. */
function ByKey({ texts, view: { sources, source, keyDays, calls, currency } }: { texts: Texts; view: UsageView }) {
  const byKey = figuresBy(keyDays, calls, ({ keyId }) => keyId)
  const single = sources.filter(({ keyIds, test }) => keyIds.length === 1 && test === source.test && byKey.has(keyIds[0]!))
  const rows = single
    .map(({ name, value, keyIds }) => ({ name: <SourceLink name={name} value={value} />, figures: byKey.get(keyIds[0]!)! }))
    .toSorted((one, other) => (other.figures.charged > one.figures.charged ? 1 : -1))
  return (
    <section aria-labelledby="by-key">
      <h2 id="by-key">{texts.text('usage.byKey')}</h2>
      <FiguresTable
        texts={texts} caption={texts.text('usage.byKey')} first={texts.text('usage.key')} rows={rows.slice(0, MOST_KEYS)} currency={currency}
      />
    </section>
  ) // prettier-ignore
}

function SourceLink({ name, value }: { readonly name: string; readonly value: string }) {
  if (!/^\d+$/.test(value)) return <>{name}</>
  return (
    <a href={`/keys/${value}`}>
      <bdi>{name}</bdi>
    </a>
  )
}

function Reasons({ texts, calls }: { readonly texts: Texts; readonly calls: readonly CallsOfADay[] }) {
  const reasons = reasonsOf(calls)
  if (reasons.length === 0) return null
  return (
    <section aria-labelledby="reasons">
      <h2 id="reasons">{texts.text('usage.reasons')}</h2>
      <table class="figures-table call-reasons">
        <caption class="visually-hidden">{texts.text('usage.reasons')}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.text('usage.reason')}</th>
            <th scope="col">{texts.text('usage.calls')}</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map(([code, times]) => (
            <tr key={code}>
              <th scope="row">
                <Prose text={`\`${code}\``} />
              </th>
              <td>{countText(texts, times)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
