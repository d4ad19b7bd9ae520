import { type Decimal, divideHalfUp } from '../ledger/money.ts'
import { placesOf } from './amounts.ts'

/** With fewer digits a small price would be off by a tenth: a rate of 0.00087 is shown as 0.000801, not as 0.00. */
const LEAST_DIGITS = 3
/** Browsers format twenty places. */
const MOST_FURTHER = 12

/**
 * What a sum is in another currency, for information: with the digits that the currency has, and with more where fewer than three would count. It is
 * computed exactly and rounded once. `rate`: how much of the other currency one of the sum's buys.
 */
export function inOtherCurrency(sum: Decimal, rate: Decimal, currency: string): Decimal {
  const product = sum.digits * rate.digits
  const divisor = 10n ** BigInt(sum.places + rate.places)
  const places = placesOf(currency) + further(product * 10n ** BigInt(placesOf(currency)), divisor)
  return { digits: divideHalfUp(product * 10n ** BigInt(places), divisor), places }
}

/** How many places more a sum above zero needs until enough of its digits are shown. */
function further(numerator: bigint, denominator: bigint): number {
  const enough = 10n ** BigInt(LEAST_DIGITS - 1) * denominator
  let count = 0
  if (numerator > 0n) while (numerator * 10n ** BigInt(count) < enough && count < MOST_FURTHER) count += 1
  return count
}
