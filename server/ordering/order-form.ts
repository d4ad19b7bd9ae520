import { refusals } from '../../contract/refusals.ts'
import { type Field, MOST_CHARACTERS, MOST_LINES, type ServiceType, serviceTypeByName, serviceTypes } from '../../contract/service-types.ts'
import type { Service } from '../catalog/catalogue.ts'
import { Refusal } from '../refusal.ts'
import type { UncheckedParameters } from './call.ts'
import { linesOf } from './lines.ts'
import { trimmed } from './invisible.ts'
import { isLink, isWebAddress } from './link.ts'

/** The parameters of an `add`, read by the type of its service. */
export interface OrderForm {
  readonly link: string
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  /** What is counted and paid for, all runs together. */
  readonly counted: bigint
  /** What min and max bound: one run; null where they do not apply. */
  readonly bounded: readonly bigint[] | null
  /** Everything but link and quantity, as text. */
  readonly parameters: Readonly<Record<string, string>> | null
}

const LONGEST_TEXT = 1000
const MOST_DIGITS = 15
const MOST_DIGITS_KEPT = 20

// Link, fields, quantity: the refusals that a client meets first are the ones it can do most about.
const turns: Readonly<Partial<Record<Field['kind'], number>>> = { link: 0, quantity: 2 }
const fieldsInTurn: ReadonlyMap<ServiceType, readonly Field[]> = new Map(
  serviceTypes.map((type) => [type, type.fields.toSorted((a, b) => (turns[a.kind] ?? 1) - (turns[b.kind] ?? 1))]),
)

/** Reads by the contract's table. Throws the closest Refusal: link first, then the type's own fields, then the quantity. */
export function readOrderForm(service: Service, unchecked: UncheckedParameters, today: Date): OrderForm {
  const type = serviceTypeByName.get(service.type)!
  const read: Record<string, string> = {}
  for (const field of fieldsInTurn.get(type)!) {
    const value = readField(field, unchecked, today)
    if (value !== undefined) read[field.name] = value
  }
  if (type.counted.by === 'child orders') return subscriptionForm(read)

  const { link, quantity, runs, interval, ...others } = read
  const oneRun = type.counted.by === 'quantity' ? BigInt(quantity!) : type.counted.by === 'lines' ? countLines(read[type.counted.of]!) : 1n
  const times = type.runs ? readRuns(service, runs, interval) : 1n
  const parameters = times > 1n ? { ...others, runs: times.toString(), interval: interval! } : others
  return {
    link: link!,
    kind: times > 1n ? 'drip-feed' : 'single',
    counted: oneRun * times,
    bounded: type.counted.by === 'package' ? null : [oneRun],
    parameters: Object.keys(parameters).length > 0 ? parameters : null,
  }
}

function readField(field: Field, unchecked: UncheckedParameters, today: Date): string | undefined {
  const text = typedIn(field, unchecked[field.name])
  const wanted = !field.when || withoutLeadingZeros(unchecked[field.when.field] ?? '') === field.when.is
  if (!wanted) return undefined
  if (text === undefined) {
    if (field.optional) return undefined
    throw missing(field)
  }
  // PostgreSQL text has no U+0000: one in a link would fail every order of its batch.
  if (text.includes('\0')) throw malformed(field)
  switch (field.kind) {
    case 'link':
      if (!isLink(text)) throw malformed(field)
      return text
    case 'quantity':
      if (!/^\d+$/.test(text) || /^0+$/.test(text)) throw malformed(field)
      // Above all that a service may allow, however many digits follow.
      return withoutLeadingZeros(text).slice(0, MOST_DIGITS_KEPT)
    case 'whole':
      return readWhole(field, text)
    case 'url':
      if (!isWebAddress(text)) throw malformed(field)
      return text
    case 'text':
      if (text.length > LONGEST_TEXT) throw malformed(field)
      return text
    case 'lines':
      if (text.length > MOST_CHARACTERS) throw malformed(field)
      return readLines(field, text)
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

function missing(field: Field): Refusal {
  if (field.name === 'link') return new Refusal(refusals.linkRequired, { code: 'link_required' })
  if (field.name === 'quantity') return new Refusal(refusals.quantityRequired, { code: 'quantity_required' })
  return new Refusal(refusals.incorrectRequest, { code: `${field.name}_required` })
}

function malformed(field: Field): Refusal {
  if (field.name === 'link') return new Refusal(refusals.incorrectLink, { code: 'incorrect_link' })
  if (field.kind === 'quantity') return new Refusal(refusals.incorrectQuantity, { code: 'incorrect_quantity' })
  return new Refusal(refusals.incorrectRequest, { code: `incorrect_${field.name}` })
}

function readWhole(field: Field, text: string): string {
  if (!/^\d+$/.test(text) || text.length > MOST_DIGITS) throw malformed(field)
  const value = Number(text)
  if (value < (field.least ?? 0) || value > (field.most ?? Number.MAX_SAFE_INTEGER)) throw malformed(field)
  if (field.oneOf && !field.oneOf.includes(value)) throw malformed(field)
  return String(value)
}

function readLines(field: Field, text: string): string {
  const count = linesOf(text).length
  if (count === 0) throw missing(field)
  if (count > MOST_LINES) throw malformed(field)
  return text
}

/** d/m/Y, a day of the calendar that is not over. Answers Y-m-d. */
function readDate(field: Field, text: string, today: Date): string {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  if (!match) throw malformed(field)
  const [day, month, year] = match.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw malformed(field)
  const iso = date.toISOString().slice(0, 10)
  if (iso < today.toISOString().slice(0, 10)) throw malformed(field)
  return iso
}

/** What counts where lines are paid. */
export function countLines(text: string): bigint {
  return BigInt(linesOf(text).length)
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '')
}

/** How many runs are bought: 1 unless it is a drip-feed. */
function readRuns(service: Service, runs: string | undefined, interval: string | undefined): bigint {
  const times = BigInt(runs ?? '1')
  if (times <= 1n) return 1n
  if (!service.dripfeed) throw new Refusal(refusals.dripFeedNotAvailable, { code: 'drip_feed_not_available' })
  if (interval === undefined || interval === '0') throw new Refusal(refusals.intervalRequired, { code: 'interval_required' })
  return times
}

function subscriptionForm(read: Record<string, string>): OrderForm {
  const [min, max] = [BigInt(read['min']!), BigInt(read['max']!)]
  if (min > max) throw new Refusal(refusals.incorrectQuantity, { code: 'min_above_max' })
  const { posts, ...others } = read
  // Large buyers send posts=0 for "no limit"; with old posts it means those alone.
  const isUnlimited = posts === '0' && (read['old_posts'] ?? '0') === '0'
  const parameters = { delay: '0', ...(isUnlimited ? others : read) }
  return { link: read['username']!, kind: 'subscription', counted: 0n, bounded: [min, max], parameters }
}
