import { type Amount, formatAmount, toMinor } from '../amounts.ts'
import type { Ask } from '../gateway.ts'
import { writeJson } from './json.ts'

/** PayPal takes no decimals for these, although two of them have some (developer.paypal.com/reference/currency-codes). */
const WHOLE = new Set(['HUF', 'JPY', 'TWD'])

/** `103.10`, `5000` (HUF). Undefined for an amount that PayPal cannot ask for. */
export function valueAtPayPal({ amount, currency }: Amount): string | undefined {
  const minor = toMinor(amount, currency, WHOLE.has(currency) ? 0 : 2)
  if (minor === undefined || minor <= 0n) return undefined
  return WHOLE.has(currency) ? minor.toString() : formatAmount(amount, currency)
}

/** An order of one unit, whose money is captured when the payer has approved it. */
export function orderOf(ask: Ask): string | undefined {
  const value = valueAtPayPal(ask)
  if (value === undefined) return undefined
  const unit = {
    custom_id: ask.reference,
    // Refunds carry it on. PayPal can also refuse a second payment with the same one.
    invoice_id: ask.reference,
    description: ask.about.slice(0, 127),
    amount: { currency_code: ask.currency, value },
  }
  const experience = {
    user_action: 'PAY_NOW',
    shipping_preference: 'NO_SHIPPING',
    return_url: ask.returnUrl,
    cancel_url: ask.returnUrl,
    ...(/^[a-z]{2}(-[A-Z]{2})?$/.test(ask.language) ? { locale: ask.language } : {}),
  }
  return writeJson({ intent: 'CAPTURE', purchase_units: [unit], payment_source: { paypal: { experience_context: experience } } })
}
