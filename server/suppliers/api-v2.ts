import { MOST_IDS } from '../../contract/action.ts'
import { refusals } from '../../contract/refusals.ts'
import { type Field, serviceTypeByName } from '../../contract/service-types.ts'
import type { Outcome, Outgoing } from '../outgoing/fetch.ts'
import type {
  AddAnswer,
  BalanceAnswer,
  CancelAnswer,
  Fault,
  FindAnswer,
  ListedService,
  Missing,
  PanelSupplier,
  RefillAnswer,
  RefillStanding,
  ServicesAnswer,
  Standing,
  StatusAnswer,
  SupplierOrder,
  Unclear,
  Unsettled,
} from './answers.ts'
import {
  isAboutNoOrder,
  isObject,
  type Json,
  type JsonObject,
  member,
  messageOf,
  readDecimal,
  readError,
  readFlag,
  readJson,
  readOrderStatus,
  readReason,
  readReference,
  readReferences,
  readRefillStatus,
  readServiceType,
  readText,
  readWhole,
  saysMissing,
  saysNothingCertain,
  unreadNumber,
} from './reading.ts'

export interface ApiV2Settings {
  readonly url: string
  readonly key: string
  readonly outgoing: Outgoing
  /** Before each idempotency key: two panels that share an account at a supplier must not share names for their orders. */
  readonly keyPrefix?: string
  /** Ids in one list; 1 for a panel that takes none. */
  readonly mostIds?: number
  readonly timeLimitMs?: number
}

const SERVICES_LIMIT_BYTES = 32 * 1024 * 1024
const LONGEST_WORDS = 300
const LONGEST_RAW = 2000
/** Longer than a Docket takes: refused by it with other words than an unknown key, and by nobody else. */
const IMPOSSIBLE_KEY = 'x'.repeat(256)

/** A client for any panel of this API, whatever its dialect. Order ids, words and numbers are read by reading.ts. */
export function apiV2Supplier(settings: ApiV2Settings): PanelSupplier {
  const mostIds = settings.mostIds ?? MOST_IDS
  const call = caller(settings)
  let takesKeys = false

  async function statusOf(references: readonly string[], extended: boolean): Promise<ReadonlyMap<string, StatusAnswer>> {
    const ask = (ids: readonly string[]) => call({ action: 'status', ...idFields('order', ids), ...(extended ? { extended: '1' } : {}) })
    return askApart(references, ask, (ids, reply) => answerEach(ids, reply, ['order', 'order_id', 'id'], readStanding))
  }

  /** One that reads the key refuses an impossible one in other words than an unknown one; one that ignores it does not. */
  async function readsKeys(): Promise<boolean> {
    if (takesKeys) return true
    const reply = await call({ action: 'status', idempotency_key: IMPOSSIBLE_KEY })
    takesKeys = reply.kind === 'json' && readError(reply.value) === refusals.incorrect_request.text
    return takesKeys
  }

  return {
    idempotencyKey,
    async add(order) {
      const reply = await call({ action: 'add', ...orderFields(order), idempotency_key: idempotencyKey(order) }, { fresh: true })
      const answer = settle(reply, orderReference)
      return answer.kind === 'refused' ? { ...answer, reason: readReason(answer.words) } : answer
    },
    status: (references, how) => inBatches(references, mostIds, (batch) => statusOf(batch, how?.extended === true)),
    cancel(references) {
      return inBatches(references, mostIds, async (batch) => {
        // Always the list: it is the form every publisher prints, and the one whose answer names each order.
        return cancelEach(batch, await call({ action: 'cancel', orders: batch.join(',') }))
      })
    },
    async refill(reference) {
      return settle(await call({ action: 'refill', order: reference }, { fresh: true }), refillReference)
    },
    refillStatus(refills) {
      return inBatches(refills, mostIds, async (batch) => {
        const ask = (ids: readonly string[]) => call({ action: 'refill_status', ...idFields('refill', ids) })
        return askApart(batch, ask, (ids, reply) => answerEach(ids, reply, ['refill', 'refill_id', 'id'], readRefillStanding))
      })
    },
    async balance() {
      return readBalance(await call({ action: 'balance' }))
    },
    async services() {
      return readServices(await call({ action: 'services' }, { bodyLimitBytes: SERVICES_LIMIT_BYTES }))
    },
    async findByIdempotencyKey(key) {
      const reply = await call({ action: 'status', idempotency_key: key })
      if (reply.kind !== 'json') return { kind: 'fault', words: reply.words }
      const words = readError(reply.value)
      const standing = words === null ? readStanding(reply.value) : null
      const answered = standing?.kind === 'standing' || words === refusals.incorrect_order.text
      if (!answered) return { kind: 'cannot tell', words: words ?? reply.excerpt }
      if (!(await readsKeys())) return { kind: 'cannot tell', words: 'It does not read idempotency keys' }
      if (standing?.kind !== 'standing') return { kind: 'missing', words: refusals.incorrect_order.text }
      return { kind: 'found', reference: orderReference(reply.value), standing } satisfies FindAnswer
    },
  }

  function idempotencyKey({ orderId, run }: Pick<SupplierOrder, 'orderId' | 'run'>): string {
    return `${settings.keyPrefix ?? ''}add:${orderId}${run === undefined ? '' : `:${run}`}`
  }
}

/** An answer that can be read as JSON and that the panel itself gave; or why there is none. */
type Reply =
  | { readonly kind: 'json'; readonly ok: boolean; readonly value: Json; readonly raw: string; readonly excerpt: string }
  | (Unsettled & { /** The whole answer was this text, as JSON. */ readonly bare?: string })

function caller({ url, key, outgoing, timeLimitMs }: ApiV2Settings) {
  const limits = timeLimitMs === undefined ? {} : { timeLimitMs }
  return async (fields: Readonly<Record<string, string>>, options: { fresh?: boolean; bodyLimitBytes?: number } = {}): Promise<Reply> =>
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

/** H3: only what makes sure that nothing was created is `not sent`; only clear JSON goes on to be read. */
function replyOf(outcome: Outcome, clean: (text: string) => string): Reply {
  if (outcome.kind !== 'answered') {
    const hint = outcome.words.includes('is not on the public internet') ? OWN_NETWORK : ''
    return { kind: outcome.kind, words: outcome.words + hint }
  }
  const { status } = outcome
  const raw = clean(outcome.text)
  const value = readJson(raw)
  const excerpt = `HTTP ${status}: ${oneLine(raw)}`
  // 429 is by its definition an answer instead of the work, whoever gave it and in whatever words; unless they name an order.
  if (status === 429) return { kind: namesSomething(value) ? 'unknown' : 'not sent', words: excerpt }
  if (status === 503 && readError(value) !== null && NOTHING_BEGUN.has(readText(member(value, 'code')))) {
    return { kind: 'not sent', words: excerpt }
  }
  // A redirect is not followed: after a POST it may as well be the way to a page about the order just made. 408, 409 and 425 speak of
  // a request that is or was at work. 5xx, JSON or not: a proxy may have given up on a panel that went on, and a "maintenance" of 503
  // may come from either.
  if (status < 200 || status >= 500 || (status >= 300 && status < 400) || [408, 409, 425].includes(status)) {
    return { kind: 'unknown', words: excerpt }
  }
  if (typeof value === 'string' && /[a-z]/i.test(value)) return { kind: 'unknown', words: excerpt, bare: value }
  if (typeof value !== 'object' || value === null) return { kind: 'unknown', words: excerpt }
  return { kind: 'json', ok: status < 300, value, raw: raw.slice(0, LONGEST_RAW), excerpt }
}

function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return line === '' ? '(empty)' : line.slice(0, LONGEST_WORDS)
}

function namesSomething(value: Json | undefined): boolean {
  return ['order', 'order_id', 'refill', 'cancel'].some((name) => member(value, name) !== undefined)
}

/** Accepted or refused only when the answer is clearly the one and not the other. */
function settle(reply: Reply, referenceOf: (value: Json) => string | null): Exclude<AddAnswer, { kind: 'refused' }> | Refused {
  if (reply.kind !== 'json') return reply
  const reference = referenceOf(reply.value)
  const words = refusalWords(reply)
  if (reference !== null && words === null && reply.ok) return { kind: 'accepted', reference, raw: reply.raw }
  // With both an id and an error it may have been created; `{}`, `[]` and `{"order":0}` say nothing at all.
  if (reference !== null || words === null || saysNothingCertain(words)) return { kind: 'unknown', words: reply.excerpt }
  return { kind: 'refused', words: words.slice(0, LONGEST_WORDS) }
}

type Refused = Extract<RefillAnswer, { kind: 'refused' }>

/** A 4xx with a JSON object that has a message is a refusal too, as frameworks word them. */
function refusalWords(reply: Reply & { kind: 'json' }): string | null {
  return readError(reply.value) ?? (!reply.ok && isObject(reply.value) ? messageOf(reply.value) : null)
}

/** `{"order":1}`, `{"order":"1"}`, `{"order":{"id":1}}`, `{"order_id":1}`. */
function orderReference(value: Json): string | null {
  const order = member(value, 'order') ?? member(value, 'order_id')
  return readReference(isObject(order) ? (member(order, 'id') ?? member(order, 'order')) : order)
}

/** `{"refill":"1"}`, and the element of a list where one was asked for. */
function refillReference(value: Json): string | null {
  const answer = Array.isArray(value) && value.length === 1 ? value[0] : value
  const refill = member(answer, 'refill') ?? member(answer, 'refill_id')
  return readReference(isObject(refill) ? member(refill, 'id') : refill)
}

/** The parameters of an `add`, by the type of its service. */
function orderFields(order: SupplierOrder): Record<string, string> {
  const type = serviceTypeByName.get(order.type)
  if (!type) throw new RangeError(`"${order.type}" is no service type`)
  const fields = type.fields.flatMap((field): [string, string][] => {
    const value = fieldValue(field, order)
    return value === undefined ? [] : [[field.name, value]]
  })
  return { service: order.service, ...Object.fromEntries(fields) }
}

function fieldValue(field: Field, order: SupplierOrder): string | undefined {
  if (field.name === 'link') return order.link
  if (field.name === 'quantity') return order.quantity.toString()
  const stored = order.parameters?.[field.name]
  return field.kind === 'date' ? stored?.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1') : stored
}

/** One id in the form that even the oldest panels have, several as a list. */
function idFields(name: 'order' | 'refill', ids: readonly string[]): Record<string, string> {
  return ids.length === 1 ? { [name]: ids[0]! } : { [`${name}s`]: ids.join(',') }
}

async function inBatches<Answer>(
  ids: readonly string[],
  most: number,
  ask: (batch: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
): Promise<ReadonlyMap<string, Answer>> {
  const all = [...new Set(ids)]
  const answers = new Map<string, Answer>()
  for (let first = 0; first < all.length; first += most) {
    for (const [id, answer] of await ask(all.slice(first, first + most))) answers.set(id, answer)
  }
  return answers
}

/** Calls for one batch, beyond the first: enough to find a few odd ones among a hundred. Those found are asked for seldom, so that the next
 * batch has fewer. */
const MOST_CALLS_APART = 32

/** Asks for all ids at once. A refusal that may be about one of them is not about the others: then halves are asked for, down to single
 * ids. What is left when there were too many refusals is a fault, to be asked again. */
async function askApart<Answer>(
  ids: readonly string[],
  ask: (ids: readonly string[]) => Promise<Reply>,
  read: (ids: readonly string[], reply: Reply) => ReadonlyMap<string, Answer | Missing | Unclear | Fault>,
): Promise<ReadonlyMap<string, Answer | Missing | Unclear | Fault>> {
  const answers = new Map<string, Answer | Missing | Unclear | Fault>()
  const left = [ids]
  for (let calls = 0; left.length > 0; calls += 1) {
    const some = left.pop()!
    const reply = await ask(some)
    const words = reply.kind === 'json' ? refusalWords(reply) : null
    if (some.length > 1 && words !== null && !isAboutNoOrder(words) && calls < MOST_CALLS_APART) {
      const middle = Math.ceil(some.length / 2)
      left.push(some.slice(middle), some.slice(0, middle))
    } else for (const [id, answer] of read(some, reply)) answers.set(id, answer)
    // The supplier went away meanwhile: the others are not asked for one by one.
    if (reply.kind !== 'json' && reply.bare === undefined) break
    if (calls >= MOST_CALLS_APART) break
  }
  for (const id of left.flat()) answers.set(id, { kind: 'fault', words: 'Not asked for: too many of its answers were refusals' })
  return new Map(ids.map((id) => [id, answers.get(id)!]))
}

/** Gives each id its own part of an answer, whether that is an object by id, a list, or for one id the bare answer. */
function answerEach<Answer>(
  ids: readonly string[],
  reply: Reply,
  idNames: readonly string[],
  read: (part: Json) => Answer | Missing | Unclear,
): Map<string, Answer | Missing | Unclear | Fault> {
  const all = (answer: Missing | Unclear | Fault) => new Map(ids.map((id) => [id, answer]))
  const words = reply.kind === 'json' ? refusalWords(reply) : (reply.bare ?? null)
  if (words !== null) {
    // Of many ids it is not said which one is wrong; and a wrong key or a limit is about none of them.
    if (ids.length > 1 || isAboutNoOrder(words)) return all({ kind: 'fault', words, refusesKey: readReason(words) === 'account' })
    return all(oddAnswer(words))
  }
  if (reply.kind !== 'json') return all({ kind: 'fault', words: reply.words })
  const { value, excerpt } = reply
  if (!reply.ok) return all({ kind: 'fault', words: excerpt })
  return new Map(
    ids.map((id) => {
      const part = partOf(value, id, idNames, ids.length === 1)
      return [id, part === undefined ? { kind: 'missing', words: `Not in its answer: ${excerpt}` } : read(part)]
    }),
  )
}

/** Words in the place of a standing. */
function oddAnswer(words: string): Missing | Unclear {
  return { kind: saysMissing(words) ? 'missing' : 'unclear', words: words.slice(0, LONGEST_WORDS) }
}

function partOf(value: Json, id: string, idNames: readonly string[], alone: boolean): Json | undefined {
  if (Array.isArray(value)) return value.find((part) => idNames.some((name) => readReference(member(part, name)) === id))
  return member(value, id) ?? (alone && member(value, 'status') !== undefined ? value : undefined)
}

function readStanding(part: Json): Standing | Missing | Unclear {
  // `{"1":"Incorrect order ID"}`, `{"1":{"error":…}}`.
  const error = typeof part === 'string' ? part : readError(part)
  if (error !== null) return oddAnswer(error)
  const words = readText(member(part, 'status')).slice(0, LONGEST_WORDS)
  if (words === '') return { kind: 'unclear', words: `No status: ${oneLine(JSON.stringify(part))}` }
  const remains = readWhole(member(part, 'remains'))
  const startCount = readWhole(member(part, 'start_count'))
  const charge = readDecimal(member(part, 'charge'))
  const unread = Object.entries({ remains, start_count: startCount, charge }).flatMap(([name, read]) => {
    const text = unreadNumber(member(part, name), read)
    return text === null ? [] : [`${name} "${text.slice(0, 40)}"`]
  })
  const status = readOrderStatus(words)
  return {
    kind: 'standing',
    // How much of a Partial is paid back hangs on its remains: without one it is not known how it ended.
    status: status === 'Partial' && remains === null ? null : status,
    startCount: startCount === null || startCount < 0n ? null : startCount,
    remains,
    charge,
    currency: readText(member(part, 'currency')) || null,
    words,
    children: readReferences(member(part, 'orders')),
    quantity: readWhole(member(part, 'quantity')),
    link: readText(member(part, 'link')) || null,
    ...(unread.length > 0 ? { unread } : {}),
  } satisfies Standing
}

function readRefillStanding(part: Json): RefillStanding | Missing | Unclear {
  const status = typeof part === 'string' ? part : member(part, 'status')
  const error = isObject(status) ? (readError(status) ?? messageOf(status)) : readError(part)
  if (error !== null) return oddAnswer(error)
  const words = readText(status).slice(0, LONGEST_WORDS)
  if (words === '') return { kind: 'unclear', words: `No status: ${oneLine(JSON.stringify(part))}` }
  if (saysMissing(words)) return { kind: 'missing', words }
  return { kind: 'standing', status: readRefillStatus(words), words }
}

function cancelEach(ids: readonly string[], reply: Reply): Map<string, CancelAnswer> {
  const all = (answer: CancelAnswer) => new Map(ids.map((id) => [id, answer]))
  if (reply.kind !== 'json') return all(reply)
  const words = refusalWords(reply)
  if (words !== null) return all(saysNothingCertain(words) ? { kind: 'unknown', words } : { kind: 'refused', words })
  if (!reply.ok) return all({ kind: 'unknown', words: reply.excerpt })
  return new Map(ids.map((id) => [id, cancelOf(reply, id, ids.length === 1)]))
}

function cancelOf(reply: Reply & { kind: 'json' }, id: string, alone: boolean): CancelAnswer {
  const { value, excerpt } = reply
  const part = Array.isArray(value)
    ? value.find((each) => readReference(member(each, 'order') ?? member(each, 'id')) === id)
    : (member(value, id) ?? (alone ? value : undefined))
  const said = member(part, 'cancel') ?? part
  const words = readError(said) ?? readError(part)
  if (words !== null) return { kind: 'refused', words }
  // `1` in the contract, the id of a task elsewhere; a sentence is a no.
  if (said === true || (typeof said === 'string' && /^([1-9]\d*|ok|success|true)$/i.test(said.trim()))) return { kind: 'requested' }
  if (typeof said === 'string' && /\s/.test(said.trim())) return { kind: 'refused', words: said.trim().slice(0, LONGEST_WORDS) }
  if (isObject(said) && alone && /^(ok|success)$/i.test(readText(member(said, 'status')))) return { kind: 'requested' }
  return { kind: 'unknown', words: excerpt }
}

function readBalance(reply: Reply): BalanceAnswer {
  if (reply.kind !== 'json') return { kind: 'fault', words: reply.words }
  const balance = readDecimal(member(reply.value, 'balance'))
  if (balance === null) return { kind: 'fault', words: refusalWords(reply) ?? reply.excerpt }
  return { kind: 'balance', balance, currency: readText(member(reply.value, 'currency')) || null }
}

function readServices(reply: Reply): ServicesAnswer {
  if (reply.kind !== 'json') return { kind: 'fault', words: reply.words }
  const words = refusalWords(reply)
  // An object where a list should be: what PHP makes of a list with a gap.
  const entries = Array.isArray(reply.value) ? reply.value : Object.values(reply.value as JsonObject)
  const services = entries.flatMap((entry) => listedService(entry) ?? [])
  if (words !== null || !reply.ok || (services.length === 0 && entries.length > 0)) {
    return { kind: 'fault', words: words ?? reply.excerpt }
  }
  return { kind: 'services', services, unreadable: entries.length - services.length }
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
