import { serviceTypes } from '../../contract/service-types.ts'
import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'
import { isObject, type Json, type JsonObject, member, readText } from '../json.ts'
import { divideHalfUp } from '../ledger/money.ts'

/** How panels in use write the values of the contract. Each reader answers null for a value that it does not know. */

/** A supplier's id: a whole number or a word, never zero and never a flag. */
export function readReference(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (!/^[A-Za-z0-9][\w.:-]{0,99}$/.test(text)) return null
  const isFlag = /^(0+|null|undefined|true|false|nan|error|success|ok)$/i.test(text)
  const isFraction = /^\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) && !/^\d+$/.test(text)
  return isFlag || isFraction ? null : text
}

/**
 * A list of ids: `[1,"2"]`, `"1,2"`, an object (PHP writes a list with a gap so), or the orders themselves with an id. Elements that are not ids are
 * left out.
 */
export function readReferences(value: Json | undefined): string[] {
  const elements = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []
  return elements.flatMap((each) => readReference(isObject(each) ? (member(each, 'order') ?? member(each, 'id')) : each) ?? [])
}

/**
 * A whole number as panels write it: `"157"`, `157`, `"1,234"`, `"157.00"`. Null for `1.000`, which may be one or a thousand, for `12.5`, which is
 * not a count, and for the empty text.
 */
export function readWhole(value: Json | undefined): bigint | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^\d{1,18}$/.test(text)) return BigInt(text)
  const match = /^(-?)(\d{1,18}|\d{1,3}(?:[,' \u00a0\u202f]\d{3}){1,5})(\.0{1,2}|\.0{4,})?$/.exec(text)
  if (!match) return null
  const whole = BigInt(match[2]!.replace(/\D/g, ''))
  return match[1] ? -whole : whole
}

const MOST_PLACES = 12

/**
 * An amount as exact decimal text: `0.27819`, `"1,234.50"`, `"2,5"`, `2.5e-5`, and `0.30000000000000004` as 0.3: digits beyond the twelfth place are
 * the noise of a binary float. Null for `"2,500"`, which may be two and a half or two thousand five hundred.
 */
export function readDecimal(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  // Most amounts are written as we write them.
  return /^(0|[1-9]\d{0,14})(\.\d{0,11}[1-9])?$/.test(text) ? text : readForeignDecimal(text)
}

function readForeignDecimal(written: string): string | null {
  const plain = withDecimalPoint(written)
  const match = /^(-?)(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(plain)
  if (!match || /^-?[1-9]\d{0,2},\d{3}$/.test(plain)) return null
  const fraction = match[3] ?? ''
  const places = fraction.length - Number(match[4] ?? 0)
  const digits = BigInt(match[2]!.replace(/\D/g, '') + fraction)
  const scaled =
    places > MOST_PLACES ? divideHalfUp(digits, 10n ** BigInt(places - MOST_PLACES)) : digits * 10n ** BigInt(MOST_PLACES - places)
  const all = scaled.toString().padStart(MOST_PLACES + 1, '0')
  const part = all.slice(-MOST_PLACES).replace(/0+$/, '')
  const text = all.slice(0, -MOST_PLACES) + (part === '' ? '' : `.${part}`)
  return match[1] && scaled !== 0n ? `-${text}` : text
}

/** `2,5` and `1.234,50` have a decimal comma. */
function withDecimalPoint(text: string): string {
  if (/^-?\d{1,15},(\d{1,2}|\d{4,12})$/.test(text) || /^-?0,\d{1,12}$/.test(text)) return text.replace(',', '.')
  return /^-?\d{1,3}(\.\d{3}){1,4},\d{1,2}$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : text
}

/** A number that cannot be read, as it was written. A text without a digit means "not known", and is not reported. */
export function unreadNumber(value: Json | undefined, read: unknown): string | null {
  return read === null && typeof value === 'string' && /\d/.test(value) ? value.trim() : null
}

export function readFlag(value: Json | undefined): boolean {
  return value === true || (typeof value === 'string' && /^(1|true|yes|on)$/i.test(value.trim()))
}

/** Letters only: `In progress`, `In Progress`, `Inprogress`, `in_progress` and `IN-PROGRESS` are one word. */
function bareWord(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '')
}

// Some words are left out on purpose. They are read as null, which leaves the order as it is and shows staff the word. `Fail` and `Error` mean "our
// staff look at it" at the panels that have them: the order may still be delivered, so there is no refund. `Refunded` does not say how much. Panels
// also write `Success` in every answer without an error.
const ORDER_WORDS: Readonly<Record<string, OrderStatus>> = {
  pending: 'Pending',
  awaiting: 'Pending',
  processing: 'Processing',
  inprogress: 'In progress',
  completed: 'Completed',
  complete: 'Completed',
  partial: 'Partial',
  canceled: 'Canceled',
  cancelled: 'Canceled',
  active: 'Active',
  paused: 'Paused',
  expired: 'Expired',
}

const REFILL_WORDS: Readonly<Record<string, RefillStatus>> = {
  pending: 'Pending',
  awaiting: 'Pending',
  inprogress: 'In progress',
  processing: 'In progress',
  completed: 'Completed',
  complete: 'Completed',
  rejected: 'Rejected',
  canceled: 'Rejected',
  cancelled: 'Rejected',
  error: 'Error',
}

const ORDER_STATUSES: ReadonlySet<string> = new Set(Object.values(ORDER_WORDS))

export function readOrderStatus(words: string): OrderStatus | null {
  if (ORDER_STATUSES.has(words)) return words as OrderStatus
  const word = bareWord(words)
  return Object.hasOwn(ORDER_WORDS, word) ? ORDER_WORDS[word]! : null
}

export function readRefillStatus(words: string): RefillStatus | null {
  const word = bareWord(words)
  return Object.hasOwn(REFILL_WORDS, word) ? REFILL_WORDS[word]! : null
}

const typesByWord = new Map(serviceTypes.map(({ name }) => [bareWord(name), name]))

/** The contract's name for `default`, `custom_comments` or `Custom Comments`. */
export function readServiceType(words: string): string | null {
  return typesByWord.get(bareWord(words)) ?? null
}

/**
 * The words of a clear "no", or null. The words are in `error` (a text, a code or an object), or in the message of a panel that has a flag for
 * failure instead. An `error` of null, false, zero or an empty text is not an error.
 */
export function readError(value: Json | undefined): string | null {
  if (!isObject(value)) return null
  for (const name of ['error', 'errors']) {
    const words = wordsOf(member(value, name))
    if (words !== null) return words
  }
  return saysFailed(value) ? messageOf(value) : null
}

function wordsOf(error: Json | undefined): string | null {
  if (error === undefined || error === null || typeof error === 'boolean') return null
  if (typeof error === 'string') return error.trim() === '' || error.trim() === '0' ? null : error.trim()
  if (Array.isArray(error)) return error.length === 0 ? null : (wordsOf(error[0]) ?? JSON.stringify(error))
  if (Object.keys(error).length === 0) return null
  return messageOf(error) ?? JSON.stringify(error)
}

export function messageOf(value: JsonObject): string | null {
  for (const name of ['message', 'msg', 'error', 'text', 'reason', 'code']) {
    const text = readText(member(value, name))
    if (text !== '') return text
  }
  return null
}

/** `{"status":"error","msg":…}`. An order whose own status is "Error" also has counts. */
function saysFailed(value: JsonObject): boolean {
  if (['charge', 'remains', 'start_count'].some((name) => member(value, name) !== undefined)) return false
  const status = member(value, 'status')
  const failed = status === false || (typeof status === 'string' && /^(error|fail|failed|failure|false)$/i.test(status.trim()))
  const success = member(value, 'success')
  return failed || success === false || (typeof success === 'string' && /^(0|false)$/i.test(success.trim()))
}
