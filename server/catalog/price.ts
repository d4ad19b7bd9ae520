import type { PriceList } from '../customers/prices.ts'
import { type Decimal, divideHalfUp, formatDecimal, parseDecimal, type Units, UNITS_PER_WHOLE } from '../ledger/money.ts'

/** The price list was read before the catalogue last changed: agreed rates and discounts may have changed with it. */
export class PricesTurned extends Error {}

/** A rate for this caller. */
export interface CallersRate {
  /** Per 1000 (packages: per package), exact, as shown in `services`. */
  readonly text: string
  readonly value: Decimal
  /** Where it comes from when it is not the service's own rate: `custom`, or the discount, like `0.90 - 5%`. */
  readonly source: string | null
}

const BASIS_POINTS = 10_000n

/**
 * The service's own rate as typed, a custom one, or the discounted one. It is exact, never rounded, so that a customer can multiply it and get the
 * charge. A custom rate is final: the discount does not apply to it.
 */
export function callersRate(serviceId: number, serviceRate: string, list: PriceList): CallersRate {
  const custom = list.customRates.get(serviceId)
  if (custom !== undefined) return { text: custom, value: parseDecimal(custom), source: 'custom' }
  const value = parseDecimal(serviceRate)
  if (list.discountBasisPoints === 0) return { text: serviceRate, value, source: null }
  const discounted = { digits: value.digits * (BASIS_POINTS - BigInt(list.discountBasisPoints)), places: value.places + 4 }
  return { text: formatDecimal(discounted), value: discounted, source: `${serviceRate} - ${list.discountBasisPoints / 100}%` }
}

/**
 * rate × counted ÷ 1000 (a package: rate × counted) in units of 10⁻⁵. Rounded once, half up, and never to zero when the rate is above zero and
 * something is counted.
 */
export function chargeFor(rate: Decimal, counted: bigint, isPackage: boolean): Units {
  const denominator = 10n ** BigInt(rate.places) * (isPackage ? 1n : 1000n)
  const units = divideHalfUp(rate.digits * counted * UNITS_PER_WHOLE, denominator)
  return units === 0n && rate.digits > 0n && counted > 0n ? 1n : units
}
