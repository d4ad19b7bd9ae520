import type { OwnReceipt } from '../../../payments/documents.ts'
import type { PaymentRow } from '../../../payments/payments.ts'
import { formatUnits, shortDecimal } from '../../../ledger/money.ts'
import { moneyText } from '../../../texts/money.ts'
import { payerText } from './payer-money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { FormFault, Moment } from '../../ui/parts.tsx'
import { appPage } from '../app-frame.tsx'
import { DocumentLink } from './document-link.tsx'
import { Fact } from './offer-cost.tsx'
import { NextStep } from './next-step.tsx'
import { PaymentProof, type ProofView } from './payment-proof.tsx'
import { askedOf, isWaiting, StateBadge, stateText } from './payment-words.tsx'

/** The values that the page of a payment is drawn from. */
export interface PaymentView {
  readonly payment: PaymentRow
  readonly methodName: string
  readonly receipts: readonly OwnReceipt[]
  readonly wallet: bigint
  /** Why staff declined it. */
  readonly declined: string | undefined
  /** The payment was just started: the page's script goes on to the gateway. */
  readonly begins: boolean
  readonly fault: string | undefined
  readonly proof: ProofView
  readonly fundsNote: string | undefined
}

/** One payment: what to do next, what has come of it, and what the way out is when it went wrong. */
export function paymentPage(ui: PageUi, view: PaymentView): string {
  const { texts } = ui.frame
  const { payment, fault } = view
  const here = `/funds/payments/${payment.id}`
  return appPage({
    ui,
    title: texts.text('payments.title', { reference: payment.reference }),
    script: 'funds',
    children: (
      <>
        <p class="ways">
          <a class="button plain" href="/funds">
            {texts.text('app.funds')}
          </a>
          <a class="button plain" href="/funds/payments">
            {texts.text('payments.list')}
          </a>
        </p>
        {fault !== undefined && <FormFault faults={{ form: fault }} />}
        <section
          id="payment"
          class="payment"
          aria-label={texts.text('payments.state')}
          data-payment={isWaiting(payment) ? `${here}/state` : undefined}
          data-version={versionOf(view)}
        >
          <State texts={texts} view={view} here={here} />
          <NextStep ui={ui} payment={payment} methodName={view.methodName} begins={view.begins} />
          <PaymentProof ui={ui} here={here} proof={view.proof} />
          <Receipts texts={texts} view={view} />
          <Facts texts={texts} view={view} />
        </section>
        <p class="visually-hidden payment-spoken" aria-live="polite" />
      </>
    ),
  })
}

/** Changes with everything that the page tells. */
export function versionOf({ payment, receipts }: Pick<PaymentView, 'payment' | 'receipts'>): string {
  const parts = receipts.map(({ id, state, reversedUnits, reversedBonus }) => `${id} ${state} ${reversedUnits} ${reversedBonus}`)
  return [payment.state, payment.nextStep === null ? 'not started' : 'started', ...parts].join(' · ')
}

function State({ texts, view: { payment, wallet, declined, fundsNote }, here }: { texts: Texts; view: PaymentView; here: string }) {
  const isEnded = payment.state === 'expired' || payment.state === 'failed'
  return (
    <div class="payment-state">
      <p>
        <StateBadge texts={texts} state={payment.state} />
      </p>
      <p>
        {stateText(texts, payment)}{' '}
        {payment.state === 'paid' && texts.text('payments.balanceNow', { amount: moneyText(texts, wallet, payment.accountCurrency) })}
      </p>
      {declined !== undefined && (
        <p>
          {texts.text('payments.declined')} <bdi>{declined}</bdi>
        </p>
      )}
      {isWaiting(payment) && (
        <p>
          <span class="needs-script soft small">{texts.text('payments.live')}</span>{' '}
          <a class="without-script" href={here}>
            {texts.text('payments.look')}
          </a>
        </p>
      )}
      {isEnded && (
        <p>
          <a class="button main" href={address('/funds', { amount: shortDecimal(formatUnits(payment.amount)), method: payment.methodId })}>
            {texts.text('payments.again')}
          </a>
        </p>
      )}
      {(isEnded || payment.state === 'review') && fundsNote !== undefined && (
        <p class="soft small funds-note" dir="auto">
          {fundsNote}
        </p>
      )}
    </div>
  )
}

function Receipts({ texts, view: { payment, receipts } }: { texts: Texts; view: PaymentView }) {
  const currency = payment.accountCurrency
  return receipts.map((receipt) => (
    <div key={receipt.id} class="payment-receipt">
      {receipt.units !== null && (
        <p>
          <strong>
            {receipt.bonus === 0n
              ? texts.text('payments.credited', { amount: moneyText(texts, receipt.units, currency) })
              : texts.text('payments.credited.bonus', {
                  amount: moneyText(texts, receipt.units + receipt.bonus, currency),
                  bonus: moneyText(texts, receipt.bonus, currency),
                })}
          </strong>{' '}
          {receipt.document && <DocumentLink texts={texts} kind="receipt" number={receipt.document} />}
        </p>
      )}
      <p class="soft small">
        {texts.text('payments.came', { amount: payerText(texts, receipt.amount, receipt.currency) })} <Moment texts={texts} at={receipt.at} />
        {receipt.late && <> · {texts.text('payments.late')}</>}
      </p>
      {receipt.units !== null && !isAsAsked(receipt, payment) && <p class="soft small">{texts.text('payments.notAsAsked', { asked: askedOf(texts, payment) })}</p>}
      {receipt.reversedUnits + receipt.reversedBonus > 0n && (
        <Notice mood="warn">
          {texts.text('payments.takenBack', { amount: moneyText(texts, receipt.reversedUnits + receipt.reversedBonus, currency) })}{' '}
          {receipt.creditNotes.map((note) => (
            <>
              <DocumentLink texts={texts} kind="credit note" number={note} />{' '}
            </>
          ))}
        </Notice>
      )}
    </div>
  )) // prettier-ignore
}

function isAsAsked(receipt: OwnReceipt, { asked, currency }: PaymentRow): boolean {
  return receipt.currency === currency && receipt.amount === asked
}

function Facts({ texts, view: { payment, methodName } }: { texts: Texts; view: PaymentView }) {
  const currency = payment.accountCurrency
  return (
    <dl class="own-facts">
      <Fact name={texts.text('payments.method')}>
        <bdi>{methodName}</bdi>
      </Fact>
      <Fact name={texts.text('payments.youPay')}>
        <bdi dir="ltr">{askedOf(texts, payment)}</bdi>
      </Fact>
      <Fact name={texts.text('payments.arrives')}>
        <bdi dir="ltr">{moneyText(texts, payment.amount + payment.bonus, currency)}</bdi>
        {payment.bonus > 0n && <> ({texts.text('payments.bonusOf', { bonus: moneyText(texts, payment.bonus, currency) })})</>}
      </Fact>
      <Fact name={texts.text('payments.begun')}>
        <Moment texts={texts} at={payment.createdAt} />
      </Fact>
      {payment.state === 'open' && payment.nextStep?.kind !== 'transfer' && (
        <Fact name={texts.text('payments.until')}>
          <Moment texts={texts} at={payment.until} />
        </Fact>
      )}
    </dl>
  )
}
