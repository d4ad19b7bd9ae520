import { moneyText } from '../../../texts/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'

interface OwedProps {
  readonly texts: Texts
  /** Below zero. */
  readonly owed: bigint
  readonly currency: string
  /** A way to pay is offered here. */
  readonly canPay: boolean
}

/** How much is owed, why no order is taken, and what to do. */
export function OwedNotice({ texts, owed, currency, canPay }: OwedProps) {
  return (
    <Notice mood="bad">
      <strong>{texts.text('payments.owed', { amount: moneyText(texts, -owed, currency) })}</strong> {texts.text('payments.owed.why')}{' '}
      {texts.text(canPay ? 'payments.owed.pay' : 'payments.owed.ask')} {canPay && <a href="/funds#add">{texts.text('payments.add')}</a>}
    </Notice>
  )
}
