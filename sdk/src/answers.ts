import {
  orderMore,
  orderMoreInNumbers,
  type OrderMore,
  type OrderStatus,
  type RefillStatus,
  serviceMore,
  serviceMoreInNumbers,
  type ServiceMore,
  serviceTypeNames,
  type ServiceTypeName,
} from './contract.ts'
import { messageOf, readError } from './errors.ts'
import { given, refused, type Result, unclear } from './lists.ts'
import type { Reply } from './transport.ts'
import { type Amount, bareWord, isObject, type Json, member, readAmount, readFlag, readId, readIds, readText, readWhole } from './values.ts'

/** How an order stands. Null is what a panel does not tell, or tells in a way that can be read in two ways. */
export interface OrderState {
  /** Null for a word that the protocol does not know, like `Fail`: it stands in `words`. */
  readonly status: OrderStatus | null
  readonly words: string
  /** What was paid and not given back. */
  readonly charge: Amount | null
  readonly currency: string | null
  readonly start_count: number | null
  /** What was not delivered. Below zero when more was delivered than ordered. */
  readonly remains: number | null
  /** Drip-feed: how many runs are done. */
  readonly runs: number | null
  /** Subscription: how many posts are done. */
  readonly posts: number | null
  readonly expiry: string | null
  /** Drip-feed and subscription: the orders that were made. */
  readonly orders: readonly string[]
  /** With `extended`, where the panel offers it. */
  readonly more: OrderMore | null
}

export interface RefillState {
  readonly status: RefillStatus | null
  readonly words: string
}

export interface Changes {
  /** Where to go on. */
  readonly cursor: string
  /** Oldest first. */
  readonly orders: ReadonlyMap<string, OrderState>
  readonly refills: ReadonlyMap<string, RefillState & { readonly order: string | null }>
  /** Whether there is more already. */
  readonly more: boolean
}

export interface Service {
  readonly service: string
  readonly name: string
  /** Null for a type that the protocol does not know: it stands in `words`. */
  readonly type: ServiceTypeName | null
  readonly words: string
  readonly category: string
  /** Your own price per 1000; of a package, for one. */
  readonly rate: Amount | null
  readonly min: number | null
  readonly max: number | null
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly cancel: boolean
  /** With `extended`, where the panel offers it. */
  readonly more: ServiceMore | null
}

// Left out on purpose: `Fail` and `Error` of an order mean "our staff look at it" where they exist, and `Refunded` does not say how much.
const orderWords: Readonly<Record<string, OrderStatus>> = {
  pending: 'Pending', awaiting: 'Pending', processing: 'Processing', inprogress: 'In progress', completed: 'Completed', complete: 'Completed',
  partial: 'Partial', canceled: 'Canceled', cancelled: 'Canceled', active: 'Active', paused: 'Paused', expired: 'Expired',
} // prettier-ignore
const refillWords: Readonly<Record<string, RefillStatus>> = {
  pending: 'Pending', awaiting: 'Pending', inprogress: 'In progress', processing: 'In progress', completed: 'Completed', complete: 'Completed',
  rejected: 'Rejected', canceled: 'Rejected', cancelled: 'Rejected', error: 'Error',
} // prettier-ignore
const typeWords = new Map(serviceTypeNames.map((name) => [bareWord(name), name]))

function wordIn<T>(words: Readonly<Record<string, T>>, text: string): T | null {
  const word = bareWord(text)
  return Object.hasOwn(words, word) ? words[word]! : null
}

export function readOrder(part: Json, reply: Reply): Result<OrderState> {
  // `{"1":"Incorrect order ID"}`, `{"1":{"error":…}}`.
  const error = typeof part === 'string' ? part : readError(part)
  if (error !== null) return refused(error)
  if (readText(member(part, 'status')) === '') return { ok: false, error: unclear(reply) }
  return given(orderState(part))
}

export function orderState(part: Json): OrderState {
  const words = readText(member(part, 'status'))
  return {
    status: wordIn(orderWords, words),
    words,
    charge: readAmount(member(part, 'charge')),
    currency: readText(member(part, 'currency')) || null,
    start_count: readWhole(member(part, 'start_count')),
    remains: readWhole(member(part, 'remains')),
    runs: readWhole(member(part, 'runs')),
    posts: readWhole(member(part, 'posts')),
    expiry: readText(member(part, 'expiry')) || null,
    orders: readIds(member(part, 'orders')),
    more: moreOf(part, orderMore, orderMoreInNumbers) as OrderMore | null,
  }
}

export function readRefill(part: Json, reply: Reply): Result<RefillState> {
  const status = typeof part === 'string' ? part : member(part, 'status')
  const error = isObject(status) ? (readError(status) ?? messageOf(status)) : readError(part)
  const words = readText(status)
  // `{"refill":3,"status":"Refill not found"}`
  if (error !== null || /not[ _]?found|incorrect|invalid/i.test(words)) return refused(error ?? words)
  return words === '' ? { ok: false, error: unclear(reply) } : given(refillState(words))
}

export function refillState(words: string): RefillState {
  return { status: wordIn(refillWords, words), words }
}

/** The part of an answer for one id: an object by id, a list, or for a single id the answer itself. */
export function partOf(value: Json, id: string, idNames: readonly string[], alone: boolean): Json | undefined {
  if (Array.isArray(value)) return value.find((part) => idNames.some((name) => readId(member(part, name)) === id))
  return member(value, id) ?? (alone && member(value, 'status') !== undefined ? value : undefined)
}

/** `{"order":1}`, `{"order":{"id":1}}`, `{"order_id":1}`, or the only element of a list. */
export function madeId(value: Json, name: 'order' | 'refill'): string | null {
  const answer = Array.isArray(value) && value.length === 1 ? value[0] : value
  const made = member(answer, name) ?? member(answer, `${name}_id`)
  return readId(isObject(made) ? (member(made, 'id') ?? member(made, name)) : made)
}

/** Null where the list is none: an answer without a list never counts as an empty one. PHP writes a list with a gap as an object. */
export function readServices({ value, words, ok }: Reply): Service[] | null {
  const entries = typeof value === 'object' && value !== null ? Object.values(value) : []
  const services = entries.flatMap((entry) => serviceOf(entry) ?? [])
  return words !== null || !ok || (services.length === 0 && entries.length > 0) ? null : services
}

function serviceOf(entry: Json): Service | null {
  const service = readId(member(entry, 'service'))
  if (service === null) return null
  const words = readText(member(entry, 'type'))
  return {
    service,
    name: readText(member(entry, 'name')),
    type: typeWords.get(bareWord(words)) ?? null,
    words,
    category: readText(member(entry, 'category')),
    rate: readAmount(member(entry, 'rate')),
    min: readWhole(member(entry, 'min')),
    max: readWhole(member(entry, 'max')),
    dripfeed: readFlag(member(entry, 'dripfeed')),
    refill: readFlag(member(entry, 'refill')),
    cancel: readFlag(member(entry, 'cancel')),
    more: moreOf(entry, serviceMore, serviceMoreInNumbers) as ServiceMore | null,
  }
}

/** The fields that `extended` adds. Panels that do not know it may have one or two of these names always. */
function moreOf(part: Json, names: readonly string[], inNumbers: readonly string[]): object | null {
  const found = names.filter((name) => member(part, name) !== undefined)
  if (found.length < 3) return null
  return Object.fromEntries(found.map((name) => [name, inNumbers.includes(name) ? numbersIn(member(part, name)!) : member(part, name)!]))
}

function numbersIn(value: Json): unknown {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, numbersIn(part)]))
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null
}

/** What a panel answered to a cancel: `1` in the contract, the id of a task elsewhere; a sentence means no. */
export function readCancel(reply: Reply, id: string, alone: boolean): Result<true> {
  const part = Array.isArray(reply.value)
    ? reply.value.find((each) => readId(member(each, 'order') ?? member(each, 'id')) === id)
    : (member(reply.value, id) ?? (alone ? reply.value : undefined))
  const said = member(part, 'cancel') ?? part
  const words = readError(said) ?? readError(part)
  if (words !== null) return refused(words)
  const text = readText(said)
  if (said === true || /^([1-9]\d*|ok|success|true)$/i.test(text)) return given(true)
  if (/\s/.test(text)) return refused(text)
  if (isObject(said) && alone && /^(ok|success)$/i.test(readText(member(said, 'status')))) return given(true)
  return { ok: false, error: unclear(reply) }
}
