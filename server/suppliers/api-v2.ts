import { MOST_IDS } from '../../contract/action.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import { askApart, type Apart, type Asked, inLists, type WholeRefusal } from './ask-apart.ts'
import { idFields, orderFields } from './order-fields.ts'
import {
  cancelEach,
  oddAnswer,
  orderReference,
  readBalance,
  readMade,
  readRefillStanding,
  readServices,
  readStanding,
  refillReference,
  requestNotAnswered,
  requestRefused,
  splitById,
} from './read-answers.ts'
import { readReason, saysAccountRefused } from './refusal-words.ts'
import { type Call, openCall } from './reply.ts'
import { askWhetherKeysAreKept } from './retry-keys.ts'
import {
  type AddAnswer,
  type PriceSource,
  type RequestAnswer,
  type Supplier,
  SupplierAway,
  type StatusAnswer,
  type WorkOrder,
} from './supplier.ts'

export interface ApiV2Settings {
  readonly url: string
  readonly key: string
  readonly outgoing: Outgoing
  /** A prefix for each idempotency key: two panels that share an account at a supplier must not use the same keys. */
  readonly keyPrefix?: string
  /** The operator's word on it; null or absent: we find out by asking. */
  readonly keepsRetryKeys?: boolean | null
  /** How many ids one list may have; 1 for a panel that takes no lists. */
  readonly mostIds?: number
  readonly timeLimitMs?: number
  readonly onCall?: (ms: number, failure: string | null) => void
}

const SERVICES_LIMIT_BYTES = 32 * 1024 * 1024

/**
 * Any panel with this same API as a supplier, whatever its dialect. reading.ts reads order ids, words and numbers; refusal-words.ts reads refusals.
 */
export function apiV2Supplier(settings: ApiV2Settings): Supplier & PriceSource {
  const call = openCall(settings)
  const mostIds = settings.mostIds ?? MOST_IDS
  let keepsKeys = settings.keepsRetryKeys ?? null

  async function repeatsSafely(): Promise<boolean> {
    // When it could not be asked now, it is asked again next time.
    keepsKeys ??= (await askWhetherKeysAreKept(call)) ?? null
    return keepsKeys === true
  }

  return {
    repeatsSafely,
    // A kept connection may break as we write, and nobody knows then whether the order arrived: no harm where it can be sent again.
    add: (order) => add(call, order, `${settings.keyPrefix ?? ''}add:${order.orderId}`, keepsKeys !== true),
    async status(references, how) {
      // A supplier that keeps retry keys answers more fields.
      const more = how?.closely === true && references.length > 0 && (await repeatsSafely()) ? { extended: '1' } : {}
      return askEach(references, mostIds, async (ids) =>
        splitById(ids, await call({ action: 'status', ...idFields('order', ids), ...more }), ['order', 'order_id', 'id'], readStanding),
      )
    },
    cancel: (references) => inLists(references, mostIds, (list) => cancel(call, list)),
    refill: (reference) => refill(call, reference),
    refillStatus: (references) =>
      askEach(references, mostIds, async (ids) =>
        splitById(
          ids,
          await call({ action: 'refill_status', ...idFields('refill', ids) }),
          ['refill', 'refill_id', 'id'],
          readRefillStanding,
        ),
      ),
    balance: async () => answered(readBalance(await call({ action: 'balance' }))),
    services: async () => answered(readServices(await call({ action: 'services' }, { bodyLimitBytes: SERVICES_LIMIT_BYTES }))),
  }
}

async function add(call: Call, order: WorkOrder, idempotencyKey: string, fresh: boolean): Promise<AddAnswer> {
  const reply = await call({ action: 'add', ...orderFields(order), idempotency_key: idempotencyKey }, { fresh })
  const made = readMade(reply, orderReference)
  if (made.kind === 'accepted') return { kind: 'accepted', reference: made.reference, words: made.raw }
  return made.kind === 'refused' ? { ...made, reason: readReason(made.words) } : made
}

async function refill(call: Call, reference: string): Promise<RequestAnswer> {
  const made = readMade(await call({ action: 'refill', order: reference }, { fresh: true }), refillReference)
  if (made.kind === 'accepted') return { kind: 'taken', reference: made.reference }
  return made.kind === 'refused' ? requestRefused(made.words) : requestNotAnswered(made)
}

/** The answer for each id. Throws SupplierAway only when there is an answer for none of them. */
async function askEach<T>(
  references: readonly string[],
  mostIds: number,
  ask: (ids: readonly string[]) => Promise<Asked<StatusAnswer<T>>>,
): Promise<ReadonlyMap<string, StatusAnswer<T>>> {
  let away: WholeRefusal | undefined
  const all = await inLists(references, mostIds, async (list) => {
    const { answers, refused, stopped } = await askApart(list, ask)
    // An id that was asked for alone and refused: the refusal is about this id when its words say so, or when other ids got answers.
    const odd = [...refused].filter(([, { concerns }]) => concerns === 'one' || answers.size > 0)
    away ??= stopped ?? [...refused.values()].find(({ concerns }) => concerns === 'any')
    return new Map([...answers, ...odd.map(([id, { words }]) => [id, oddAnswer(words)] as const)])
  })
  if (away && all.size === 0) throw awayFor(away.words)
  return all
}

/** Sends a list even for one id: every publisher documents this form, and only its answer names each order. */
async function cancel(call: Call, references: readonly string[]): Promise<ReadonlyMap<string, RequestAnswer>> {
  const apart = await askApart(references, async (ids) => cancelEach(ids, await call({ action: 'cancel', orders: ids.join(',') })))
  return new Map(references.map((id) => [id, apart.answers.get(id) ?? refusedCancel(apart, id)]))
}

function refusedCancel({ answers, refused, stopped }: Apart<RequestAnswer>, id: string): RequestAnswer {
  const { words, concerns } = (refused.get(id) ?? stopped)!
  if (concerns === 'none') return { kind: 'not now', words, refusesKey: false }
  const answer = requestRefused(words)
  const takesOurKey = answers.size > 0
  return answer.kind === 'not now' && answer.refusesKey && takesOurKey ? { kind: 'refused', words } : answer
}

function answered<T extends object>(read: T | string): T {
  if (typeof read === 'string') throw awayFor(read)
  return read
}

function awayFor(words: string): SupplierAway {
  return new SupplierAway(words, saysAccountRefused(words))
}
