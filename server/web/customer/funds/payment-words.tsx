import type { MessageKey } from '../../../../contract/message.ts'
import type { PaymentState } from '../../../payments/gateway.ts'
import type { PaymentRow } from '../../../payments/payments.ts'
import { payerText } from './payer-money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'

const STATES: Readonly<Record<PaymentState, { readonly tone: Tone; readonly name: MessageKey; readonly about: MessageKey }>> = {
  open: { tone: 'busy', name: 'payments.state.open', about: 'payments.state.open.text' },
  seen: { tone: 'busy', name: 'payments.state.seen', about: 'payments.state.seen.text' },
  paid: { tone: 'good', name: 'payments.state.paid', about: 'payments.state.paid.text' },
  expired: { tone: 'idle', name: 'payments.state.expired', about: 'payments.state.expired.text' },
  failed: { tone: 'bad', name: 'payments.state.failed', about: 'payments.state.failed.text' },
  review: { tone: 'warn', name: 'payments.state.review', about: 'payments.state.review.text' },
}

export function StateBadge({ texts, state }: { readonly texts: Texts; readonly state: PaymentState }) {
  return <Badge tone={STATES[state].tone}>{texts.text(STATES[state].name)}</Badge>
}

/** What the state means for the payer, in one or two sentences. */
export function stateText(texts: Texts, payment: Pick<PaymentRow, 'state' | 'nextStep'>): string {
  if (payment.state === 'open' && payment.nextStep === null) return texts.text('payments.state.notStarted')
  return texts.text(STATES[payment.state].about)
}

/** Whether it may still change by itself. */
export function isWaiting({ state }: Pick<PaymentRow, 'state'>): boolean {
  return state === 'open' || state === 'seen' || state === 'review'
}

export function askedOf(texts: Texts, { asked, currency }: Pick<PaymentRow, 'asked' | 'currency'>): string {
  return payerText(texts, asked, currency)
}
