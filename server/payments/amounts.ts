import type { Decimal } from '../ledger/money.ts'
import { trimmedEnd } from '../text.ts'

/** An amount as the gateway has it, in whole currency: `{digits: 10300n, places: 2}` USD is 103.00. Never negative. */
export interface Amount {
  readonly amount: Decimal
  readonly currency: string
}

/** The digits after the dot of the currencies that have not two (ISO 4217; crypto: the smallest unit of the chain). The only such table. */
const PLACES: Readonly<Record<string, number>> = {
  ...places(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...places(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...places(4, 'CLF UYW'),
  ...places(6, 'USDT USDC TRX XRP'),
  ...places(8, 'BTC LTC DOGE BCH DASH'),
  ...places(12, 'XMR'),
  ...places(18, 'ETH BNB DAI MATIC'),
}
const USUAL_PLACES = 2

function places(count: number, currencies: string): Record<string, number> {
  return Object.fromEntries(currencies.split(' ').map((currency) => [currency, count]))
}

/** How many digits after the dot the smallest unit of the currency has: 2 for USD, 0 for JPY, 8 for BTC. */
export function placesOf(currency: string): number {
  return PLACES[currency] ?? USUAL_PLACES
}

const MOST_PLACES = 24
const A_DECIMAL = /^(\d{1,24})(?:\.(\d{1,24}))?(?:[eE]([+-]?\d{1,2}))?$/

/**
 * An amount as gateways write it: `"103.00"`, `1e-7`, as the text that was sent (never a number that went through a float). Undefined for everything
 * else, also for what is below zero and for separators of thousands, which may be either sign.
 */
export function readAmount(text: unknown): Decimal | undefined {
  if (typeof text !== 'string') return undefined
  const match = A_DECIMAL.exec(text.trim())
  if (!match) return undefined
  const fraction = match[2] ?? ''
  const exponent = Number(match[3] ?? 0)
  const count = fraction.length - exponent
  const digits = BigInt(match[1]! + fraction)
  const read = count < 0 ? { digits: digits * 10n ** BigInt(-count), places: 0 } : { digits, places: count }
  return read.places > MOST_PLACES ? undefined : read
}

/** `103.00` → 10300n cents. Undefined when the amount is finer than the currency's smallest unit. */
export function toMinor(amount: Decimal, currency: string, count = placesOf(currency)): bigint | undefined {
  if (amount.places <= count) return amount.digits * 10n ** BigInt(count - amount.places)
  const divisor = 10n ** BigInt(amount.places - count)
  return amount.digits % divisor === 0n ? amount.digits / divisor : undefined
}

/** 10300n cents → `103.00`. */
export function fromMinor(minor: bigint, currency: string, count = placesOf(currency)): Decimal {
  return { digits: minor, places: count }
}

/** With the usual digits of the currency, and more where the amount has more: `103.00`, `5000` (JPY), `0.00012345` (BTC). */
export function formatAmount(amount: Decimal, currency: string): string {
  const least = placesOf(currency)
  const digits = amount.digits.toString().padStart(amount.places + 1, '0')
  const whole = digits.slice(0, digits.length - amount.places)
  const fraction = trimmedEnd(amount.places === 0 ? '' : digits.slice(-amount.places), '0').padEnd(least, '0')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** Below zero, zero or above it: as the first is smaller, equal or larger, whatever their places. */
export function compareDecimals(one: Decimal, other: Decimal): bigint {
  const count = Math.max(one.places, other.places)
  return one.digits * 10n ** BigInt(count - one.places) - other.digits * 10n ** BigInt(count - other.places)
}

export function isSameAmount(one: Amount, other: Amount): boolean {
  return one.currency === other.currency && compareDecimals(one.amount, other.amount) === 0n
}
