import type { ComponentChildren } from 'preact'
import { paymentApprove } from '../../../acts/payment-approve.ts'
import { paymentDecline } from '../../../acts/payment-decline.ts'
import { paymentLook } from '../../../acts/payment-look.ts'
import type { MethodRow } from '../../../payments/methods.ts'
import type { PaymentRow } from '../../../payments/payments.ts'
import type { WholePayment } from '../../../payments/read-payment.ts'
import type { LogLine } from '../../../staff/log.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Money } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { Calls, Decisions, News, ToldPayer } from './payment-story.tsx'
import { Receipt } from './receipts.tsx'
import { Paid, PaymentStateBadge, Why } from './words.tsx'

export interface PaymentView extends WholePayment {
  readonly payment: PaymentRow
  readonly method: MethodRow
  readonly canLook: boolean
  readonly canGiveBack: boolean
  readonly decisions: readonly LogLine[]
}

/** One payment with everything that is known of it: what was asked, what came, what went back, who said what. */
export function paymentPage(context: DeskContext, view: PaymentView): string {
  const { texts } = context.ui.frame
  const { payment, receipts, reversals, givebacks, byHand, canGiveBack } = view
  const back = `${DESK}/payments/${payment.id}`
  return deskPage(context, {
    title: texts.text('desk.payments.one', { reference: payment.reference }),
    actions: <Actions context={context} view={view} back={back} />,
    children: (
      <div class="desk-payment">
        <Facts context={context} view={view} />
        <section data-live-region="receipts">
          <h2>{texts.text('desk.payments.came')}</h2>
          {receipts.length === 0 && <p class="soft">{texts.text('desk.payments.nothingCame')}</p>}
          <ul class="rows desk-receipts">
            {receipts.map((receipt) => (
              <Receipt
                key={receipt.id}
                context={context}
                receipt={receipt}
                reversals={reversals.filter(({ receiptId }) => receiptId === receipt.id)}
                givebacks={givebacks.filter(({ receiptId }) => receiptId === receipt.id)}
                byHand={byHand}
                canGiveBack={canGiveBack}
                back={back}
              />
            ))}
          </ul>
        </section>
        {view.hasProof && (
          <section>
            <h2>{texts.text('desk.payments.proof')}</h2>
            <a href={`${back}/proof`}>
              <img class="desk-proof" src={`${back}/proof`} alt={texts.text('desk.payments.proof.alt')} />
            </a>
          </section>
        )}
        <ToldPayer context={context} step={payment.nextStep} />
        <Decisions context={context} lines={view.decisions} />
        <News context={context} news={view.news} />
        <Calls context={context} calls={view.calls} />
      </div>
    ),
  })
}

function Actions({ context, view, back }: { readonly context: DeskContext; readonly view: PaymentView; readonly back: string }) {
  const { payment, method, receipts, canLook } = view
  const of = { payment: String(payment.id) }
  const isManual = method.gateway === 'manual'
  const isCredited = receipts.some(({ state }) => state === 'credited' || state === 'matched')
  const waits = receipts.some(({ state }) => state === 'review')
  const isOver = payment.state === 'paid' || payment.state === 'failed'
  return (
    <>
      {isManual && !isCredited && <ActLink context={context} act={paymentApprove} with={of} back={back} look="main" />}
      {!isOver && !isCredited && !waits && (isManual || payment.state === 'review') && (
        <ActLink context={context} act={paymentDecline} with={of} back={back} look="bad" />
      )}
      {canLook && <ActLink context={context} act={paymentLook} with={of} back={back} />}
    </>
  )
}

function Facts({ context, view: { payment, method } }: { readonly context: DeskContext; readonly view: PaymentView }) {
  const { texts } = context.ui.frame
  const { asked, currency, amount, bonus, accountCurrency, rate } = payment
  const facts: [string, ComponentChildren][] = [
    [texts.text('desk.field.state'), <PaymentStateBadge key="state" texts={texts} state={payment.state} />],
    ...(payment.why === null || payment.why === '' ? [] : [[texts.text('desk.payments.why'), <Why key="why" texts={texts} why={payment.why} />] as [string, ComponentChildren]]),
    [texts.text('desk.customers.account'), <a key="account" href={`${DESK}/customers/${payment.accountId}`}>{payment.accountId}</a>],
    [texts.text('desk.payments.method'), <bdi key="method">{method.name}</bdi>],
    [texts.text('desk.payments.asked'), <Paid key="asked" texts={texts} amount={asked} currency={currency} />],
    [texts.text('desk.payments.arrives'), <Money key="arrives" texts={texts} units={amount} currency={accountCurrency} />],
    ...(bonus > 0n ? [[texts.text('desk.payments.bonus'), <Money key="bonus" texts={texts} units={bonus} currency={accountCurrency} />] as [string, ComponentChildren]] : []),
    ...(rate === null ? [] : [[texts.text('desk.payments.rate'), <bdi key="rate" dir="ltr">{`${rate.rate} · ${rate.source}`}</bdi>] as [string, ComponentChildren]]),
    [texts.text('desk.payments.theirId'), payment.theirId === null ? '–' : <bdi key="theirs" dir="ltr" class="break">{payment.theirId}</bdi>],
    [texts.text('desk.payments.begun'), <span key="begun"><Moment texts={texts} at={payment.createdAt} /> · <bdi>{openerText(texts, payment.openedBy)}</bdi></span>],
    [texts.text('desk.payments.until'), <Moment key="until" texts={texts} at={payment.until} />],
    ...(payment.lookAt === null ? [] : [[texts.text('desk.payments.nextLook'), <Moment key="look" texts={texts} at={payment.lookAt} />] as [string, ComponentChildren]]),
  ] // prettier-ignore
  return (
    <section>
      <dl class="own-facts">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}

/** Who began a payment: its customer, the top-up, or a key by its name. */
function openerText(texts: Texts, by: string): string {
  const key = `desk.payments.by.${by}`
  return texts.has(key) ? texts.text(key) : by
}
