import type { Asked } from './ask-apart.ts'
import {
  isObject,
  type Json,
  type JsonObject,
  member,
  messageOf,
  plain,
  readDecimal,
  readError,
  readFlag,
  readOrderStatus,
  readReference,
  readReferences,
  readRefillStatus,
  readServiceType,
  readText,
  readWhole,
  unreadNumber,
} from './reading.ts'
import { readConcerns, readRequestRefusal, saysKeyRefused, saysMissing, saysNothingCertain } from './refusal-words.ts'
import { type JsonReply, refusalWords, type Reply } from './reply.ts'
import type { Balance, ListedService, RefillStanding, RequestAnswer, ServiceList, Standing, Told } from './supplier.ts'

/** What came of asking a panel to make something: accepted or refused only when the answer is clearly the one and not the other. */
export type Made =
  | { readonly kind: 'accepted'; readonly reference: string; readonly raw: string }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'not sent' | 'unknown'; readonly words: string }

export function readMade(reply: Reply, referenceOf: (value: Json) => string | null): Made {
  if (reply.kind !== 'json') return { kind: reply.kind, words: reply.words }
  const reference = referenceOf(reply.value)
  const words = refusalWords(reply)
  if (reference !== null && words === null && reply.ok) return { kind: 'accepted', reference, raw: reply.raw }
  // With both an id and an error it may have been created; `{}`, `[]` and `{"order":0}` say nothing at all.
  if (reference !== null || words === null || saysNothingCertain(words)) return { kind: 'unknown', words: reply.excerpt }
  return { kind: 'refused', words }
}

/** `{"order":1}`, `{"order":"1"}`, `{"order":{"id":1}}`, `{"order_id":1}`. */
export function orderReference(value: Json): string | null {
  const order = member(value, 'order') ?? member(value, 'order_id')
  return readReference(isObject(order) ? (member(order, 'id') ?? member(order, 'order')) : order)
}

/** `{"refill":"1"}`, and the element of a list where one was asked for. */
export function refillReference(value: Json): string | null {
  const answer = Array.isArray(value) && value.length === 1 ? value[0] : value
  const refill = member(answer, 'refill') ?? member(answer, 'refill_id')
  return readReference(isObject(refill) ? member(refill, 'id') : refill)
}

/** Gives each id its own part of an answer, whether that is an object by id, a list, or for one id the bare answer. */
export function tellEach<T>(
  ids: readonly string[],
  reply: Reply,
  idNames: readonly string[],
  read: (part: Json) => Told<T>,
): Asked<Told<T>> {
  const words = reply.kind === 'json' ? refusalWords(reply) : (reply.bare ?? null)
  if (words !== null) return { kind: 'whole', words: plain(words), concerns: readConcerns(words) }
  if (reply.kind !== 'json') return { kind: 'whole', words: reply.words, concerns: reply.concerns }
  const { value, excerpt } = reply
  if (!reply.ok) return { kind: 'whole', words: excerpt, concerns: 'any' }
  const answers = ids.map((id): [string, Told<T>] => {
    const part = partOf(value, id, idNames, ids.length === 1)
    return [id, part === undefined ? { kind: 'not known', words: `Not in its answer: ${excerpt}` } : read(part)]
  })
  return { kind: 'each', answers: new Map(answers) }
}

function partOf(value: Json, id: string, idNames: readonly string[], alone: boolean): Json | undefined {
  if (Array.isArray(value)) return value.find((part) => idNames.some((name) => readReference(member(part, name)) === id))
  return member(value, id) ?? (alone && member(value, 'status') !== undefined ? value : undefined)
}

/** Words in the place of a standing. */
export function oddAnswer(words: string): Exclude<Told<never>, { kind: 'read' }> {
  return { kind: saysMissing(words) ? 'not known' : 'unclear', words: plain(words) }
}

const LONGEST_LINK = 2048

export function readStanding(part: Json): Told<Standing> {
  // `{"1":"Incorrect order ID"}`, `{"1":{"error":…}}`.
  const error = typeof part === 'string' ? part : readError(part)
  if (error !== null) return oddAnswer(error)
  const words = plain(readText(member(part, 'status')))
  if (words === '') return noStatus(part)
  const remains = readWhole(member(part, 'remains'))
  const startCount = readWhole(member(part, 'start_count'))
  const cost = readDecimal(member(part, 'charge'))
  const status = readOrderStatus(words)
  const standing = {
    // How much of a Partial is paid back hangs on its remains: without one it is not known how it ended.
    status: status === 'Partial' && remains === null ? null : status,
    startCount: startCount === null || startCount < 0n ? null : startCount,
    remains,
    cost,
    currency: plain(readText(member(part, 'currency'))) || null,
    words,
    children: readReferences(member(part, 'orders')),
    quantity: readWhole(member(part, 'quantity')),
    link: plain(readText(member(part, 'link')), LONGEST_LINK) || null,
    unread: unreadNumbers(part, { remains, start_count: startCount, charge: cost }),
  }
  return { kind: 'read', standing }
}

function noStatus(part: Json): Told<never> {
  return { kind: 'unclear', words: plain(`No status: ${JSON.stringify(part)}`) }
}

function unreadNumbers(part: Json, numbers: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(numbers).flatMap(([name, read]) => {
    const text = unreadNumber(member(part, name), read)
    return text === null ? [] : [`${name} "${plain(text, 40)}"`]
  })
}

export function readRefillStanding(part: Json): Told<RefillStanding> {
  const status = typeof part === 'string' ? part : member(part, 'status')
  const error = isObject(status) ? (readError(status) ?? messageOf(status)) : readError(part)
  if (error !== null) return oddAnswer(error)
  const words = plain(readText(status))
  if (words === '') return noStatus(part)
  if (saysMissing(words)) return { kind: 'not known', words }
  return { kind: 'read', standing: { status: readRefillStatus(words), words } }
}

/** What each order answers to a cancel. Only what is clearly refused as a whole may be asked for apart: a lost answer is no refusal. */
export function cancelEach(ids: readonly string[], reply: Reply): Asked<RequestAnswer> {
  const all = (answer: RequestAnswer): Asked<RequestAnswer> => ({ kind: 'each', answers: new Map(ids.map((id) => [id, answer])) })
  if (reply.kind !== 'json') return all(requestNotAnswered(reply))
  const words = refusalWords(reply)
  if (words !== null) return { kind: 'whole', words, concerns: readConcerns(words) }
  if (!reply.ok) return all({ kind: 'unknown', words: reply.excerpt })
  return { kind: 'each', answers: new Map(ids.map((id) => [id, cancelOf(reply, id, ids.length === 1)])) }
}

/** What a cancel or a refill came to that was refused in these words. */
export function requestRefused(words: string): RequestAnswer {
  const kind = readRequestRefusal(words)
  return kind === 'not now' ? { kind, words, refusesKey: saysKeyRefused(words) } : { kind, words }
}

/** What a cancel or a refill came to that got no answer. */
export function requestNotAnswered({ kind, words }: { readonly kind: 'not sent' | 'unknown'; readonly words: string }): RequestAnswer {
  return kind === 'not sent' ? { kind: 'not now', words, refusesKey: false } : { kind, words }
}

function cancelOf({ value, excerpt }: JsonReply, id: string, alone: boolean): RequestAnswer {
  const part = Array.isArray(value)
    ? value.find((each) => readReference(member(each, 'order') ?? member(each, 'id')) === id)
    : (member(value, id) ?? (alone ? value : undefined))
  const said = member(part, 'cancel') ?? part
  const words = readError(said) ?? readError(part)
  if (words !== null) return { kind: 'refused', words: plain(words) }
  // `1` in the contract, the id of a task elsewhere; a sentence is a no.
  const text = typeof said === 'string' ? said.trim() : ''
  if (said === true || /^([1-9]\d*|ok|success|true)$/i.test(text)) return { kind: 'taken', reference: null }
  if (/\s/.test(text)) return { kind: 'refused', words: plain(text) }
  if (isObject(said) && alone && /^(ok|success)$/i.test(readText(member(said, 'status')))) return { kind: 'taken', reference: null }
  return { kind: 'unknown', words: excerpt }
}

/** The balance, or in the panel's words why there is none. */
export function readBalance(reply: Reply): Balance | string {
  if (reply.kind !== 'json') return reply.words
  const balance = readDecimal(member(reply.value, 'balance'))
  if (balance === null) return refusalWords(reply) ?? reply.excerpt
  return { balance, currency: plain(readText(member(reply.value, 'currency'))) || null }
}

/** The list, or in the panel's words why there is none: what is no list is never an empty one. */
export function readServices(reply: Reply): ServiceList | string {
  if (reply.kind !== 'json') return reply.words
  const words = refusalWords(reply)
  // An object where a list should be: what PHP makes of a list with a gap.
  const entries = Array.isArray(reply.value) ? reply.value : Object.values(reply.value as JsonObject)
  const services = entries.flatMap((entry) => listedService(entry) ?? [])
  if (words !== null || !reply.ok || (services.length === 0 && entries.length > 0)) return words ?? reply.excerpt
  return { services, unreadable: entries.length - services.length }
}

function listedService(entry: Json): ListedService | null {
  const service = readReference(member(entry, 'service'))
  if (service === null) return null
  const typeWords = readText(member(entry, 'type'))
  return {
    service,
    name: readText(member(entry, 'name')),
    type: readServiceType(typeWords),
    typeWords,
    category: readText(member(entry, 'category')),
    rate: readDecimal(member(entry, 'rate')),
    min: readWhole(member(entry, 'min')),
    max: readWhole(member(entry, 'max')),
    dripfeed: readFlag(member(entry, 'dripfeed')),
    refill: readFlag(member(entry, 'refill')),
    cancel: readFlag(member(entry, 'cancel')),
  }
}
