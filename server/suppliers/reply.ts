import type { Outcome, Outgoing } from '../outgoing/fetch.ts'
import { isObject, type Json, member, messageOf, plain, readError, readJson, readText } from './reading.ts'
import type { Concerns } from './refusal-words.ts'

/** An answer that can be read as JSON and that the panel itself gave; or why there is none. */
export type Reply = JsonReply | NoReply

export interface JsonReply {
  readonly kind: 'json'
  /** HTTP 2xx. */
  readonly ok: boolean
  readonly value: Json
  readonly raw: string
  /** Status and beginning, for people. */
  readonly excerpt: string
}

/** `not sent`: nothing can have been created. `unknown`: it may have been. */
export interface NoReply {
  readonly kind: 'not sent' | 'unknown'
  readonly words: string
  /** The whole answer was this text, as JSON. */
  readonly bare?: string
  /** Of a question: whom it may be due to. A panel may break at one order; one that did not answer at all broke at none. */
  readonly concerns: Exclude<Concerns, 'one'>
}

export interface CallOptions {
  readonly fresh?: boolean
  readonly bodyLimitBytes?: number
}

export type Call = (fields: Readonly<Record<string, string>>, options?: CallOptions) => Promise<Reply>

interface Address {
  readonly url: string
  readonly key: string
  readonly outgoing: Outgoing
  readonly timeLimitMs?: number
}

/** Posts forms to a panel with our key, and reads what comes back. Never throws, never sends twice. */
export function openCall({ url, key, outgoing, timeLimitMs }: Address): Call {
  const limits = timeLimitMs === undefined ? {} : { timeLimitMs }
  return async (fields, options = {}) =>
    replyOf(await outgoing.post(url, { key, ...fields }, { ...limits, ...options }), (text) => withoutKey(text, key))
}

/** Panels quote what they were sent: a key in their words must not reach a timeline or a log. */
function withoutKey(text: string, key: string): string {
  const forms = new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)])
  return key === '' ? text : [...forms].reduce((clean, form) => clean.replaceAll(form, '(key)'), text)
}

// What a Docket answers before it has begun anything. `outcome_unknown` says what it says, and `database_away` may be the loss of
// the database at any moment: neither is here.
const NOTHING_BEGUN = new Set(['busy', 'starting', 'draining', 'overloaded'])

const OWN_NETWORK = '. If it stands in your own network, say so: docket supplier set NAME --private-network yes'
const LONGEST_RAW = 2000

/** H3: only what makes sure that nothing was created is `not sent`; only clear JSON goes on to be read. */
function replyOf(outcome: Outcome, clean: (text: string) => string): Reply {
  if (outcome.kind !== 'answered') {
    const hint = outcome.words.includes('is not on the public internet') ? OWN_NETWORK : ''
    return { kind: outcome.kind, words: plain(outcome.words + hint), concerns: 'none' }
  }
  const { status } = outcome
  const raw = clean(outcome.text)
  const value = readJson(raw)
  const excerpt = excerptOf(status, raw)
  // 429 is by its definition an answer instead of the work, whoever gave it and in whatever words; unless they name an order.
  if (status === 429) return { kind: namesSomething(value) ? 'unknown' : 'not sent', words: excerpt, concerns: 'none' }
  if (status === 503 && readError(value) !== null && NOTHING_BEGUN.has(readText(member(value, 'code')))) {
    return { kind: 'not sent', words: excerpt, concerns: 'none' }
  }
  // A redirect is not followed: after a POST it may as well be the way to a page about the order just made. 408, 409 and 425 speak of
  // a request that is or was at work. 5xx, JSON or not: a proxy may have given up on a panel that went on, and a "maintenance" of 503
  // may come from either.
  const isElsewhere = status < 200 || (status >= 300 && status < 400) || [408, 409, 425, 503].includes(status)
  if (isElsewhere) return { kind: 'unknown', words: excerpt, concerns: 'none' }
  if (status >= 500) return { kind: 'unknown', words: excerpt, concerns: 'any' }
  if (typeof value === 'string' && /[a-z]/i.test(value)) return { kind: 'unknown', words: excerpt, bare: value, concerns: 'any' }
  if (typeof value !== 'object' || value === null) return { kind: 'unknown', words: excerpt, concerns: 'any' }
  return { kind: 'json', ok: status < 300, value, raw: plain(raw, LONGEST_RAW), excerpt }
}

function excerptOf(status: number, raw: string): string {
  const line = plain(raw)
  return `HTTP ${status}: ${line === '' ? '(empty)' : line}`
}

function namesSomething(value: Json | undefined): boolean {
  return ['order', 'order_id', 'refill', 'cancel'].some((name) => member(value, name) !== undefined)
}

/** A 4xx with a JSON object that has a message is a refusal too, as frameworks word them. */
export function refusalWords({ value, ok }: JsonReply): string | null {
  const words = readError(value) ?? (!ok && isObject(value) ? messageOf(value) : null)
  return words === null ? null : plain(words)
}
