import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { MessageKey } from '../../../../contract/message.ts'
import type { LineFilter, MassOrder, Outstanding } from '../../../orders/mass-orders.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { columnOrders, unusedColumns } from '../../../ordering/mass-order-text.ts'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Money } from '../../ui/figures.tsx'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { LineTable, type ShownLine } from './lines.tsx'
import { Progress } from './progress.tsx'

/** `checked`: nothing was placed. `left`: the placing stopped before the end. `done`: nothing is left to place. */
export type Phase = 'checked' | 'placing' | 'left' | 'done'

export interface MassOrderView {
  readonly massOrder: MassOrder
  readonly phase: Phase
  readonly filter: LineFilter
  readonly lines: readonly ShownLine[]
  readonly isFirst: boolean
  /** The row after which the next page begins; null on the last page. */
  readonly next: number | null
  readonly outstanding: Outstanding
  readonly wallet: bigint
  readonly currency: string
  readonly keptDays: number
}

/** One list: its check, its progress, and the outcome of each row. */
export function massOrderPage(ui: PageUi, view: MassOrderView): string {
  const { texts } = ui.frame
  const { massOrder, phase, lines, filter, isFirst, next, currency } = view
  const at = (after: number | null) => address(`/mass-order/${massOrder.id}`, { show: filter, after })
  return appPage({
    ui,
    title: texts.text('mass.number', { id: massOrder.id.toString() }),
    script: 'mass-order',
    children: (
      <>
        <p class="soft small list-facts">
          <PhaseBadge texts={texts} phase={phase} /> <Moment texts={texts} at={massOrder.madeAt} />
          {phase === 'done' && <> · {texts.text('mass.kept', { days: view.keptDays })}</>}
        </p>
        <Outcome ui={ui} view={view} />
        <div data-part="sums">
          <Sums texts={texts} view={view} />
        </div>
        {phase === 'checked' && view.wallet < view.outstanding.open && (
          <Notice mood="warn">
            {texts.text('refusal.notEnoughFunds')} · <a href="/funds">{texts.text('app.funds')}</a>
          </Notice>
        )}
        <Acts ui={ui} view={view} />
        <Unused texts={texts} heading={massOrder.heading} />
        {massOrder.heading === null && <ReadAs texts={texts} lines={lines} />}
        <section aria-labelledby="list-lines">
          <h2 id="list-lines">{texts.text('mass.lines')}</h2>
          <Filters texts={texts} view={view} />
          {lines.length === 0 ? (
            <p class="soft">{texts.text('app.nothingFound.title')}</p>
          ) : (
            <LineTable texts={texts} lines={lines} currency={currency} />
          )}
          <PageLinks
            links={[
              { href: isFirst ? null : at(null), text: texts.text('mass.fromTop') },
              { href: next === null ? null : at(next), text: texts.text('app.next') },
            ]}
          />
        </section>
      </>
    ),
  })
}

/** The most important message about the list. */
function Outcome({ ui, view }: { readonly ui: PageUi; readonly view: MassOrderView }) {
  const { texts } = ui.frame
  const { massOrder, phase } = view
  const { refused, lines } = massOrder
  if (phase === 'placing' || phase === 'left') return <Progress ui={ui} massOrder={massOrder} isLeft={phase === 'left'} />
  if (phase === 'checked' && refused === 0) return <Notice mood="plain">{texts.text('mass.allGood')}</Notice>
  if (phase === 'checked')
    return <Notice mood="warn">{texts.text(refused === lines ? 'mass.noneGood' : 'mass.someBad', { count: refused })}</Notice>
  if (refused === 0) return <Notice mood="good">{texts.text('mass.allPlaced')}</Notice>
  return <Notice mood="warn">{texts.text('mass.someRefused', { count: refused })}</Notice>
}

type SumsView = Pick<MassOrderView, 'massOrder' | 'phase' | 'outstanding' | 'wallet' | 'currency'>

function Sums({ texts, view: { massOrder, phase, outstanding, wallet, currency } }: { readonly texts: Texts; readonly view: SumsView }) {
  const isChecked = phase === 'checked'
  const after = wallet - outstanding.open
  const money = (units: bigint) => <Money texts={texts} units={units} currency={currency} />
  return (
    <dl class="checked-sums">
      {countsOf(massOrder, phase).map(({ name, count }) => (
        <Sum key={name} name={texts.text(name)}>
          {texts.number(count)}
        </Sum>
      ))}
      <Sum name={texts.text('mass.sum')}>
        <strong>{money(isChecked ? outstanding.open : massOrder.charged)}</strong>
      </Sum>
      <Sum name={texts.text('app.balance')}>{money(wallet)}</Sum>
      {isChecked && after >= 0n && <Sum name={texts.text('app.balanceAfter')}>{money(after)}</Sum>}
    </dl>
  )
}

function Sum({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Acts({ ui, view: { massOrder, phase, outstanding, currency } }: { readonly ui: PageUi; readonly view: MassOrderView }) {
  const { texts } = ui.frame
  const { id, refused } = massOrder
  const good = massOrder.lines - refused
  const correct = (look: 'main' | 'plain') => (
    <a class={`button ${look}`} href={address('/mass-order', { again: id })}>
      {texts.text(phase === 'checked' ? 'mass.change' : 'mass.correct')}
    </a>
  )
  if (phase === 'checked')
    return (
      <div class="ways">
        {refused > 0 && correct('main')}
        {good > 0 && (
          <Form ui={ui} action={`/mass-order/${id}/place`} class="placing">
            <Submit look={refused === 0 ? 'main' : 'plain'}>{texts.text('mass.place', { count: good })}</Submit>
          </Form>
        )}
        {refused === 0 && correct('plain')}
      </div>
    )
  if (phase === 'placing') return null
  return (
    <div class="ways">
      {outstanding.shortLines > 0 && (
        <Form ui={ui} action={`/mass-order/${id}/again`} class="placing">
          <Submit look="plain">{texts.text('mass.again', { count: outstanding.shortLines })}</Submit>
          <p class="soft small">
            {texts.text('mass.missing')} <Money texts={texts} units={outstanding.short} currency={currency} /> ·{' '}
            <a href="/funds">{texts.text('app.funds')}</a>
          </p>
        </Form>
      )}
      {refused > 0 && correct('plain')}
      <a class="button plain" href={`/mass-order/${id}/result.csv`}>
        {texts.text('mass.result')}
      </a>
      <a class="button plain" href="/mass-order">
        {texts.text('mass.new')}
      </a>
    </div>
  )
}

function Unused({ texts, heading }: { readonly texts: Texts; readonly heading: string | null }) {
  const unused = heading === null ? [] : unusedColumns(heading)
  if (unused.length === 0) return null
  return (
    <p class="soft">
      {texts.text('mass.unused')} <bdi dir="ltr">{unused.join(', ')}</bdi>
    </p>
  )
}

/** `ID|quantity|link` and `ID|link|quantity` are both accepted; the page says which one was recognized. */
function ReadAs({ texts, lines }: { readonly texts: Texts; readonly lines: readonly ShownLine[] }) {
  const orders = columnOrders(lines.map(({ line }) => line.source))
  return orders.length === 0 ? null : (
    <p class="soft small">
      {texts.text('mass.readAs')}{' '}
      {orders.map((order, at) => (
        <>
          {at > 0 && ' · '}
          <code dir="ltr">{order}</code>
        </>
      ))}
    </p>
  )
}

/** The current card of counts and money, for the page's island. */
export function sumsOf(texts: Texts, view: SumsView): string {
  return renderToString(<Sums texts={texts} view={view} />)
}

function Filters({ texts, view: { massOrder, phase, filter } }: { readonly texts: Texts; readonly view: MassOrderView }) {
  const { id, lines, placed, refused } = massOrder
  const isChecked = phase === 'checked'
  const choices = [
    { show: 'all', name: texts.text('mass.all'), count: lines },
    { show: 'refused', name: texts.text(isChecked ? 'mass.bad' : 'mass.refused'), count: refused },
    { show: 'open', name: texts.text(isChecked ? 'mass.good' : 'mass.waiting'), count: lines - placed - refused },
  ] as const
  const there = choices.filter(({ show, count }) => count > 0 && (show === 'all' || count < lines))
  if (there.length < 2) return null
  return (
    <p class="ways filters">
      {there.map(({ show, name, count }) => (
        <a key={show} href={address(`/mass-order/${id}`, { show })} aria-current={show === filter ? 'true' : undefined}>
          {name} <span class="count">{texts.number(count)}</span>
        </a>
      ))}
    </p>
  )
}

interface CountsProps {
  readonly texts: Texts
  readonly massOrder: MassOrder
  readonly phase: Phase
}

/** The number of rows, by the result of their check or by their outcome. */
export function Counts({ texts, massOrder, phase }: CountsProps) {
  return (
    <p class="small counts">
      {countsOf(massOrder, phase).map(({ name, count }) => (
        <span key={name}>
          {texts.text(name)} <strong class="figure">{texts.number(count)}</strong>
        </span>
      ))}
    </p>
  )
}

function countsOf({ lines, placed, refused }: MassOrder, phase: Phase): readonly { readonly name: MessageKey; readonly count: number }[] {
  const isChecked = phase === 'checked'
  return [
    { name: 'mass.lines', count: lines },
    isChecked ? { name: 'mass.good', count: lines - refused } : { name: 'mass.placed', count: placed },
    { name: isChecked ? 'mass.bad' : 'mass.refused', count: refused },
  ]
}

const MOODS: Readonly<Record<Phase, string>> = { checked: '', placing: '', left: 'warn', done: 'good' }

export function PhaseBadge({ texts, phase }: { readonly texts: Texts; readonly phase: Phase }) {
  return <span class={`badge ${MOODS[phase]}`.trim()}>{texts.text(`mass.phase.${phase}`)}</span>
}
