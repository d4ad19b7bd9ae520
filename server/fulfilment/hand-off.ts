import { chargeFor } from '../catalog/price.ts'
import { isPackageType } from '../../contract/service-types.ts'
import type { Queryable } from '../db/pool.ts'
import { formatUnits, parseDecimal } from '../ledger/money.ts'
import type { DueOrder } from '../orders/hand-over.ts'
import type { AddAnswer, Supplier } from '../suppliers/supplier.ts'
import { eachOfLots } from '../loops/by-itself.ts'
import type { SupplierContext } from './context.ts'
import { claim, type ClaimedOrder, isAnythingDue } from './hand-off-claim.ts'
import { openAccepted, record } from './hand-off-record.ts'
import { needAttention, end, wait } from './hand-off-states.ts'
import { after } from '../loops/time.ts'

const MOST_AT_ONCE = 100
/** A turn ends now and then, so that a loop that is asked to stop does. */
const MOST_A_TURN = 5000
/** Longer than a call may take, and longer than an order may wait among the claimed ones. */
const LONGEST_WAIT_SECONDS = 45

/**
 * Claim → call → record: sends the orders that are due to their supplier. Claims the next ones while the last of those before are being sent, until
 * none is due, a turn's most have been claimed, or the node stops. Answers how many it claimed.
 */
export async function handOff(context: SupplierContext, isStopping: () => boolean = () => false): Promise<number> {
  const { db, now, supplierId, budget } = context
  const began = now()
  const noteAccepted = openAccepted(context)
  let claimed = 0
  let accepted = 0
  const claimMore = async (): Promise<readonly Claimed[]> => {
    if (isStopping() || claimed >= MOST_A_TURN) return []
    const most = budget ? budget.available(Math.min(MOST_AT_ONCE, budget.atOnce * 8)) : MOST_AT_ONCE
    const claimedAt = now()
    if (most === 0 || !(await isAnythingDue(db, supplierId, claimedAt))) return []
    const orders = await claim(context, most, claimedAt)
    budget?.spend(orders.length)
    claimed += orders.length
    return orders.map((order) => ({ order, claimedAt }))
  }
  const work = async ({ order, claimedAt }: Claimed) => {
    const answer = await handOver(context, order, claimedAt)
    if (!answer) return
    if (answer.kind === 'accepted') {
      accepted += 1
      await noteAccepted({ orderId: order.orderId, reference: answer.reference, words: answer.words })
    } else await record(context, order, answer)
  }
  try {
    await eachOfLots(claimMore, work, budget?.atOnce ?? 1)
    return claimed
  } finally {
    if (accepted > 0) await closeTaken(db, supplierId, began, now())
  }
}

interface Claimed {
  readonly order: ClaimedOrder
  readonly claimedAt: Date
}

/** The supplier's answer to one order; undefined when it was not sent. */
async function handOver(context: SupplierContext, order: ClaimedOrder, claimedAt: Date): Promise<AddAnswer | undefined> {
  const { db, now } = context
  // Behind slow calls the claim may expire before this order is sent. It was not sent, so it waits again.
  if (now() > after(claimedAt, LONGEST_WAIT_SECONDS)) {
    await wait(db, order.orderId, 'not sent: the calls before it took too long', now())
    return undefined
  }
  const refuse = whyNotSend(order)
  if (refuse) {
    await refuse(context, order)
    return undefined
  }
  const answer = await callAdd(context.supplier, order)
  context.budget?.noteAnswer(answer.kind)
  return answer
}

const TAKEN_AGAIN = `
  update alerts set closed_at = $3
  where supplier_id = $1 and order_id is null and closed_at is null and kind in ('supplier balance too low', 'supplier refuses our key')
    and last_at < $2`

/** The supplier accepts orders, so our balance and our key there are good again, unless another order of the same batch shows otherwise. */
async function closeTaken(db: Queryable, supplierId: number, claimedAt: Date, now: Date): Promise<void> {
  await db.query({ name: 'taken again', text: TAKEN_AGAIN, values: [supplierId, claimedAt, now] })
}

type Ending = (context: SupplierContext, order: DueOrder) => Promise<void>

/**
 * The reason not to send an order: a cancel request, or a cost above the customer's charge. Neither counts for an order that the supplier may
 * have already: it is sent again, and then stopped at the supplier.
 */
function whyNotSend(order: ClaimedOrder): Ending | undefined {
  if (order.maybeThere) return undefined
  if (order.cancelAsked) return ({ db, now }, { orderId }) => end(db, orderId, 'cancelled before it was sent', now())
  if (order.costRate === null || order.isRun) return undefined
  // A subscription has no charge of its own, so the check compares the charge and the cost of a thousand.
  const isWhole = order.type === 'Subscriptions'
  const quantity = isWhole ? 1000n : order.quantity
  const charge = isWhole ? chargeFor(parseDecimal(order.rate), quantity, false) : order.charge
  const cost = chargeFor(parseDecimal(order.costRate), quantity * order.multiplier, isPackageType(order.type))
  if (cost <= charge) return undefined
  const words = `It would cost ${formatUnits(cost)} and was sold for ${formatUnits(charge)}${isWhole ? ' per thousand' : ''}`
  return ({ db, now, supplierId }, { orderId }) => needAttention(db, { kind: 'cost above charge', supplierId, orderId, words }, now())
}

/** An exception in the protocol's code does not show whether the order arrived. */
async function callAdd(supplier: Supplier, order: DueOrder): Promise<AddAnswer> {
  const { orderId, type, link, theirService } = order
  const parameters = type === 'Subscriptions' ? inTheirCount(order) : order.parameters
  try {
    return await supplier.add({ orderId, type, link, parameters, theirService, quantity: order.quantity * order.multiplier })
  } catch (error) {
    return { kind: 'unknown', words: error instanceof Error ? error.message : String(error) }
  }
}

/** A subscription has no quantity of its own: its min and max are multiplied instead. */
function inTheirCount({ parameters, multiplier }: DueOrder): Readonly<Record<string, string>> {
  const times = (name: string) => ({ [name]: (BigInt(parameters[name]!) * multiplier).toString() })
  return { ...parameters, ...times('min'), ...times('max') }
}
