import { type Decimal, formatDecimal, parseDecimal } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'

/** The rule that makes a price from a cost: cost + per cent + a fixed part, rounded up to a multiple of the step. */
export interface PriceRule {
  readonly percent: Decimal
  readonly add: Decimal
  readonly step: Decimal
}

/** Reads `20%` or `20`, `0.05`, `0.01`. Throws a Refusal with a sentence. */
export function readPriceRule(rule: { percent: string; add: string; step: string }): PriceRule {
  const percent = readDecimal(withoutPercentSign(rule.percent), 'A margin is a percentage like 20%')
  const add = readDecimal(rule.add, 'What is added is an amount like 0.05')
  const step = readDecimal(rule.step, 'Prices are rounded up to multiples of a step like 0.01')
  if (step.digits === 0n) throw refuse('zero_step')
  return { percent, add, step }
}

/** `20 %` → `20` */
export function withoutPercentSign(text: string): string {
  return text.endsWith('%') ? text.slice(0, -1).trimEnd() : text
}

function readDecimal(text: string, expectation: string): Decimal {
  try {
    return parseDecimal(text)
  } catch {
    throw refuse('incorrect_decimal', expectation, text)
  }
}

/** The price by the rule. The only rounding is upwards, so the price is never below the cost. */
export function priceFor(cost: Decimal, { percent, add, step }: PriceRule): string {
  const places = Math.max(cost.places + percent.places + 2, add.places)
  const withMargin = scale(
    { digits: cost.digits * (100n * 10n ** BigInt(percent.places) + percent.digits), places: cost.places + percent.places + 2 },
    places,
  )
  const exact = withMargin + scale(add, places)
  const steps = divideUp(exact * 10n ** BigInt(step.places), step.digits * 10n ** BigInt(places))
  return formatDecimal({ digits: steps * step.digits, places: step.places })
}

// The most that a stored rate can hold (constraint rate_is_a_plain_decimal).
const MOST_PLACES = 12
const MOST_DIGITS = 12

/** A cost in the catalogue's currency, rounded up at the last place that can be stored. Null: not an amount that can be stored. */
export function exchangeCost(cost: string, exchangeRate: Decimal): string | null {
  if (!/^\d{1,12}(\.\d{1,12})?$/.test(cost)) return null
  const { digits, places } = parseDecimal(cost)
  const product = { digits: digits * exchangeRate.digits, places: places + exchangeRate.places }
  const over = product.places - MOST_PLACES
  const kept = over > 0 ? { digits: divideUp(product.digits, 10n ** BigInt(over)), places: MOST_PLACES } : product
  const text = formatDecimal(kept)
  return isRate(text) ? text : null
}

export function isRate(text: string): boolean {
  return text.indexOf('.') <= MOST_DIGITS
}

/** The cost of the supplier's quantity for one of ours. */
export function costOfOurs(costRate: string, multiplier: number): Decimal {
  const { digits, places } = parseDecimal(costRate)
  return { digits: digits * BigInt(multiplier), places }
}

/** Negative, zero or positive, as a is below, equal to or above b. */
export function compare(a: Decimal, b: Decimal): bigint {
  const places = Math.max(a.places, b.places)
  return scale(a, places) - scale(b, places)
}

function scale({ digits, places }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - places)
}

function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}
