import { isObject, type Json, type JsonObject, member, plain, readText } from '../json.ts'
import type { Asked } from './ask-apart.ts'
import {
  messageOf,
  readDecimal,
  readError,
  readFlag,
  readOrderStatus,
  readReference,
  readReferences,
  readRefillStatus,
  readServiceType,
  readWhole,
  unreadNumber,
} from './reading.ts'
import { readConcerns, readRequestRefusal, saysKeyRefused, saysMissing, saysNothingCertain } from './refusal-words.ts'
import { type JsonReply, refusalWords, type Reply } from './reply.ts'
import type { Balance, ListedService, RefillStanding, RequestAnswer, ServiceList, Standing, StatusAnswer } from './supplier.ts'

/** The result of asking a panel to create something: accepted or refused only when the answer clearly says one and not the other. */
export type Made =
  | { readonly kind: 'accepted'; readonly reference: string; readonly raw: string }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'not sent' | 'unknown'; readonly words: string }

export function readMade(reply: Reply, referenceOf: (value: Json) => string | null): Made {
  if (reply.kind !== 'json') return { kind: reply.kind, words: reply.words }
  const reference = referenceOf(reply.value)
  const words = refusalWords(reply)
  if (reference !== null && words === null && reply.ok) return { kind: 'accepted', reference, raw: reply.raw }
  // With both an id and an error the order may have been created; `{}`, `[]` and `{"order":0}` say nothing.
  if (reference !== null || words === null || saysNothingCertain(words)) return { kind: 'unknown', words: reply.excerpt }
  return { kind: 'refused', words }
}

/** `{"order":1}`, `{"order":"1"}`, `{"order":{"id":1}}`, `{"order_id":1}`. */
export function orderReference(value: Json): string | null {
  const order = member(value, 'order') ?? member(value, 'order_id')
  return readReference(isObject(order) ? (member(order, 'id') ?? member(order, 'order')) : order)
}

/** `{"refill":"1"}`, or the only element of a list. */
export function refillReference(value: Json): string | null {
  const answer = Array.isArray(value) && value.length === 1 ? value[0] : value
  const refill = member(answer, 'refill') ?? member(answer, 'refill_id')
  return readReference(isObject(refill) ? member(refill, 'id') : refill)
}

/** Splits an answer into the part for each id. The answer may be an object by id, a list, or for a single id the part itself. */
export function splitById<T>(
  ids: readonly string[],
  reply: Reply,
  idNames: readonly string[],
  read: (part: Json) => StatusAnswer<T>,
): Asked<StatusAnswer<T>> {
  const words = reply.kind === 'json' ? refusalWords(reply) : (reply.bare ?? null)
  if (words !== null) return { kind: 'whole', words: plain(words), concerns: readConcerns(words) }
  if (reply.kind !== 'json') return { kind: 'whole', words: reply.words, concerns: reply.concerns }
  const { value, excerpt } = reply
  if (!reply.ok) return { kind: 'whole', words: excerpt, concerns: 'any' }
  const answers = ids.map((id): [string, StatusAnswer<T>] => {
    const part = partOf(value, id, idNames, ids.length === 1)
    return [id, part === undefined ? { kind: 'not known', words: `Not in its answer: ${excerpt}` } : read(part)]
  })
  return { kind: 'each', answers: new Map(answers) }
}

function partOf(value: Json, id: string, idNames: readonly string[], alone: boolean): Json | undefined {
  if (Array.isArray(value)) return value.find((part) => idNames.some((name) => readReference(member(part, name)) === id))
  return member(value, id) ?? (alone && member(value, 'status') !== undefined ? value : undefined)
}

/** For an answer that is a text instead of an order's state. */
export function oddAnswer(words: string): Exclude<StatusAnswer<never>, { kind: 'read' }> {
  return { kind: saysMissing(words) ? 'not known' : 'unclear', words: plain(words) }
}

const LONGEST_LINK = 2048

export function readStanding(part: Json): StatusAnswer<Standing> {
  // `{"1":"Incorrect order ID"}`, `{"1":{"error":…}}`.
  const error = typeof part === 'string' ? part : readError(part)
  if (error !== null) return oddAnswer(error)
  const words = plain(readText(member(part, 'status')))
  if (words === '') return noStatus(part)
  const remains = readWhole(member(part, 'remains'))
  const startCount = readWhole(member(part, 'start_count'))
  const cost = readDecimal(member(part, 'charge'))
  const status = readOrderStatus(words)
  const areAllRead = remains !== null && startCount !== null && cost !== null
  const standing = {
    // The refund of a Partial depends on its remains: without them its end is not known.
    status: status === 'Partial' && remains === null ? null : status,
    startCount: startCount === null || startCount < 0n ? null : startCount,
    remains,
    cost,
    currency: plain(readText(member(part, 'currency'))) || null,
    words,
    children: readReferences(member(part, 'orders')),
    quantity: readWhole(member(part, 'quantity')),
    link: plain(readText(member(part, 'link')), LONGEST_LINK) || null,
    unread: areAllRead ? [] : unreadNumbers(part, { remains, start_count: startCount, charge: cost }),
  }
  return { kind: 'read', standing }
}

function noStatus(part: Json): StatusAnswer<never> {
  return { kind: 'unclear', words: plain(`No status: ${JSON.stringify(part)}`) }
}

function unreadNumbers(part: Json, numbers: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(numbers).flatMap(([name, read]) => {
    const text = unreadNumber(member(part, name), read)
    return text === null ? [] : [`${name} "${plain(text, 40)}"`]
  })
}

export function readRefillStanding(part: Json): StatusAnswer<RefillStanding> {
  const status = typeof part === 'string' ? part : member(part, 'status')
  const error = isObject(status) ? (readError(status) ?? messageOf(status)) : readError(part)
  if (error !== null) return oddAnswer(error)
  const words = plain(readText(status))
  if (words === '') return noStatus(part)
  if (saysMissing(words)) return { kind: 'not known', words }
  return { kind: 'read', standing: { status: readRefillStatus(words), words } }
}

/** Each order's answer to a cancel. Only a clear refusal of the whole list may be split up and asked again: a lost answer is not a refusal. */
export function cancelEach(ids: readonly string[], reply: Reply): Asked<RequestAnswer> {
  const all = (answer: RequestAnswer): Asked<RequestAnswer> => ({ kind: 'each', answers: new Map(ids.map((id) => [id, answer])) })
  if (reply.kind !== 'json') return all(requestNotAnswered(reply))
  const words = refusalWords(reply)
  if (words !== null) return { kind: 'whole', words, concerns: readConcerns(words) }
  if (!reply.ok) return all({ kind: 'unknown', words: reply.excerpt })
  return { kind: 'each', answers: new Map(ids.map((id) => [id, cancelOf(reply, id, ids.length === 1)])) }
}

/** The result of a cancel or a refill that was refused with these words. */
export function requestRefused(words: string): RequestAnswer {
  const kind = readRequestRefusal(words)
  return kind === 'not now' ? { kind, words, refusesKey: saysKeyRefused(words) } : { kind, words }
}

/** The result of a cancel or a refill that got no answer. */
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
  // `1` in the contract, the id of a task at some panels; a sentence means no.
  const text = typeof said === 'string' ? said.trim() : ''
  if (said === true || /^([1-9]\d*|ok|success|true)$/i.test(text)) return { kind: 'taken', reference: null }
  if (/\s/.test(text)) return { kind: 'refused', words: plain(text) }
  if (isObject(said) && alone && /^(ok|success)$/i.test(readText(member(said, 'status')))) return { kind: 'taken', reference: null }
  return { kind: 'unknown', words: excerpt }
}

/** The balance, or the panel's words when there is none. */
export function readBalance(reply: Reply): Balance | string {
  if (reply.kind !== 'json') return reply.words
  const balance = readDecimal(member(reply.value, 'balance'))
  if (balance === null) return refusalWords(reply) ?? reply.excerpt
  return { balance, currency: plain(readText(member(reply.value, 'currency'))) || null }
}

/** The list, or the panel's words when there is none: an answer that is not a list never counts as an empty one. */
export function readServices(reply: Reply): ServiceList | string {
  if (reply.kind !== 'json') return reply.words
  const words = refusalWords(reply)
  // An object instead of a list: PHP writes a list with a gap so.
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
