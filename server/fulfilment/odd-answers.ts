import type { Queryable } from '../db/pool.ts'
import { type Alert, closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { backOff } from '../loops/back-off.ts'

/** An order about which the supplier gave an answer that nobody can act on. */
export interface OddAnswer {
  readonly orderId: bigint
  readonly reference: string
  /** Odd answers in a row before this one. */
  readonly oddAnswers: number
  readonly kind: 'not known' | 'unclear'
  readonly words: string
}

/** A supplier may need some seconds until it knows an order that it has just accepted. */
const ASKS_BEFORE_ALERT = 3

const ASK_SELDOM = `
  update hand_offs h set odd_answers = h.odd_answers + 1, poll_list = null, due_at = t.due_at
  from unnest($1::bigint[], $2::timestamptz[]) as t(id, due_at) where h.order_id = t.id and h.state = 'sent'`

/** The orders stay as they are and leave their lists. They are asked for again by themselves, less and less often; staff read the supplier's own words. */
export async function noteOddAnswers(db: Queryable, supplierId: number, odd: readonly OddAnswer[], now: Date): Promise<void> {
  if (odd.length === 0) return
  await db.query(ASK_SELDOM, [odd.map((each) => each.orderId), odd.map((each) => backOff(now, each.oddAnswers))])
  for (const each of odd) {
    const { orderId, reference } = each
    if (each.kind === 'unclear') {
      const words = `Asked for ${reference}, the supplier answers "${each.words}"`
      await raiseAlert(db, { kind: 'answer unclear', supplierId, orderId, words }, now)
    } else if (each.oddAnswers + 1 >= ASKS_BEFORE_ALERT) {
      const words = `The supplier does not know ${reference}, asked ${each.oddAnswers + 1} times: "${each.words}"`
      await raiseAlert(db, { kind: 'order not known there', supplierId, orderId, words }, now)
    }
  }
}

const OF_AN_ORDER: readonly Alert['kind'][] = [
  'answer unclear',
  'order not known there',
  'unknown status word',
  'remains above quantity',
  'partial not believed',
]
const OF_A_SUPPLIER: readonly Alert['kind'][] = ['numbers unreadable', 'another currency']

interface Recovered {
  readonly supplierId: number
  readonly orderIds: readonly bigint[]
  /** The kinds of odd answers that this supplier still gives. */
  readonly still: ReadonlySet<Alert['kind']>
}

/** Closes the alerts about these orders, and the alerts about their supplier whose kind is not in `still`: the answers are normal again. */
export async function closeOddAnswers(db: Queryable, { supplierId, orderIds, still }: Recovered, now: Date): Promise<void> {
  for (const orderId of orderIds) for (const kind of OF_AN_ORDER) await closeAlerts(db, { kind, supplierId, orderId }, now)
  if (orderIds.length === 0) return
  for (const kind of OF_A_SUPPLIER) if (!still.has(kind)) await closeAlerts(db, { kind, supplierId, orderId: null }, now)
}
