import { noteWords } from '../orders/events.ts'
import type { RequestAnswer, Standing, StatusAnswer, Supplier } from '../suppliers/supplier.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { eachByItself } from '../loops/by-itself.ts'
import type { SupplierContext } from './context.ts'
import type { Watched } from './watched.ts'

/** A cancel whose result nobody knows. */
export interface UnclearCancel {
  readonly order: Watched
  readonly words: string
}

const CANCEL_SENT = 'update hand_offs set cancel_sent = true where order_id = any($1::bigint[])'

/**
 * Asks the supplier for a cancel until it is clearly accepted or refused; the order's status then shows the result. Answers the cancels whose answers
 * nobody can act on: they are asked again.
 */
export async function forwardCancels(context: SupplierContext, orders: readonly Watched[]): Promise<UnclearCancel[]> {
  if (orders.length === 0) return []
  const { db, supplier } = context
  const answers = await callCancel(supplier, orders)
  const answered = orders.map((order) => ({ order, answer: answers.get(order.reference) }))
  const clear = answered.filter(({ answer }) => answer?.kind === 'taken' || answer?.kind === 'refused')
  await db.query(CANCEL_SENT, [clear.map(({ order }) => order.orderId)])
  await alertAboutOurKey(context, [...answers.values()], clear.length > 0)
  await eachByItself(clear, ({ order, answer }) => noteClear(context, order, answer!))
  return answered.flatMap(({ order, answer }) => (answer?.kind === 'unknown' ? [{ order, words: answer.words }] : []))
}

/** Does not throw, because the states of the orders are asked next in any case. */
async function callCancel(supplier: Supplier, orders: readonly Watched[]): Promise<ReadonlyMap<string, RequestAnswer>> {
  try {
    return await supplier.cancel(orders.map((order) => order.reference))
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return new Map(orders.map(({ reference }) => [reference, { kind: 'unknown', words }]))
  }
}

async function alertAboutOurKey(
  { db, supplierId, now }: SupplierContext,
  answers: readonly RequestAnswer[],
  isClear: boolean,
): Promise<void> {
  const alert = { kind: 'supplier refuses our key', supplierId, orderId: null } as const
  const refused = answers.find((answer) => answer.kind === 'not now' && answer.refusesKey)
  if (refused?.kind === 'not now') await raiseAlert(db, { ...alert, words: refused.words }, now())
  else if (isClear) await closeAlerts(db, alert, now())
}

const WAS_PROMISED = `
  select from promises where order_id = $1 and state = 'missed' and compensation_basis_points is null`

/** Notes a refusal in the timeline. When the cancel was promised after a missed promise, staff get an alert. */
async function noteClear({ db, supplierId, now }: SupplierContext, { orderId }: Watched, answer: RequestAnswer): Promise<void> {
  await closeAlerts(db, { kind: 'answer unclear', supplierId, orderId }, now())
  if (answer.kind !== 'refused') return
  const words = `cancel refused: ${answer.words}`
  await noteWords(db, orderId, 'supplier', words, now())
  const { rowCount } = await db.query(WAS_PROMISED, [orderId])
  if (rowCount !== 0) await raiseAlert(db, { kind: 'promise missed', supplierId, orderId, words }, now())
}

/**
 * Raises alerts for a supplier that reports the state of these orders, but not the result of their cancels. A supplier that is away has an alert of
 * its own.
 */
export async function alertUnclearCancels(
  { db, supplierId, now }: SupplierContext,
  cancels: readonly UnclearCancel[],
  answers: ReadonlyMap<string, StatusAnswer<Standing>>,
): Promise<void> {
  await eachByItself(cancels, async ({ order: { orderId, reference }, words }) => {
    const standing = answers.get(reference)
    if (standing?.kind !== 'read') return
    const said = `Asked to cancel ${reference}, the supplier answers "${words}"`
    await raiseAlert(db, { kind: 'answer unclear', supplierId, orderId, words: said }, now())
  })
}
