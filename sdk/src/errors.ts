import { laterCodes, refusalTexts } from './contract.ts'
import { isObject, type Json, member, readText } from './values.ts'

type CodesOf<Texts> = { [Kind in keyof Texts]: keyof Texts[Kind] }[keyof Texts]
/** The refusals of the published protocol by name. `other`: a panel's own words, in `message`. */
export type RefusalCode = CodesOf<typeof refusalTexts> | (typeof laterCodes)[number] | 'other'

/** What a refusal is about: this order, this request, every request of this key, or this moment. */
export type RefusalAbout = 'order' | 'request' | 'caller' | 'now'

/** The panel said no: nothing was done, nothing was charged. `message` holds its words. */
export class PanelRefusal extends Error {
  override readonly name = 'PanelRefusal'
  readonly code: RefusalCode
  readonly about: RefusalAbout
  /** Seconds after which the panel wants to be asked again. */
  readonly retryAfter: number | null

  constructor(words: string, reply: { readonly code?: string; readonly now?: boolean; readonly retryAfter?: number | null } = {}) {
    super(words)
    const [about, code] = classify(words, reply.code)
    this.about = reply.now ? 'now' : about
    this.code = reply.now && about !== 'now' ? 'too_many_requests' : code
    this.retryAfter = reply.retryAfter ?? null
  }
}

/**
 * `timeout`, `network`: nothing came back. `server`: the panel, or a proxy before it, failed. `unreadable`: no JSON. `unclear`: JSON that says neither
 * yes nor no.
 */
export type NoAnswerReason = 'timeout' | 'network' | 'server' | 'unreadable' | 'unclear'

/** There was no clear answer. Unless `nothingDone`, what was asked for may have been done all the same: after an `add`, look before you send it again. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly reason: NoAnswerReason
  readonly nothingDone: boolean
  /** Seconds after which the panel wants to be asked again. */
  readonly retryAfter: number | null

  constructor(
    words: string,
    reason: NoAnswerReason,
    { nothingDone = false, retryAfter = null, cause }: { nothingDone?: boolean; retryAfter?: number | null; cause?: unknown } = {},
  ) {
    super(words, { cause })
    this.reason = reason
    this.nothingDone = nothingDone
    this.retryAfter = retryAfter
  }
}

/** Whether the same question may get an answer later. */
export function passes(error: unknown): error is PanelRefusal | NoAnswer {
  return (error instanceof NoAnswer && error.reason !== 'unclear') || (error instanceof PanelRefusal && error.about === 'now')
}

const exact = Object.entries(refusalTexts).flatMap(([about, texts]) =>
  Object.entries(texts).map(([code, text]) => [about as RefusalAbout, code as RefusalCode, text as string] as const),
)

/** N at the end of the contract's texts stands for a number. */
function isText(words: string, text: string): boolean {
  if (!text.endsWith(' N')) return words === text
  const number = words.slice(text.length - 1)
  return words.startsWith(text.slice(0, -1)) && number !== '' && !/\s/.test(number)
}

// How other panels say it. The first that matches wins: "not enough funds" for any key means funds, "service quantity" the quantity. A refusal of the
// key is told before one of an order, but "order is suspended" is about the order.
const inOtherWords: readonly (readonly [RefusalAbout, RefusalCode, RegExp])[] = [
  [
    'order',
    'not_enough_funds',
    /(not[ _]enough|insufficient|low|no|out[ _]of)[ _](funds?|balance|money|credits?)|(balance|funds?)[ _](is[ _])?(too[ _]low|low|insufficient|not[ _]enough)|recharge/i,
  ],
  ['request', 'refill_not_found', /refill.*(not[ _]?found|not exist)|(incorrect|invalid|wrong|unknown)[ _]refill/i],
  ['request', 'incorrect_order', /order.*(not[ _]?found|not exist)|(incorrect|invalid|wrong|unknown|no such)[ _]order/i],
  [
    'caller',
    'invalid_key',
    /api[ _-]?key|(invalid|incorrect|wrong|unknown|missing|expired)[ _](key|token|credential)|unauthori[sz]ed|unauthenticated|not[ _]logged[ _]in|account[ _](is|was|has[ _]been)|user.*(suspended|banned)/i,
  ],
  ['now', 'too_many_requests', /too many|rate.?limit|limit (is )?(exceeded|reached)|maintenance|try again|later|temporar|busy|overload/i],
  ['order', 'active_order_with_link', /active[ _]order|duplicate/i],
  ['request', 'refill_requested', /refill.*already|already.*refill/i],
  ['request', 'refill_not_available', /refill/i],
  ['request', 'cannot_cancel', /cancel/i],
  ['order', 'incorrect_quantity', /quantity|(^|[^a-z])(min|max)(imum|imal)?([^a-z]|$)/i],
  ['order', 'incorrect_link', /link|url|private|profile/i],
  ['order', 'incorrect_service', /service|package/i],
]

function classify(words: string, given: string | undefined): readonly [RefusalAbout, RefusalCode] {
  const later = laterCodes.find((code) => code === given)
  if (later) return ['now', later]
  const row = exact.find(([, , text]) => isText(words, text)) ?? inOtherWords.find(([, , pattern]) => pattern.test(words))
  return row ? [row[0], row[1]] : ['request', 'other']
}

/** Whether words leave open what happened: something failed meanwhile. The contract's own texts never do. */
export function saysNothingCertain(words: string): boolean {
  if (exact.some(([, , text]) => isText(words, text))) return false
  return /^$|went wrong|tim(e|ed)[ _-]?out|internal[ _](server[ _])?error|(unexpected|unknown|fatal|database|system|server)[ _]error|exception|sqlstate|deadlock|curl|gateway|(no|empty)[ _]response|idempotency/i.test(
    words.trim(),
  )
}

/** The words of a clear no, or null. They are in `error` (a text, a code, an object), or in the message of a panel that has a flag for failure. */
export function readError(value: Json | undefined): string | null {
  if (!isObject(value)) return null
  const errors = wordsOf(member(value, 'errors'))
  // Frameworks answer a sentence beside the errors of each field.
  const said = errors !== null || saysFailed(value) ? messageOf(value) : null
  return wordsOf(member(value, 'error')) ?? said ?? errors
}

/** An `error` of null, false, zero or nothing is no error. */
function wordsOf(error: Json | undefined): string | null {
  if (typeof error === 'string') return ['', '0'].includes(error.trim()) ? null : error.trim()
  if (typeof error !== 'object' || error === null || Object.keys(error).length === 0) return null
  return (Array.isArray(error) ? wordsOf(error[0]) : messageOf(error)) ?? JSON.stringify(error)
}

export function messageOf(value: Json | undefined): string | null {
  for (const name of ['message', 'msg', 'error', 'text', 'reason', 'code']) {
    const text = readText(member(value, name))
    if (text !== '') return text
  }
  return null
}

/** `{"status":"error","msg":…}`. An order whose own status is "Error" also has counts. */
function saysFailed(value: Json): boolean {
  if (['charge', 'remains', 'start_count'].some((name) => member(value, name) !== undefined)) return false
  const [status, success] = [member(value, 'status'), member(value, 'success')]
  return (
    status === false ||
    success === false ||
    /^(error|fail|failed|failure|false)$/i.test(readText(status)) ||
    /^(0|false)$/i.test(readText(success))
  )
}
