import type Stripe from 'stripe'
import type { Ask } from '../gateway.ts'
import { REFERENCE } from './stripe-hook.ts'

/** The same ask makes the same parameters, or Stripe refuses the repeated key. */
export function sessionOf(ask: Ask, units: number): Stripe.Checkout.SessionCreateParams {
  const metadata = { [REFERENCE]: ask.reference }
  return {
    mode: 'payment',
    client_reference_id: ask.reference,
    line_items: [
      { quantity: 1, price_data: { currency: ask.currency.toLowerCase(), unit_amount: units, product_data: { name: ask.about } } },
    ],
    success_url: ask.returnUrl,
    cancel_url: ask.returnUrl,
    expires_at: Math.floor(ask.until.getTime() / 1000),
    locale: localeOf(ask.language),
    metadata,
    payment_intent_data: { metadata, description: ask.about, ...(ask.keepsCard ? { setup_future_usage: 'off_session' as const } : {}) },
    ...(ask.keepsCard ? { customer_creation: 'always' as const } : {}),
    ...(ask.email === null ? {} : { customer_email: ask.email }),
  }
}

const LOCALES = new Set(
  'bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW'.split(
    ' ',
  ),
)

function localeOf(language: string): string {
  const [plainLanguage = ''] = language.split('-')
  return [language, plainLanguage].find((each) => LOCALES.has(each)) ?? 'auto'
}

/** A charge of a kept card: its owner is not there, so what needs them is an error instead of a page. */
export function chargeOfSaved(ask: Ask, units: number, savedCardId: string): Stripe.PaymentIntentCreateParams | undefined {
  const [, customer, method] = /^(cus_\w{1,250})\/(pm_\w{1,250})$/.exec(savedCardId) ?? []
  if (customer === undefined || method === undefined) return undefined
  return {
    amount: units,
    currency: ask.currency.toLowerCase(),
    customer,
    payment_method: method,
    off_session: true,
    confirm: true,
    description: ask.about,
    metadata: { [REFERENCE]: ask.reference },
  }
}
