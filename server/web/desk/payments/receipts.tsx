import { paymentDecide } from '../../../acts/payment-decide.ts'
import { paymentGiveBack } from '../../../acts/payment-give-back.ts'
import type { GivebackRow, ReversalRow } from '../../../payments/read-payment.ts'
import type { ReceiptRow } from '../../../payments/receipts.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Money } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { lineAddress } from '../money/line-rows.tsx'
import { factText } from './evidence-words.ts'
import { Paid, ReceiptStateBadge, Why } from './words.tsx'

interface ReceiptProps {
  readonly context: DeskContext
  readonly receipt: ReceiptRow
  readonly reversals: readonly ReversalRow[]
  readonly givebacks: readonly GivebackRow[]
  /** Deposits by hand that it may be the same money as. */
  readonly byHand: readonly ReceiptRow[]
  readonly canGiveBack: boolean
  readonly back: string
}

/** Money that arrived: what came, what was booked, what went back, and what can be decided. */
export function Receipt(props: ReceiptProps) {
  const { context, receipt, reversals, givebacks } = props
  const { texts } = context.ui.frame
  return (
    <li>
      <div>
        <h3>
          <Paid texts={texts} amount={receipt.amount} currency={receipt.currency} /> <ReceiptStateBadge texts={texts} state={receipt.state} />
        </h3>
        <p class="small soft">
          <Moment texts={texts} at={receipt.at} /> · <bdi dir="ltr">{receipt.theirId}</bdi>
          {receipt.late && <> · {texts.text('desk.payments.late')}</>}
          {receipt.fee !== null && (
            <>
              {' '}
              · {texts.text('desk.payments.theirFee')} <Paid texts={texts} amount={receipt.fee} currency={receipt.currency} />
            </>
          )}
        </p>
        <Booked context={context} receipt={receipt} />
        <Evidence context={context} receipt={receipt} />
        {reversals.map((one) => (
          <Reversal key={one.id} context={context} one={one} of={receipt} />
        ))}
        {givebacks.map((one) => (
          <Giveback key={one.askedAt.toISOString()} context={context} one={one} of={receipt} />
        ))}
        <Decide {...props} />
      </div>
    </li>
  ) // prettier-ignore
}

function Booked({ context, receipt }: { readonly context: DeskContext; readonly receipt: ReceiptRow }) {
  const { texts } = context.ui.frame
  const { units, bonusUnits, accountCurrency: currency, bookId, line, document, sameAs } = receipt
  if (sameAs !== null) return <p>{texts.text('desk.payments.sameAs', { receipt: String(sameAs) })}</p>
  if (units === null || line === null || bookId === null || currency === null) return null
  return (
    <p>
      <a href={lineAddress({ bookId, line })}>{texts.text('desk.payments.booked')}</a>{' '}
      <Money texts={texts} units={units} currency={currency} />
      {bonusUnits > 0n && (
        <>
          {' + '}
          <Money texts={texts} units={bonusUnits} currency={currency} /> {texts.text('desk.payments.bonus')}
        </>
      )}
      {document !== null && <span class="soft"> · {texts.text('desk.payments.document', { number: document })}</span>}
    </p>
  )
}

/** Why it waits or waited, what there is to see, and who decided. */
export function Evidence({ context, receipt }: { readonly context: DeskContext; readonly receipt: ReceiptRow }) {
  const { texts } = context.ui.frame
  const { why, evidence, decidedBy, decidedAt } = receipt
  const facts = Object.entries(evidence).filter(([, value]) => value !== '' && value !== null)
  return (
    <>
      {why !== null && why !== '' && (
        <p class="trouble-words">
          <Why texts={texts} why={why} />
        </p>
      )}
      {facts.length > 0 && (
        <p class="small soft">
          {facts.map(([name, value], at) => (
            <>
              {at > 0 && ' · '}
              <bdi key={name}>{factText(texts, name, value)}</bdi>
            </>
          ))}
        </p>
      )}
      {decidedBy !== null && decidedBy !== 'gateway' && (
        <p class="small soft">
          {texts.text('desk.payments.decidedBy')} <bdi>{decidedBy}</bdi> {decidedAt !== null && <Moment texts={texts} at={decidedAt} />}
        </p>
      )}
    </>
  )
}

function Reversal({ context, one, of }: { readonly context: DeskContext; readonly one: ReversalRow; readonly of: ReceiptRow }) {
  const { texts } = context.ui.frame
  const isTaken = one.state === 'taken'
  const name = one.kind === 'chargeback' ? 'desk.payments.chargeback' : 'desk.payments.refunded'
  return (
    <p class="desk-reversal">
      <Badge tone={isTaken ? 'bad' : 'good'}>{texts.text(isTaken ? name : 'desk.payments.wonBack')}</Badge>{' '}
      <Paid texts={texts} amount={one.amount} currency={one.currency} />
      {of.accountCurrency !== null && (
        <>
          {' · '}
          {texts.text('desk.payments.takenBack')} <Money texts={texts} units={one.units + one.bonusUnits} currency={of.accountCurrency} />
        </>
      )}{' '}
      <span class="small soft">
        <Moment texts={texts} at={one.at} /> · <bdi dir="ltr">{one.theirId}</bdi>
        {one.document !== null && <> · {texts.text('desk.payments.creditNote', { number: one.document })}</>}
      </span>
    </p>
  )
}

const GIVEBACKS: Readonly<Record<GivebackRow['state'], readonly [Tone, 'asked' | 'underWay' | 'done' | 'refused']>> = {
  asked: ['busy', 'asked'],
  'under way': ['busy', 'underWay'],
  done: ['good', 'done'],
  refused: ['bad', 'refused'],
}

function Giveback({ context, one, of }: { readonly context: DeskContext; readonly one: GivebackRow; readonly of: ReceiptRow }) {
  const { texts } = context.ui.frame
  const [tone, name] = GIVEBACKS[one.state]
  return (
    <p class="desk-reversal">
      <Badge tone={tone}>{texts.text(`desk.payments.back.${name}`)}</Badge>{' '}
      <Paid texts={texts} amount={one.amount} currency={of.currency} />{' '}
      <span class="small soft">
        <bdi>{one.askedBy}</bdi> · <Moment texts={texts} at={one.askedAt} /> · <bdi>{one.reason}</bdi>
        {one.words !== null && one.state !== 'done' && (
          <>
            {' · '}
            <bdi lang="en">{one.words}</bdi>
          </>
        )}
      </span>
    </p>
  )
}

function Decide({ context, receipt, byHand, canGiveBack, back }: ReceiptProps) {
  const { texts } = context.ui.frame
  const of = { receipt: String(receipt.id) }
  if (receipt.state === 'credited' && canGiveBack && receipt.reversedUnits < receipt.units!) {
    return (
      <p class="buttons">
        <ActLink context={context} act={paymentGiveBack} with={of} back={back} look="small" />
      </p>
    )
  }
  if (receipt.state !== 'review' || !context.staff.may.has(paymentDecide.permission)) return null
  return (
    <>
      {byHand.length > 0 && <p>{texts.text('desk.payments.byHand')}</p>}
      <p class="buttons">
        <ActLink context={context} act={paymentDecide} with={{ ...of, decision: 'credit' }} back={back} text={texts.text('desk.payments.credit')} look="main" />
        {byHand.map((hand) => (
          <ActLink
            key={hand.id} context={context} act={paymentDecide} with={{ ...of, decision: 'match', same_as: String(hand.id) }} back={back}
            text={texts.text('desk.payments.matchWith', { deposit: `${hand.amount} ${hand.currency}`, receipt: String(hand.id) })}
          />
        ))}
        <ActLink context={context} act={paymentDecide} with={{ ...of, decision: 'refuse' }} back={back} text={texts.text('desk.payments.refuse')} look="bad" />
        {receipt.account !== null && <a class="button plain" href={`${DESK}/customers/${receipt.account}`}>{texts.text('desk.customers.account')}</a>}
      </p>
    </>
  ) // prettier-ignore
}
