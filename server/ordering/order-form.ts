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

/** The parts of an order that its price depends on. */
export interface CountedForm {
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  /** The quantity that is paid for, all runs together. */
  readonly quantity: bigint
  /** The quantities that min and max limit (of one run), and their fields; empty where the limits do not apply. */
  readonly bounded: readonly { readonly field: FieldName; readonly quantity: bigint }[]
}

/** The fault of one field. The text of its code has no placeholders. */
export interface FieldFault {
  readonly field: FieldName
  readonly code: FieldCode
}

type FieldCode = Exclude<OrderCode, 'quantity_below_min' | 'quantity_above_max' | 'price_above_max_charge'>

/** The parameters of an `add`, read by the type of its service, as far as they can be read. */
export interface ReadForm {
  /** All faults, in the order in which the API reports them: link, the type's own fields, quantity, then fields that contradict each other. */
  readonly faults: readonly FieldFault[]
  /** The fields without a fault, by name. */
  readonly read: Readonly<Partial<Record<FieldName, string>>>
  /** The field that says what the order is for: a link, or the user whose posts are meant. */
  readonly target: 'link' | 'username'
  /** Undefined when a field that the quantity depends on is missing or wrong. */
  readonly counted: CountedForm | undefined
}

const LONGEST_TEXT = 1000
const MOST_DIGITS = 15
const MOST_DIGITS_KEPT = 20

// Link, own fields, quantity: a client first gets the refusals that it can mend most easily.
const turns: Readonly<Partial<Record<Field['kind'], number>>> = { link: 0, quantity: 2 }
const fieldsInTurn: ReadonlyMap<ServiceType, readonly Field[]> = new Map(
  serviceTypes.map((type) => [type, type.fields.toSorted((a, b) => (turns[a.kind] ?? 1) - (turns[b.kind] ?? 1))]),
)

/** Reads an order by the table of the contract, and goes on after a fault. */
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

/** All parameters but link and quantity, in the text form that is stored. */
export function keptParameters({ read, target, counted }: ReadForm): Readonly<Record<string, string>> | null {
  if (target === 'username') {
    const { posts: _, ...others } = read
    // Large buyers send posts=0 for "no limit"; together with old posts, 0 means only the old ones.
    const isUnlimited = read.posts === '0' && (read.old_posts ?? '0') === '0'
    return { delay: '0', ...(isUnlimited ? others : read) }
  }
  const { link: _, quantity: __, runs, interval, ...others } = read
  const parameters = counted?.kind === 'drip-feed' ? { ...others, runs: runs!, interval: interval! } : others
  return Object.keys(parameters).length > 0 ? parameters : null
}

/** The field in the form in which it is stored, or its fault; undefined when the field is absent. */
function readField(field: Field, unchecked: UncheckedParameters, today: Date): string | FieldFault | undefined {
  const text = typedIn(field, unchecked[field.name])
  const wanted = !field.when || withoutLeadingZeros(unchecked[field.when.field] ?? '') === field.when.is
  if (!wanted) return undefined
  if (text === undefined) return field.optional ? undefined : missing(field)
  // PostgreSQL text cannot hold U+0000: one in a link would fail every order of its batch.
  if (text.includes('\0')) return malformed(field)
  switch (field.kind) {
    case 'link':
      return isLink(text) ? text : malformed(field)
    case 'quantity':
      // Longer numbers are above every limit of a service, so further digits are cut.
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

/**
 * A link without the invisible characters around it, from the API and from pages alike: the rules of the panel and the guard of active links compare
 * this form.
 */
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

/** Reads d/m/Y, a day of the calendar that is not over. Answers Y-m-d. */
function readDate(field: Field, text: string, today: Date): string | FieldFault {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  if (!match) return malformed(field)
  const [day, month, year] = match.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return malformed(field)
  const iso = date.toISOString().slice(0, 10)
  return iso < today.toISOString().slice(0, 10) ? malformed(field) : iso
}

/** The quantity of a field that is paid per text line. */
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

/** The number of runs: 1 unless it is a drip-feed. Undefined, with a fault added, when the two fields do not fit together. */
function readRuns(service: Service, { runs, interval }: ReadForm['read'], faults: FieldFault[]): bigint | undefined {
  const times = BigInt(runs ?? '1')
  if (times <= 1n) return 1n
  if (service.dripfeed && interval !== undefined && interval !== '0') return times
  faults.push(service.dripfeed ? { field: 'interval', code: 'interval_required' } : { field: 'runs', code: 'drip_feed_not_available' })
  return undefined
}

/** Placing a subscription charges nothing: each post is charged when it is made. */
function countPosts({ min, max }: ReadForm['read'], faults: FieldFault[]): CountedForm | undefined {
  if (min === undefined || max === undefined) return undefined
  if (BigInt(min) > BigInt(max)) return void faults.push({ field: 'max', code: 'min_above_max' })
  const bounded = [{ field: 'min', quantity: BigInt(min) }, { field: 'max', quantity: BigInt(max) }] as const // prettier-ignore
  return { kind: 'subscription', quantity: 0n, bounded }
}
