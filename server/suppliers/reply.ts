import type { Outcome, Outgoing } from '../outgoing/fetch.ts'
import { isObject, type Json, member, plain, readJson, readText } from '../json.ts'
import { messageOf, readError } from './reading.ts'
import type { Concerns } from './refusal-words.ts'

/** An answer of the panel itself that can be read as JSON, or why there is none. */
export type Reply = JsonReply | NoReply

export interface JsonReply {
  readonly kind: 'json'
  /** Whether the status was 2xx. */
  readonly ok: boolean
  readonly value: Json
  readonly raw: string
  /** The status and the beginning of the text, for people. */
  readonly excerpt: string
}

/** `not sent`: nothing can have been created. `unknown`: something may have been. */
export interface NoReply {
  readonly kind: 'not sent' | 'unknown'
  readonly words: string
  /** The text of the whole answer, when it was one JSON text. */
  readonly bare?: string
  /**
   * For a question about several ids: which of them the failure may be due to. A panel may fail because of one order; a panel that did not answer at
   * all did not.
   */
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
  /** Told of each call: how long it took, and why it had no answer that could be read; null: it had one. */
  readonly onCall?: ((ms: number, failure: string | null) => void) | undefined
}

/** Posts forms with our key to a panel and reads the answers. Never throws, never sends twice. */
export function openCall({ url, key, outgoing, timeLimitMs, onCall }: Address): Call {
  const limits = timeLimitMs === undefined ? {} : { timeLimitMs }
  return async (fields, options = {}) => {
    const from = performance.now()
    const reply = replyOf(await outgoing.post(url, { key, ...fields }, { ...limits, ...options }), (text) => withoutKey(text, key))
    onCall?.(performance.now() - from, reply.kind === 'json' ? null : reply.words)
    return reply
  }
}

/** Panels quote the request: our key in their words must not reach a timeline or a log. */
function withoutKey(text: string, key: string): string {
  const forms = new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)])
  return key === '' ? text : [...forms].reduce((clean, form) => clean.replaceAll(form, '(key)'), text)
}

// The codes that a Docket answers before it has begun anything. `outcome_unknown` is not one of them, and `database_away` may mean that the database
// was lost at any moment.
const NOTHING_BEGUN = new Set(['busy', 'starting', 'draining', 'suspended', 'closed', 'overloaded'])

const OWN_NETWORK = '. If it is in your own network, allow that: docket supplier set NAME --private-network yes'
const LONGEST_RAW = 2000

/** H3: `not sent` only when it is certain that nothing was created; only clear JSON is read further. */
function replyOf(outcome: Outcome, clean: (text: string) => string): Reply {
  if (outcome.kind !== 'answered') {
    const hint = outcome.words.includes('is not on the public internet') ? OWN_NETWORK : ''
    return { kind: outcome.kind, words: plain(outcome.words + hint), concerns: 'none' }
  }
  const { status } = outcome
  const raw = clean(outcome.text)
  const value = readJson(raw)
  const excerpt = excerptOf(status, raw)
  // 429 by definition means that the work was not done, whoever answered and in whatever words, unless the answer names an order.
  if (status === 429) return { kind: namesSomething(value) ? 'unknown' : 'not sent', words: excerpt, concerns: 'none' }
  if (status === 503 && readError(value) !== null && NOTHING_BEGUN.has(readText(member(value, 'code')))) {
    return { kind: 'not sent', words: excerpt, concerns: 'none' }
  }
  // A redirect is not followed: after a POST it may lead to a page about the order just made. 408, 409 and 425 are about a request that is or was
  // being worked on. 5xx, with JSON or without: a proxy may have given up on a panel that went on working, and a "maintenance" of 503 may come from
  // either.
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

/** A 4xx with a JSON object that has a message is a refusal too: frameworks answer so. */
export function refusalWords({ value, ok }: JsonReply): string | null {
  const words = readError(value) ?? (!ok && isObject(value) ? messageOf(value) : null)
  return words === null ? null : plain(words)
}
