import { formatUnits } from '../ledger/money.ts'
import { formatAmount, readAmount } from '../payments/amounts.ts'
import { documentName, readOwnReceipts } from '../payments/documents.ts'
import type { MethodRow } from '../payments/methods.ts'
import type { PaymentContext, PaymentRow } from '../payments/payments.ts'

/** A deposit as contract/deposits.ts describes it. */
export async function depositOf({ db, siteUrl }: PaymentContext, payment: PaymentRow): Promise<object> {
  const receipts = await readOwnReceipts(db, payment)
  const { rate } = payment
  return {
    deposit: Number(payment.id),
    reference: payment.reference,
    state: payment.state,
    method: payment.methodId,
    amount: formatUnits(payment.amount),
    bonus: formatUnits(payment.bonus),
    currency: payment.accountCurrency,
    pay: {
      amount: amountText(payment.asked, payment.currency),
      currency: payment.currency,
      rate: rate && { rate: rate.rate, source: rate.source, at: rate.at },
    },
    next: payment.nextStep,
    page: `${siteUrl()}/funds/payments/${payment.id}`,
    created: payment.createdAt.toISOString(),
    until: payment.until.toISOString(),
    credited: receipts.flatMap((receipt) =>
      receipt.units === null
        ? []
        : [
            {
              amount: formatUnits(receipt.units),
              bonus: formatUnits(receipt.bonus),
              paid: amountText(receipt.amount, receipt.currency),
              paid_currency: receipt.currency,
              at: receipt.at.toISOString(),
              receipt: receipt.document && documentName(receipt.document),
              taken_back: formatUnits(receipt.reversedUnits + receipt.reversedBonus),
            },
          ],
    ),
  }
}

export function methodOf({ id, name, currency, least, most }: MethodRow, accountCurrency: string): object {
  return { method: id, name, currency: currency ?? accountCurrency, least, most }
}

function amountText(amount: string, currency: string): string {
  return formatAmount(readAmount(amount)!, currency)
}
