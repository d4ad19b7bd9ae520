import { type Decimal, type Units, UNITS_PER_WHOLE } from '../ledger/money.ts'
import { compareDecimals, placesOf, readAmount } from './amounts.ts'
import type { BonusTier, MethodRow } from './methods.ts'

/** What a payment costs and what arrives: shown before paying, and frozen in the payment. */
export interface Quote {
  /** What the wallet gets, in units of the account's currency, without the bonus. */
  readonly amount: Units
  readonly bonus: Units
  /** What the payer is asked for, in whole currency of the payer, with the digits that the currency has. */
  readonly asked: Decimal
  readonly currency: string
  /** The part of `asked` that is the method's fee. */
  readonly fee: Decimal
}

export interface QuoteInput {
  readonly amount: Units
  /** Of the account. */
  readonly currency: string
  readonly method: Pick<MethodRow, 'feeBasisPoints' | 'feeFixed' | 'bonuses' | 'currency'>
  /** The payer's currency per one of the account's, with the margin in it; null: the same currency. */
  readonly rate: Decimal | null
  readonly coupon: { readonly basisPoints: number; readonly most: Units | null } | null
}

/** Converts once: what is asked is rounded up to the smallest unit of the payer's currency, what is given is rounded down. */
export function quoteOf({ amount, currency, method, rate, coupon }: QuoteInput): Quote {
  const payIn = method.currency ?? currency
  const places = placesOf(payIn)
  const plain = ceilOf(amount, rate, places)
  const fee = ceilShare(plain.digits, method.feeBasisPoints) + minorOf(method.feeFixed, places)
  return {
    amount,
    bonus: bonusOf(amount, currency, method.bonuses) + couponOf(amount, coupon),
    asked: { digits: plain.digits + fee, places },
    currency: payIn,
    fee: { digits: fee, places },
  }
}

/** The bonus of the highest tier that the sum reaches. */
export function bonusOf(amount: Units, currency: string, tiers: readonly BonusTier[]): Units {
  const reached = tiers.filter((tier) => tier.currency === currency && amount >= unitsOf(tier.from))
  const best = reached.reduce((most, { basis_points }) => Math.max(most, basis_points), 0)
  return (amount * BigInt(best)) / 10_000n
}

export function couponOf(amount: Units, coupon: QuoteInput['coupon']): Units {
  if (coupon === null) return 0n
  const share = (amount * BigInt(coupon.basisPoints)) / 10_000n
  return coupon.most !== null && share > coupon.most ? coupon.most : share
}

/** What a receipt of another amount than was asked gives: the same part of the sum, rounded down. */
export function creditedFor(received: Decimal, asked: Decimal, amount: Units): Units {
  if (compareDecimals(received, asked) === 0n) return amount
  return (amount * received.digits * 10n ** BigInt(asked.places)) / (asked.digits * 10n ** BigInt(received.places))
}

function unitsOf(whole: string): Units {
  const read = readAmount(whole)!
  return (read.digits * UNITS_PER_WHOLE) / 10n ** BigInt(read.places)
}

function minorOf(whole: string, places: number): bigint {
  const read = readAmount(whole)!
  return ceilDivide(read.digits * 10n ** BigInt(places), 10n ** BigInt(read.places))
}

function ceilOf(amount: Units, rate: Decimal | null, places: number): Decimal {
  const { digits, places: of } = rate ?? { digits: 1n, places: 0 }
  return { digits: ceilDivide(amount * digits * 10n ** BigInt(places), UNITS_PER_WHOLE * 10n ** BigInt(of)), places }
}

function ceilShare(of: bigint, basisPoints: number): bigint {
  return ceilDivide(of * BigInt(basisPoints), 10_000n)
}

function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}
