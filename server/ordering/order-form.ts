import type { OrderCode } from '../../contract/refusals.ts'
import {
  type Counted,
  type Field,
  type FieldName,
  MOST_CHARACTERS,
  MOST_LINES,
  type ServiceType,
  serviceTypeByName,
  serviceTypes,
} from '../../contract/service-types.ts'
import type { Service } from '../catalog/catalogue.ts'
import type { UncheckedParameters } from './call.ts'
import { linesOf } from './lines.ts'
import { trimmed } from './invisible.ts'
import { isLink, isWebAddress } from './link.ts'

/** As much of an order as its price depends on. */
export interface CountedForm {
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  /** What is counted and paid for, all runs together. */
  readonly quantity: bigint
  /** What min and max bound, one run, and in which fields; none where they do not apply. */
  readonly bounded: readonly { readonly field: FieldName; readonly quantity: bigint }[]
}

/** What is wrong with one field. Its code needs no values. */
export interface FieldFault {
  readonly field: FieldName
  readonly code: FieldCode
}

type FieldCode = Exclude<OrderCode, 'quantity_below_min' | 'quantity_above_max' | 'price_above_max_charge'>

/** The parameters of an `add`, read by the type of its service as far as they can be. */
export interface ReadForm {
  /** All that is wrong, what the API tells first in front: link, the type's own fields, quantity, then what does not go together. */
  readonly faults: readonly FieldFault[]
  /** By their names, the fields with which nothing is wrong. */
  readonly read: Readonly<Partial<Record<FieldName, string>>>
  /** The field that says what the order is for: a link, or whose posts. */
  readonly target: 'link' | 'username'
  /** Undefined where a field that is counted is missing or wrong. */
  readonly counted: CountedForm | undefined
}

const LONGEST_TEXT = 1000
const MOST_DIGITS = 15
const MOST_DIGITS_KEPT = 20

// Link, fields, quantity: the refusals that a client meets first are the ones it can do most about.
const turns: Readonly<Partial<Record<Field['kind'], number>>> = { link: 0, quantity: 2 }
const fieldsInTurn: ReadonlyMap<ServiceType, readonly Field[]> = new Map(
  serviceTypes.map((type) => [type, type.fields.toSorted((a, b) => (turns[a.kind] ?? 1) - (turns[b.kind] ?? 1))]),
)

/** Reads an order by the contract's table, and goes on where something is wrong. */
export function readOrderForm(service: Service, unchecked: UncheckedParameters, today: Date): ReadForm {
  const type = serviceTypeByName.get(service.type)!
  const faults: FieldFault[] = []
  const read: Partial<Record<FieldName, string>> = {}
  for (const field of fieldsInTurn.get(type)!) {
    const value = readField(field, unchecked, today)
    if (typeof value === 'object') faults.push(value)
    else if (value !== undefined) read[field.name] = value
  }
  const isRight = (name: FieldName) => faults.every(({ field }) => field !== name)
  if (type.counted.by === 'child orders') return { faults, read, target: 'username', counted: countPosts(read, faults) }
  const oneRun = countOneRun(type.counted, read)
  const runs = type.runs && isRight('runs') && isRight('interval') ? readRuns(service, read, faults) : type.runs ? undefined : 1n
  if (oneRun === undefined || runs === undefined) return { faults, read, target: 'link', counted: undefined }
  const field = type.counted.by === 'lines' ? type.counted.of : 'quantity'
  const bounded = type.counted.by === 'package' ? [] : [{ field, quantity: oneRun }]
  return { faults, read, target: 'link', counted: { kind: runs > 1n ? 'drip-feed' : 'single', quantity: oneRun * runs, bounded } }
}

/** Everything but link and quantity, as text, as it is kept. */
export function keptParameters({ read, target, counted }: ReadForm): Readonly<Record<string, string>> | null {
  if (target === 'username') {
    const { posts: _, ...others } = read
    // Large buyers send posts=0 for "no limit"; with old posts it means those alone.
    const isUnlimited = read.posts === '0' && (read.old_posts ?? '0') === '0'
    return { delay: '0', ...(isUnlimited ? others : read) }
  }
  const { link: _, quantity: __, runs, interval, ...others } = read
  const parameters = counted?.kind === 'drip-feed' ? { ...others, runs: runs!, interval: interval! } : others
  return Object.keys(parameters).length > 0 ? parameters : null
}

/** The field's text in the form in which it is kept, or what is wrong with it; undefined where it is not asked for. */
function readField(field: Field, unchecked: UncheckedParameters, today: Date): string | FieldFault | undefined {
  const text = typedIn(field, unchecked[field.name])
  const wanted = !field.when || withoutLeadingZeros(unchecked[field.when.field] ?? '') === field.when.is
  if (!wanted) return undefined
  if (text === undefined) return field.optional ? undefined : missing(field)
  // PostgreSQL text has no U+0000: one in a link would fail every order of its batch.
  if (text.includes('\0')) return malformed(field)
  switch (field.kind) {
    case 'link':
      return isLink(text) ? text : malformed(field)
    case 'quantity':
      // Above all that a service may allow, however many digits follow.
      return !/^\d+$/.test(text) || /^0+$/.test(text) ? malformed(field) : withoutLeadingZeros(text).slice(0, MOST_DIGITS_KEPT)
    case 'whole':
      return readWhole(field, text)
    case 'url':
      return isWebAddress(text) ? text : malformed(field)
    case 'text':
      return text.length > LONGEST_TEXT ? malformed(field) : text
    case 'lines':
      return text.length > MOST_CHARACTERS ? malformed(field) : readLines(field, text)
    case 'date':
      return readDate(field, text, today)
    default:
      return field.kind satisfies never
  }
}

/** A link without what nobody sees around it, whichever way it came in: house rules and the guard of active links compare what is left. */
function typedIn(field: Field, text: string | undefined): string | undefined {
  if (text === undefined || (field.kind !== 'link' && field.kind !== 'url')) return text
  return trimmed(text) || undefined
}

function missing({ name }: Field): FieldFault {
  return { field: name, code: `${name}_required` }
}

function malformed({ name, kind }: Field): FieldFault {
  return { field: name, code: kind === 'quantity' ? 'incorrect_quantity' : `incorrect_${name}` }
}

function readWhole(field: Field, text: string): string | FieldFault {
  if (!/^\d+$/.test(text) || text.length > MOST_DIGITS) return malformed(field)
  const value = Number(text)
  if (value < (field.least ?? 0) || value > (field.most ?? Number.MAX_SAFE_INTEGER)) return malformed(field)
  if (field.oneOf && !field.oneOf.includes(value)) return malformed(field)
  return String(value)
}

function readLines(field: Field, text: string): string | FieldFault {
  const count = linesOf(text).length
  if (count === 0) return missing(field)
  return count > MOST_LINES ? malformed(field) : text
}

/** d/m/Y, a day of the calendar that is not over. Answers Y-m-d. */
function readDate(field: Field, text: string, today: Date): string | FieldFault {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  if (!match) return malformed(field)
  const [day, month, year] = match.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return malformed(field)
  const iso = date.toISOString().slice(0, 10)
  return iso < today.toISOString().slice(0, 10) ? malformed(field) : iso
}

/** What counts where lines are paid. */
export function countLines(text: string): bigint {
  return BigInt(linesOf(text).length)
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '')
}

function countOneRun(counted: Exclude<Counted, { by: 'child orders' }>, read: ReadForm['read']): bigint | undefined {
  switch (counted.by) {
    case 'package':
      return 1n
    case 'lines': {
      const lines = read[counted.of]
      return lines === undefined ? undefined : countLines(lines)
    }
    case 'quantity':
      return read.quantity === undefined ? undefined : BigInt(read.quantity)
    default:
      return counted satisfies never
  }
}

/** How many runs are bought: 1 unless it is a drip-feed. Undefined, and a fault more, where it cannot be one. */
function readRuns(service: Service, { runs, interval }: ReadForm['read'], faults: FieldFault[]): bigint | undefined {
  const times = BigInt(runs ?? '1')
  if (times <= 1n) return 1n
  if (service.dripfeed && interval !== undefined && interval !== '0') return times
  faults.push(service.dripfeed ? { field: 'interval', code: 'interval_required' } : { field: 'runs', code: 'drip_feed_not_available' })
  return undefined
}

/** Nothing is paid for yet: each post is, when it is made. */
function countPosts({ min, max }: ReadForm['read'], faults: FieldFault[]): CountedForm | undefined {
  if (min === undefined || max === undefined) return undefined
  if (BigInt(min) > BigInt(max)) return void faults.push({ field: 'max', code: 'min_above_max' })
  const bounded = [{ field: 'min', quantity: BigInt(min) }, { field: 'max', quantity: BigInt(max) }] as const // prettier-ignore
  return { kind: 'subscription', quantity: 0n, bounded }
}
