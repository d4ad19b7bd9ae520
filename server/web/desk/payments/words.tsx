import type { MessageKey } from '../../../../contract/message.ts'
import { formatAmount, readAmount } from '../../../payments/amounts.ts'
import type { PaymentState } from '../../../payments/gateway.ts'
import type { ReceiptState } from '../../../payments/receipts.ts'
import { paidText } from '../../../texts/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { whyText } from './evidence-words.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'

const PAYMENTS: Readonly<Record<PaymentState, readonly [Tone, MessageKey]>> = {
  open: ['busy', 'desk.payments.state.open'],
  seen: ['busy', 'desk.payments.state.seen'],
  review: ['warn', 'desk.payments.state.review'],
  paid: ['good', 'desk.payments.state.paid'],
  expired: ['idle', 'desk.payments.state.expired'],
  failed: ['bad', 'desk.payments.state.failed'],
}

const RECEIPTS: Readonly<Record<ReceiptState, readonly [Tone, MessageKey]>> = {
  credited: ['good', 'desk.payments.receipt.credited'],
  review: ['warn', 'desk.payments.receipt.review'],
  refused: ['bad', 'desk.payments.receipt.refused'],
  matched: ['idle', 'desk.payments.receipt.matched'],
}

export function PaymentStateBadge({ texts, state }: { readonly texts: Texts; readonly state: PaymentState }) {
  const [tone, name] = PAYMENTS[state]
  return <Badge tone={tone}>{texts.text(name)}</Badge>
}

export function paymentStateText(texts: Texts, state: PaymentState): string {
  return texts.text(PAYMENTS[state][1])
}

export function ReceiptStateBadge({ texts, state }: { readonly texts: Texts; readonly state: ReceiptState }) {
  const [tone, name] = RECEIPTS[state]
  return <Badge tone={tone}>{texts.text(name)}</Badge>
}

/** Why money waits, in the reader's language where the sentence is ours. */
export function Why({ texts, why }: { readonly texts: Texts; readonly why: string }) {
  const { text, isOurs } = whyText(texts, why)
  return isOurs ? <bdi>{text}</bdi> : <bdi lang="en">{text}</bdi>
}

/** An amount in the currency of a payer, with the digits that the currency has. */
export function Paid({ texts, amount, currency }: { readonly texts: Texts; readonly amount: string; readonly currency: string }) {
  return (
    <bdi class="figure amount" dir="ltr">
      {payersText(texts, amount, currency)}
    </bdi>
  )
}

export function payersText(texts: Texts, amount: string, currency: string): string {
  const read = readAmount(amount)
  return paidText(texts, read === undefined ? amount : formatAmount(read, currency), currency)
}
