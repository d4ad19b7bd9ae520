import type { ComponentChildren } from 'preact'
import type { TroubleKind } from '../../../reports/trouble-kinds.ts'
import type { Owed } from '../../../ledger/owed.ts'
import { marginOf, type Totals } from '../../../reports/read.ts'
import type { Texts } from '../../../texts/texts.ts'
import { hourText } from '../reports/days.ts'
import { ordersHref, refundsHref } from '../reports/rows-of.tsx'
import { countText, moneyText, percentText } from '../../ui/figures.tsx'
import { Notice } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { troubleTitle } from '../attention/trouble-words.ts'
import { TodayCharts } from './today-charts.tsx'
import type { TodayFigures } from './today-figures.ts'

interface TodayView {
  /** Undefined: the reader may not see them. */
  readonly troubles: readonly { readonly kind: TroubleKind; readonly count: number; readonly isMore: boolean }[] | undefined
  readonly money: MoneyView | undefined
}

interface MoneyView {
  readonly figures: TodayFigures
  readonly owed: readonly Owed[]
  readonly countedAt: Date | null
}

/** How the business is today: trouble first, then the figures. */
export function todayPage(context: DeskContext, { troubles, money }: TodayView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.place.today'),
    script: 'programs',
    children: (
      <div class="today" data-live-region="today">
        {troubles && <Troubles context={context} troubles={troubles} />}
        {money && <Money context={context} money={money} />}
      </div>
    ),
  })
}

function Troubles({ context, troubles }: { readonly context: DeskContext; readonly troubles: NonNullable<TodayView['troubles']> }) {
  const { texts } = context.ui.frame
  if (troubles.length === 0) return <Notice mood="good">{texts.text('desk.today.nothing')}</Notice>
  return (
    <section class="today-troubles" aria-labelledby="troubles">
      <h2 id="troubles">
        <a href={`${DESK}/attention`}>{texts.text('desk.place.attention')}</a>
      </h2>
      <ul>
        {troubles.map(({ kind, count, isMore }) => (
          <li key={kind} data-row>
            <a href={address(`${DESK}/attention`, { kind })}>
              <strong class="figure">{isMore ? `${countText(texts, BigInt(count))}+` : countText(texts, BigInt(count))}</strong>{' '}
              {troubleTitle(texts, kind)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Money({ context, money }: { readonly context: DeskContext; readonly money: MoneyView }) {
  const { figures } = money
  return (
    <>
      <Currencies context={context} figures={figures} />
      <Figures context={context} money={money} />
      <TodayCharts context={context} figures={figures} />
      <HowNew context={context} countedAt={money.countedAt} />
    </>
  )
}

function Currencies({ context, figures: { currencies, currency } }: { readonly context: DeskContext; readonly figures: TodayFigures }) {
  if (currencies.length < 2) return null
  const { texts } = context.ui.frame
  return (
    <nav class="today-currencies" aria-label={texts.text('desk.report.currency')}>
      {currencies.map((one) => (
        <a key={one} class="button small" href={address(DESK, { currency: one })} aria-current={one === currency ? 'true' : undefined}>
          {one}
        </a>
      ))}
    </nav>
  )
}

function Figures({ context, money: { figures, owed } }: { readonly context: DeskContext; readonly money: MoneyView }) {
  const { texts } = context.ui.frame
  const { currency, today, passed, passedUntil } = figures
  const { totals } = today
  const money = (units: bigint) => moneyText(texts, units, currency)
  const report = (sort: string) => address(`${DESK}/reports`, { by: 'service', from: today.name, to: today.name, currency, sort })
  const figure = (name: Parameters<typeof texts.text>[0], href: string, of: (totals: Totals) => bigint, write = money) => (
    <Figure
      name={texts.text(name)} href={href} value={write(of(totals))}
      note={of(passed.before) === 0n ? undefined : texts.text('desk.today.before', { change: changeText(texts, of(passed.before), of(passed.totals)), time: hourText(texts, passedUntil) })}
    />
  ) // prettier-ignore
  const estimated = totals.cost === 0n ? undefined : Number(totals.cost - totals.costSaid) / Number(totals.cost)
  return (
    <section aria-label={texts.text('desk.today.figures')}>
      <dl class="today-figures">
        {figure('desk.report.orders', ordersHref(context, { from: today.name, to: today.name }) ?? report('orders'), ({ orders }) => orders, (value) => countText(texts, value))}
        {figure('desk.report.sold', report('sold'), ({ sold }) => sold)}
        {figure('desk.report.cost', report('cost'), ({ cost }) => cost)}
        {figure('desk.report.margin', report('margin'), marginOf)}
        {figure('desk.report.given', refundsHref(today.name), ({ givenBack }) => givenBack)}
        {owed.filter((one) => one.currency === currency).map((one) => (
          <Figure key={one.currency} name={texts.text('desk.today.owed')} href={address(`${DESK}/money/owed`, { day: today.name })} value={money(one.owed)} note={undefined} />
        ))}
      </dl>
      {estimated !== undefined && (
        <p class="soft small">
          {texts.text('desk.report.estimated', { share: percentText(texts, Math.round(estimated * 100) / 100) })}
          {totals.unpriced > 0n && ` ${texts.text('desk.report.unpriced', { count: Number(totals.unpriced) })}`}
        </p>
      )}
    </section>
  )
} // prettier-ignore

function changeText(texts: Texts, before: bigint, now: bigint): string {
  return percentText(texts, Math.round((Number(now - before) / Math.abs(Number(before))) * 100) / 100, 'signed')
}

function Figure({ name, href, value, note }: { name: string; href: string; value: string; note: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <a href={href}>
          <bdi class="figure" dir="ltr">
            {value}
          </bdi>
        </a>
        {note !== undefined && <span class="soft small">{note}</span>}
      </dd>
    </div>
  )
}

const OLD_MS = 5 * 60_000

/** How new the sums are: they are added up behind the orders. */
export function HowNew({ context, countedAt }: { readonly context: DeskContext; readonly countedAt: Date | null }) {
  const { texts } = context.ui.frame
  if (countedAt === null) return <Notice mood="plain">{texts.text('desk.report.notCounted')}</Notice>
  const words = (
    <>
      {texts.text('desk.report.counted')} <Moment texts={texts} at={countedAt} />
    </>
  )
  return context.now.getTime() - countedAt.getTime() > OLD_MS ? <Notice mood="warn">{words}</Notice> : <p class="soft small">{words}</p>
}
