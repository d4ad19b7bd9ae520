import { rateSet } from '../../../acts/rate-set.ts'
import { rateSource } from '../../../acts/rate-source.ts'
import type { PaymentContext } from '../../../payments/payments.ts'
import type { RateSource } from '../../../payments/rate-source.ts'
import type { RateRow } from '../../../payments/rates.ts'
import { paidText } from '../../../texts/money.ts'
import { Badge } from '../../ui/badge.tsx'
import { durationText, percentText } from '../../ui/figures.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PaymentsTabs } from './payments-tabs.tsx'

interface RatesView {
  readonly rows: readonly RateRow[]
  readonly source: RateSource
  readonly terms: ReturnType<PaymentContext['rates']>
}

const PATH = `${DESK}/payments/rates`

/** The exchange rates with their age, where they come from, and what is added to them. */
export function ratesPage(context: DeskContext, { rows, source, terms }: RatesView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.payments.rates'),
    lead: texts.text('desk.payments.rates.lead'),
    actions: <ActLink context={context} act={rateSet} back={PATH} look="main" />,
    children: (
      <>
        <PaymentsTabs context={context} tab="/payments/rates" />
        <Source context={context} source={source} />
        <p class="soft">
          {texts.text('desk.payments.rates.terms', {
            margin: percentText(texts, terms.marginBasisPoints / 10_000),
            age: durationText(texts, terms.mostAgeHours * 60),
          })}{' '}
          {context.staff.may.has('settings.read') && <a href={`${DESK}/settings`}>{texts.text('desk.place.settings')}</a>}
        </p>
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.payments.rates.none')} text={texts.text('desk.payments.rates.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={texts.text('desk.payments.rates')}
              headings={[
                texts.text('desk.payments.rates.pair'),
                texts.text('desk.payments.rate'),
                texts.text('desk.payments.rates.source'),
                texts.text('desk.payments.rates.age'),
              ]}
              figures={[1]}
              rows={rows.map((row) => cellsOf(context, row, terms.mostAgeHours))}
            />
          </div>
        )}
      </>
    ),
  })
}

function cellsOf(context: DeskContext, { base, currency, rate, source, at }: RateRow, mostAgeHours: number) {
  const { texts } = context.ui.frame
  const minutes = Math.max(1, Math.round((context.now.getTime() - at.getTime()) / 60_000))
  return [
    <bdi key="pair" dir="ltr">
      {base} → {currency}
    </bdi>,
    <bdi key="rate" class="figure" dir="ltr">
      {paidText(texts, rate, currency)}
    </bdi>,
    <bdi key="source">{source}</bdi>,
    <span key="age">
      {durationText(texts, minutes)} {minutes > mostAgeHours * 60 && <Badge tone="warn">{texts.text('desk.payments.rates.old')}</Badge>}
    </span>,
  ]
}

function Source({ context, source }: { readonly context: DeskContext; readonly source: RateSource }) {
  const { texts } = context.ui.frame
  const { kind, shownUrl, workedAt, fault } = source
  return (
    <section class="card" aria-labelledby="rate-source">
      <h2 id="rate-source">{texts.text('desk.payments.rates.source')}</h2>
      <p>
        {texts.text(`desk.payments.rates.source.${kind}`)} {shownUrl !== null && <bdi dir="ltr">{shownUrl}</bdi>}
      </p>
      {kind !== 'none' && workedAt !== null && (
        <p class="soft small">
          {texts.text('desk.payments.rates.fetched')} <Moment texts={texts} at={workedAt} />
        </p>
      )}
      {fault !== null && (
        <Notice mood="warn">
          {texts.text('desk.payments.rates.fault')} <bdi>{fault}</bdi>
        </Notice>
      )}
      <p class="buttons">
        <ActLink context={context} act={rateSource} with={{ source: kind }} back={PATH} />
      </p>
    </section>
  )
}
