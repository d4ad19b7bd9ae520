import { refusals } from '../../contract/refusals.ts'
import type { Fault, Missing, PanelSupplier, Standing as PanelStanding, Unclear, Unsettled } from './answers.ts'
import { type RequestAnswer, type Standing, type Supplier, SupplierAway, type Told, type WorkOrder } from './supplier.ts'

/** A panel of this same API as a supplier: its answers in the terms of the port. `keepsRetryKeys` is what the operator says;
 * null: found out by asking. */
export function panelAsSupplier(panel: PanelSupplier, keepsRetryKeys: boolean | null): Supplier {
  let repeats = keepsRetryKeys

  async function repeatsSafely() {
    if (repeats !== null) return repeats
    const told = await panel.findByIdempotencyKey('docket-asks-whether-keys-are-kept')
    // A fault says nothing; it is asked again next time.
    if (told.kind === 'fault') return false
    repeats = told.kind === 'missing' || told.kind === 'found'
    return repeats
  }

  return {
    repeatsSafely,
    async add(order) {
      const answer = await panel.add(panelOrder(order))
      if (answer.kind === 'accepted') return { kind: 'accepted', reference: plain(answer.reference), words: plain(answer.raw) }
      const words = plain(answer.words)
      if (answer.kind !== 'refused') return { kind: answer.kind, words }
      // It has an order under our key, but not this one: only a person can tell what happened.
      if (words === refusals.idempotency_key_reused.text) return { kind: 'unknown', words }
      return { kind: 'refused', words, reason: answer.reason }
    },
    async status(references, how) {
      // Who knows the one extension knows the other.
      const told = await panel.status(references, { extended: how?.closely === true && (await repeatsSafely()) })
      return toldEach(told, standingOf)
    },
    async cancel(references) {
      const answers = new Map<string, RequestAnswer>()
      for (const [reference, answer] of await panel.cancel(references)) {
        answers.set(reference, answer.kind === 'requested' ? { kind: 'taken', reference: null } : requestAnswer(answer))
      }
      return answers
    },
    async refill(reference) {
      const answer = await panel.refill(reference)
      return answer.kind === 'accepted' ? { kind: 'taken', reference: plain(answer.reference) } : requestAnswer(answer)
    },
    async refillStatus(references) {
      return toldEach(await panel.refillStatus(references), ({ status, words }) => ({ status, words: plain(words) }))
    },
  }
}

/** An outcome per id. It is away only when it answered for none of them. */
function toldEach<Read extends { readonly kind: 'standing' }, T>(
  answers: ReadonlyMap<string, Read | Missing | Unclear | Fault>,
  read: (answer: Read) => T,
): ReadonlyMap<string, Told<T>> {
  const told = new Map<string, Told<T>>()
  let fault: Fault | undefined
  for (const [reference, answer] of answers) {
    if (answer.kind === 'fault') fault ??= answer
    else if (answer.kind === 'standing') told.set(reference, { kind: 'read', standing: read(answer) })
    else told.set(reference, { kind: answer.kind === 'missing' ? 'not known' : 'unclear', words: plain(answer.words) })
  }
  if (fault && told.size === 0) throw new SupplierAway(plain(fault.words), fault.refusesKey)
  return told
}

function panelOrder(order: WorkOrder) {
  const { orderId, type, link, quantity, parameters, theirService } = order
  return { orderId, type, link, quantity, parameters, service: theirService }
}

function standingOf(answer: PanelStanding): Standing {
  const { status, startCount, remains, charge, currency, children, quantity, link, unread } = answer
  const words = plain(answer.words)
  const shown = { currency: currency === null ? null : plain(currency), unread: unread?.map(plain) ?? [] }
  return { status, startCount, remains, cost: charge, words, children, quantity, link, ...shown }
}

/** What is certainly not sent is asked again like what nobody knows: neither is an answer. */
function requestAnswer(answer: Unsettled | { readonly kind: 'refused'; readonly words: string }): RequestAnswer {
  return { kind: answer.kind === 'refused' ? 'refused' : 'unknown', words: plain(answer.words) }
}

/** A supplier's words as the database can keep them and a person can read them: one U+0000 would fail a whole batch. */
function plain(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ')
}
