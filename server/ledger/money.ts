import { trimmedEnd } from '../text.ts'

/** Money is a bigint in units of 10⁻⁵ of its currency; answers show all five decimals. */
export type Units = bigint

export const UNITS_PER_WHOLE = 100_000n
const DECIMALS = 5

/** `84292n` → `"0.84292"`: digits and one dot, never an exponent, a separator or a local format. */
export function formatUnits(units: Units): string {
  return formatDigits(units.toString())
}

/** The same for units that are still a text of digits from the database. */
export function formatDigits(units: string): string {
  const sign = units.startsWith('-') ? '-' : ''
  const digits = units.slice(sign.length).padStart(DECIMALS + 1, '0')
  return `${sign}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`
}

/** `"100.84292"` → `10084292n`. Takes plain decimals with at most five places; throws a RangeError with a sentence otherwise. */
export function parseUnits(text: string): Units {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,5}))?$/.exec(text.trim())
  if (!match) throw new RangeError(`"${text}" is no amount: digits, and at most five after the dot, like 100 or 0.25`)
  const units = BigInt(match[2]!) * UNITS_PER_WHOLE + BigInt((match[3] ?? '').padEnd(DECIMALS, '0'))
  return match[1] ? -units : units
}

/** An exact decimal: digits × 10^-places. Rates are stored so, with as many places as the operator typed. */
export interface Decimal {
  readonly digits: bigint
  readonly places: number
}

/** `"0.90"` → 90 × 10⁻². Throws a RangeError on anything but digits and one dot. */
export function parseDecimal(text: string): Decimal {
  const match = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text)
  if (!match) throw new RangeError(`"${text}" is no rate: digits and one dot, like 0.90 or 8`)
  const fraction = match[2] ?? ''
  return { digits: BigInt(match[1]! + fraction), places: fraction.length }
}

/** The shortest text for the number with at least two places: 870030 × 10⁻⁶ → `"0.87003"`. */
export function formatDecimal(value: Decimal): string {
  const digits = value.digits.toString().padStart(value.places + 1, '0')
  const whole = digits.slice(0, digits.length - value.places)
  const fraction = value.places === 0 ? '' : digits.slice(-value.places)
  return `${whole}.${trimmedEnd(fraction, '0').padEnd(2, '0')}`
}

/** Removes useless zeros from a text with a dot: `0.25000` → `0.25`, `100.00000` → `100`. */
export function shortDecimal(text: string): string {
  return trimmedEnd(trimmedEnd(text, '0'), '.')
}

/** Units before rounding, exactly: numerator ÷ denominator. */
export interface Quotient {
  readonly numerator: bigint
  readonly denominator: bigint
}

const MOST_PLACES = 12

/** As a decimal. One that does not end within twelve places is cut there and marked by an ellipsis. */
export function formatQuotient({ numerator, denominator }: Quotient): string {
  const scaled = numerator * 10n ** BigInt(MOST_PLACES)
  const divisor = denominator * UNITS_PER_WHOLE
  const text = formatDecimal({ digits: scaled / divisor, places: MOST_PLACES })
  return scaled % divisor === 0n ? text : `${text}…`
}

/** Numerator ÷ denominator, rounded half up, for numbers that are not negative. This is the only place that rounds. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator * 2n + denominator) / (denominator * 2n)
}
