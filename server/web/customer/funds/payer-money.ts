import { formatAmount, readAmount } from '../../../payments/amounts.ts'
import { paidText } from '../../../texts/money.ts'
import type { Texts } from '../../../texts/texts.ts'

/** An amount in the payer's currency, from its decimal text, with at least the usual digits of that currency: `50` USD is $50.00. */
export function payerText(texts: Texts, amount: string, currency: string): string {
  return paidText(texts, formatAmount(readAmount(amount)!, currency), currency)
}
