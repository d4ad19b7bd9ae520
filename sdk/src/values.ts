/** JSON whose numbers stay the digits that were sent: ids keep all of theirs, and money never becomes a binary float. */
export type Json = string | boolean | null | Json[] | { [name: string]: Json }
type JsonObject = { [name: string]: Json }

/** An amount of money as exact decimal text: `'0.27819'`. */
export type Amount = string
/** An id of an order, a refill or a service. Answers give ids as text, because panels have ids beyond what a number holds. */
export type Id = string | number | bigint
/** A whole number that is sent. */
export type Whole = number | bigint | `${bigint}`

/** Reads JSON whatever its content type, behind a byte order mark too. Undefined when it is not JSON. */
export function readJson(text: string): Json | undefined {
  const bare = text.replace(/^\uFEFF/, '')
  try {
    JSON.parse(bare)
    return JSON.parse(bare.replace(/"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (token[0] === '"' ? token : `"${token}"`))) as Json
  } catch {
    return undefined
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own member only: `constructor` is no answer. Without `status`, `Status` is read, unless two names fit. */
export function member(value: Json | undefined, name: string): Json | undefined {
  if (!isObject(value)) return undefined
  if (Object.hasOwn(value, name)) return value[name]
  const alike = Object.keys(value).filter((key) => key.toLowerCase() === name)
  return alike.length === 1 ? value[alike[0]!] : undefined
}

export function readText(value: Json | undefined): string {
  return typeof value === 'string' ? value.trim() : ''
}

/** An id is a whole number or a word, never zero and never a flag. */
export function readId(value: Json | undefined): string | null {
  const text = readText(value)
  if (!/^[A-Za-z0-9][\w.:-]{0,99}$/.test(text)) return null
  const isFlag = /^(0+|null|undefined|true|false|nan|error|success|ok)$/i.test(text)
  const isFraction = /^\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) && !/^\d+$/.test(text)
  return isFlag || isFraction ? null : text
}

/** `[1,"2"]`, `"1,2"`, an object (PHP writes a list with a gap so), or the orders themselves with an id. */
export function readIds(value: Json | undefined): string[] {
  const elements = typeof value === 'string' ? value.split(',') : typeof value === 'object' && value !== null ? Object.values(value) : []
  return elements.flatMap((each) => readId(isObject(each) ? (member(each, 'order') ?? member(each, 'id')) : each) ?? [])
}

/** `"157"`, `157`, `"1,234"`, `"157.00"`. Null for `1.000`, which may be one or a thousand, and for `12.5`, which is no count. */
export function readWhole(value: Json | undefined): number | null {
  const match = /^(-?)(\d{1,18}|\d{1,3}(?:[,' \u00a0\u202f]\d{3}){1,5})(\.0{1,2}|\.0{4,})?$/.exec(readText(value))
  if (!match) return null
  const whole = Number(match[2]!.replace(/\D/g, ''))
  if (!Number.isSafeInteger(whole)) return null
  return match[1] && whole > 0 ? -whole : whole
}

const MOST_PLACES = 12

/**
 * An amount as exact decimal text: `0.27819`, `"1,234.50"`, `"2,5"`, `2.5e-5`, and `0.30000000000000004` as 0.3: digits beyond the twelfth place are
 * the noise of a binary float. An amount without such noise stays as the panel wrote it. Null for `"2,500"`, which may be either.
 */
export function readAmount(value: Json | undefined): Amount | null {
  const plain = withPoint(readText(value))
  if (/^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$/.test(plain)) return plain
  const match = /^(-?)(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(plain)
  if (!match || /^-?[1-9]\d{0,2},\d{3}$/.test(plain)) return null
  const fraction = match[3] ?? ''
  const places = fraction.length - Number(match[4] ?? 0)
  const digits = BigInt(match[2]!.replace(/\D/g, '') + fraction)
  const divisor = 10n ** BigInt(Math.max(0, places - MOST_PLACES))
  const scaled = places > MOST_PLACES ? (digits * 2n + divisor) / (divisor * 2n) : digits * 10n ** BigInt(MOST_PLACES - places)
  const all = scaled.toString().padStart(MOST_PLACES + 1, '0')
  const part = all.slice(-MOST_PLACES).replace(/0+$/, '')
  const text = all.slice(0, -MOST_PLACES) + (part && `.${part}`)
  return match[1] && scaled > 0n ? `-${text}` : text
}

/** `2,5` and `1.234,50` have a decimal comma. */
function withPoint(text: string): string {
  if (/^-?\d{1,15},(\d{1,2}|\d{4,12})$/.test(text) || /^-?0,\d{1,12}$/.test(text)) return text.replace(',', '.')
  return /^-?\d{1,3}(\.\d{3}){1,4},\d{1,2}$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : text
}

export function readFlag(value: Json | undefined): boolean {
  return value === true || /^(1|true|yes|on)$/i.test(readText(value))
}

/** Letters only: `In progress`, `Inprogress`, `in_progress` and `IN-PROGRESS` are one word. */
export function bareWord(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '')
}

/** The text of a value as it is sent. Numbers must be whole and exact: `10.9` and `NaN` are never sent. */
export function sentText(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    if (value.some((line) => /[\r\n]/.test(String(line)))) throw new TypeError(`${name}: a line break would make two of one`)
    return value.join('\n')
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new TypeError(`${name} must be a whole number, not ${value}`)
  return String(value)
}
