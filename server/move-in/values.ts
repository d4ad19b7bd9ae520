import { divideHalfUp, shortDecimal, type Units } from '../ledger/money.ts'

/** What panels write, read into exact values. Undefined: it cannot be meant. */

/** A positive whole number as an id. */
export function readId(text: string | null | undefined, most = 2_147_483_647): number | undefined {
  const found = /^\s*0*([1-9]\d{0,15})(?:\.0+)?\s*$/.exec(text ?? '')
  const id = Number(found?.[1])
  return found && id <= most ? id : undefined
}

export function readWhole(text: string | null | undefined): bigint | undefined {
  const found = /^\s*(-?\d{1,18})(?:\.0+)?\s*$/.exec(text ?? '')
  return found ? BigInt(found[1]!) : undefined
}

interface Exact {
  readonly isNegative: boolean
  readonly digits: bigint
  readonly places: number
}

/** Also `1e-05`, as PHP writes small doubles, and `1,250.00`. */
function readExact(text: string | null | undefined): Exact | undefined {
  const plain = (text ?? '').trim().replaceAll(/(?<=\d),(?=\d{3})/g, '')
  const found = /^([+-]?)(\d{0,15})(?:\.(\d{0,40}))?(?:e([+-]?\d{1,2}))?$/i.exec(plain)
  if (!found || (found[2] === '' && (found[3] ?? '') === '')) return undefined
  const fraction = found[3] ?? ''
  const exponent = Number(found[4] ?? '0')
  const digits = BigInt(`${found[2]}${fraction}`)
  const places = fraction.length - exponent
  const isNegative = found[1] === '-' && digits !== 0n
  return places < 0 ? { isNegative, digits: digits * 10n ** BigInt(-places), places: 0 } : { isNegative, digits, places }
}

/** A double that was added up a thousand times is off by less than this; more is a digit that somebody meant. */
const NOISE_PLACES = 9

/** An amount of money; `isRounded`: it had more than five digits behind the dot, and not only the noise of floating point. */
export function readMoney(text: string | null | undefined): { readonly units: Units; readonly isRounded: boolean } | undefined {
  const exact = readExact(text)
  if (!exact) return undefined
  const { digits, places, isNegative } = exact
  const size = scaled(digits, places, 5)
  const fine = scaled(digits, places, NOISE_PLACES)
  return { units: isNegative ? -size : size, isRounded: fine !== size * 10n ** BigInt(NOISE_PLACES - 5) }
}

/** A rate as plain digits with at most twelve places, like `0.9`. */
export function readRate(text: string | null | undefined): string | undefined {
  const exact = readExact(text)
  if (!exact || exact.isNegative) return undefined
  return plainRate(scaled(exact.digits, exact.places, 12))
}

/** The rate per 1000 by which so many cost this. */
export function rateOfCharge(charge: Units, quantity: bigint): string {
  return plainRate(divideHalfUp(charge * 10n ** 10n, quantity))
}

function plainRate(digits: bigint): string {
  const text = digits.toString().padStart(13, '0')
  return shortDecimal(`${text.slice(0, -12)}.${text.slice(-12)}`)
}

function scaled(digits: bigint, places: number, wanted: number): bigint {
  return divideHalfUp(digits * 10n ** BigInt(wanted), 10n ** BigInt(places))
}

/** A date of MySQL or ISO 8601, in UTC where it does not say otherwise, or seconds since 1970. Null: a date of zeros, or none. */
export function readDate(text: string | null | undefined): Date | null | undefined {
  const plain = (text ?? '').trim()
  if (plain === '' || plain.startsWith('0000-00-00') || plain === '0') return null
  if (/^\d{9,10}$/.test(plain)) return new Date(Number(plain) * 1000)
  const found = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})?) ?(Z|[+-]\d\d:?\d\d)?)?$/.exec(plain)
  if (!found) return undefined
  const date = new Date(`${found[1]}T${found[2] ?? '00:00:00'}${found[3] ?? 'Z'}`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

// UTF-8 that was read as Latin-1 and written again: é is Ã©, ’ is â€™, Cyrillic begins with Ð or Ñ, emoji with ðŸ.
const MOJIBAKE = /[ÃÂÐÑ][\u0080-\u00BF]|â€|ðŸ|\uFFFD/u

export function isMojibake(text: string): boolean {
  return MOJIBAKE.test(text)
}
