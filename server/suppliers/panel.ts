import { refusals } from '../../contract/refusals.ts'
import type { Fault, PanelSupplier, Standing as PanelStanding, Unsettled } from './answers.ts'
import { type RequestAnswer, type Standing, type Supplier, SupplierAway, type WorkOrder } from './supplier.ts'

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
      if (words === refusals.keyReused) return { kind: 'unknown', words }
      // Our key or our account there is at fault, not the order: it waits, and staff hear of it.
      return { kind: 'refused', words, reason: answer.reason === 'account' ? 'funds' : answer.reason }
    },
    async status(references, how) {
      // Who knows the one extension knows the other.
      const told = await panel.status(references, { extended: how?.closely === true && (await repeatsSafely()) })
      const standings = new Map<string, Standing>()
      for (const [reference, answer] of told) {
        if (answer.kind === 'fault') throw new SupplierAway(plain(answer.words))
        if (answer.kind === 'standing') standings.set(reference, standingOf(answer))
      }
      return standings
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
      const told = await panel.refillStatus(references)
      const fault = [...told.values()].find((answer): answer is Fault => answer.kind === 'fault')
      if (fault) throw new SupplierAway(plain(fault.words))
      return new Map(
        [...told].flatMap(([reference, answer]) =>
          answer.kind === 'standing' ? [[reference, { status: answer.status, words: plain(answer.words) }] as const] : [],
        ),
      )
    },
  }
}

function panelOrder(order: WorkOrder) {
  const { orderId, type, link, quantity, parameters, theirService } = order
  return { orderId, type, link, quantity, parameters, service: theirService }
}

function standingOf({ status, startCount, remains, charge, words, currency, children, quantity, link }: PanelStanding): Standing {
  const shownCurrency = currency === null ? null : plain(currency)
  return { status, startCount, remains, cost: charge, words: plain(words), currency: shownCurrency, children, quantity, link }
}

/** What is certainly not sent is asked again like what nobody knows: neither is an answer. */
function requestAnswer(answer: Unsettled | { readonly kind: 'refused'; readonly words: string }): RequestAnswer {
  return { kind: answer.kind === 'refused' ? 'refused' : 'unknown', words: plain(answer.words) }
}

/** A supplier's words as the database can keep them and a person can read them: one U+0000 would fail a whole batch. */
function plain(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ')
}
