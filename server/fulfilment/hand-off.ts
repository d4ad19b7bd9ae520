import { chargeFor } from '../catalog/price.ts'
import { isPackageType } from '../../contract/service-types.ts'
import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { formatUnits, parseDecimal } from '../ledger/money.ts'
import { claimDueOrders, type DueOrder, giveToNextSupplier, isCancelAsked, readDueOrders } from '../orders/hand-over.ts'
import { noteWords } from '../orders/events.ts'
import { settle } from '../orders/settle.ts'
import { claimDueSubscriptions, SUBSCRIPTION_WAITS } from '../orders/their-subscriptions.ts'
import type { AddAnswer, Supplier } from '../suppliers/supplier.ts'
import { type Alert, closeAlerts, raiseAlert } from '../loops/alerts.ts'
import type { Budget } from './budget.ts'
import { backOff } from '../loops/back-off.ts'
import { after } from '../loops/time.ts'

const MOST_AT_ONCE = 100
/** Longer than a call may take, and than an order may wait for its turn in the claimed lot. */
const LEASE_SECONDS = 90
const LONGEST_TURN_SECONDS = 45
const FIRST_LOOK_SECONDS = 1
const FUNDS_PAUSE_SECONDS = 300
const ASK_AGAIN_SECONDS = 30

/** Claim → call → record: hands the orders that are due to their supplier. Answers how many it took. */
export async function handOff(db: Database, supplierId: number, supplier: Supplier, now: () => Date, budget?: Budget): Promise<number> {
  const most = budget ? budget.available(Math.min(MOST_AT_ONCE, budget.atOnce * 8)) : MOST_AT_ONCE
  if (most === 0) return 0
  const claimedAt = now()
  if (!(await isAnythingDue(db, supplierId, claimedAt))) return 0
  const orders = await claim(db, supplierId, supplier, most, claimedAt)
  budget?.spend(orders.length)
  let accepted = 0
  const work = async (order: ClaimedOrder) => {
    // Behind slow calls the claim may run out before its turn: it was not sent, and goes back.
    if (now() > after(claimedAt, LONGEST_TURN_SECONDS)) return wait(db, order.orderId, 'its turn did not come in time', now(), now())
    const refusal = whyNotSend(order)
    if (refusal) return refusal(db, order, supplierId, now())
    const answer = await callAdd(supplier, order)
    budget?.told(answer.kind)
    if (answer.kind === 'accepted') accepted += 1
    return record(db, order, supplierId, supplier, answer, now())
  }
  try {
    await inParallel(orders, budget?.atOnce ?? 1, work)
  } finally {
    if (accepted > 0) await closeTaken(db, supplierId, claimedAt, now())
  }
  return orders.length
}

const TAKEN_AGAIN = `
  update alerts set closed_at = $3
  where supplier_id = $1 and order_id is null and closed_at is null and kind in ('supplier balance too low', 'supplier refuses our key')
    and last_at < $2`

/** It takes orders: our balance there and our key are good again, unless another order of the same lot says otherwise. */
async function closeTaken(db: Queryable, supplierId: number, claimedAt: Date, now: Date): Promise<void> {
  await db.query({ name: 'taken again', text: TAKEN_AGAIN, values: [supplierId, claimedAt, now] })
}

const ANYTHING_DUE = `
  select exists (select from hand_offs where supplier_id = $1 and state in ('calling', 'waiting') and due_at <= $2)
    or exists (select from orders where supplier_id = $1 and not sent and not ended and kind = 'single')
    or ${SUBSCRIPTION_WAITS} as due`

/** All that an idle supplier costs: one small question a turn. */
async function isAnythingDue(db: Queryable, supplierId: number, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ due: boolean }>({ name: 'anything due', text: ANYTHING_DUE, values: [supplierId, now] })
  return rows[0]!.due
}

const EXPIRED = `
  select order_id as id from hand_offs where supplier_id = $1 and state = 'calling' and due_at <= $2
  order by due_at limit $3`
const WAITED = `
  select order_id as id from hand_offs where supplier_id = $1 and state = 'waiting' and due_at <= $2
  order by due_at limit $3 for update skip locked`
const CLAIM = `
  insert into hand_offs as h (order_id, supplier_id, state, due_at, claimed_at)
  select t.id, $2, 'calling', $3, $4 from unnest($1::bigint[]) as t(id)
  on conflict (order_id) do update set supplier_id = excluded.supplier_id, state = 'calling', due_at = excluded.due_at,
    claimed_at = excluded.claimed_at, attempts = h.attempts + 1, maybe_there = h.maybe_there or h.state = 'calling'
  returning h.order_id as id, h.maybe_there as "maybeThere"`

interface ClaimedOrder extends DueOrder {
  /** An earlier call of it may have arrived: only the supplier's answer tells. */
  readonly maybeThere: boolean
}

/** A claim that ran out belongs to a node that died between its call and its record: the order goes again only where that is
 * the same piece of work, and is unconfirmed elsewhere. */
async function claim(db: Database, supplierId: number, supplier: Supplier, most: number, now: Date): Promise<ClaimedOrder[]> {
  const lost = await idsOf(db, EXPIRED, [supplierId, now, most])
  const repeatsSafely = lost.length > 0 && (await supplier.repeatsSafely())
  return transaction(db, async (tx) => {
    const expired = await idsOf(tx, `${EXPIRED} for update skip locked`, [supplierId, now, most])
    if (!repeatsSafely)
      for (const id of expired) await park(tx, id, supplierId, 'The node that called it stopped before it noted the answer', now)
    const again = repeatsSafely ? expired : []
    const waited = await idsOf(tx, WAITED, [supplierId, now, most - again.length])
    const fresh = await claimDueOrders(tx, supplierId, most - again.length - waited.length)
    const whole = await claimDueSubscriptions(tx, supplierId, most - again.length - waited.length - fresh.length)
    const ids = [...again, ...waited, ...fresh, ...whole]
    if (ids.length === 0) return []
    const values = [ids, supplierId, after(now, LEASE_SECONDS), now]
    const { rows: claimed } = await tx.query<{ id: bigint; maybeThere: boolean }>(CLAIM, values)
    const maybeThere = new Map(claimed.map((row) => [row.id, row.maybeThere]))
    return (await readDueOrders(tx, ids, supplierId)).map((order) => ({ ...order, maybeThere: maybeThere.get(order.orderId)! }))
  })
}

async function idsOf(tx: Queryable, text: string, values: unknown[]): Promise<bigint[]> {
  const { rows } = await tx.query<{ id: bigint }>(text, values)
  return rows.map((row) => row.id)
}

type Ending = (db: Database, order: DueOrder, supplierId: number, now: Date) => Promise<void>

/** What keeps an order from being sent at all: a cancel that came first, or a cost above what the customer paid. Neither counts of
 * one that may be there already: it is sent again, and stopped by its supplier. */
function whyNotSend(order: ClaimedOrder): Ending | undefined {
  if (order.maybeThere) return undefined
  if (order.cancelAsked) return (db, { orderId }, _, now) => end(db, orderId, 'cancelled before it was sent', now)
  if (order.costRate === null || order.isRun) return undefined
  // A subscription has no charge of its own: a thousand of its posts' quantity stands for them.
  const isWhole = order.type === 'Subscriptions'
  const quantity = isWhole ? 1000n : order.quantity
  const charge = isWhole ? chargeFor(parseDecimal(order.rate), quantity, false) : order.charge
  const cost = chargeFor(parseDecimal(order.costRate), quantity * order.multiplier, isPackageType(order.type))
  if (cost <= charge) return undefined
  const words = `It would cost ${formatUnits(cost)} and was sold for ${formatUnits(charge)}${isWhole ? ' per thousand' : ''}`
  return (db, { orderId }, supplierId, now) => attention(db, orderId, { kind: 'cost above charge', supplierId, orderId, words }, now)
}

/** A throw of the protocol's own code says nothing of what arrived. */
async function callAdd(supplier: Supplier, order: DueOrder): Promise<AddAnswer> {
  const { orderId, type, link, theirService } = order
  const parameters = type === 'Subscriptions' ? inTheirCount(order) : order.parameters
  try {
    return await supplier.add({ orderId, type, link, parameters, theirService, quantity: order.quantity * order.multiplier })
  } catch (error) {
    return { kind: 'unknown', words: error instanceof Error ? error.message : String(error) }
  }
}

/** A subscription has no quantity of its own: its bounds are counted. */
function inTheirCount({ parameters, multiplier }: DueOrder): Readonly<Record<string, string>> {
  const times = (name: string) => ({ [name]: (BigInt(parameters[name]!) * multiplier).toString() })
  return { ...parameters, ...times('min'), ...times('max') }
}

async function record(db: Database, order: DueOrder, supplierId: number, supplier: Supplier, answer: AddAnswer, now: Date): Promise<void> {
  const { orderId } = order
  switch (answer.kind) {
    case 'accepted':
      return noteAccepted(db, order, supplierId, answer, now)
    case 'not sent':
      return wait(db, orderId, answer.words, null, now)
    case 'unknown':
      // Asked again under the same retry key it is the same order there, whether or not the first call arrived.
      if (await supplier.repeatsSafely()) return waitForAnswer(db, orderId, answer.words, now)
      return park(db, orderId, supplierId, answer.words, now)
    case 'refused':
      if (answer.reason === 'limits') return wait(db, orderId, answer.words, null, now)
      if (answer.reason === 'funds' || answer.reason === 'account') {
        const kind = answer.reason === 'funds' ? 'supplier balance too low' : 'supplier refuses our key'
        await raiseAlert(db, { kind, supplierId, orderId: null, words: answer.words }, now)
        return wait(db, orderId, answer.words, after(now, FUNDS_PAUSE_SECONDS), now)
      }
      return passOn(db, order, supplierId, answer.words, now)
    default:
      return answer satisfies never
  }
}

/** One id of theirs stands for one order: a second one is never believed, whichever of the two is wrong. */
async function noteAccepted(
  db: Database,
  { orderId }: DueOrder,
  supplierId: number,
  { reference, words }: Extract<AddAnswer, { kind: 'accepted' }>,
  now: Date,
): Promise<void> {
  try {
    await noteSent(db, orderId, reference, words, now)
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'one_order_a_reference') throw error
    const owner = await ownerOf(db, supplierId, reference)
    const told = `It took the order under its id ${reference}, which it gave to our order ${owner ?? '?'} before`
    await park(db, orderId, supplierId, told, now)
    await db.query(NOT_BY_ITSELF, [orderId])
  }
}

// Asked again under its retry key it would be given the same id.
const NOT_BY_ITSELF = `update hand_offs set due_at = 'infinity' where order_id = $1 and state = 'unconfirmed'`
const OWNER = `
  select order_id as id from hand_offs
  where supplier_id = $1 and reference = $2 and reference is not null and reference <> 'manual' and not shares_reference`

/** The order of ours that has this id of the supplier's. */
export async function ownerOf(db: Queryable, supplierId: number, reference: string): Promise<bigint | undefined> {
  return (await db.query<{ id: bigint }>(OWNER, [supplierId, reference])).rows[0]?.id
}

const SENT = `update hand_offs set state = 'sent', reference = $2, words = $3, due_at = $4, attempts = 0 where order_id = $1`

/** The supplier has it; it is watched from now on. */
export async function noteSent(db: Queryable, orderId: bigint, reference: string, words: string | null, now: Date): Promise<void> {
  await db.query({ name: 'note sent', text: SENT, values: [orderId, reference, words, after(now, FIRST_LOOK_SECONDS)] })
  await closeAlerts(db, { kind: null, supplierId: null, orderId }, now)
}

const WAIT = `update hand_offs set state = 'waiting', words = $2, due_at = $3 where order_id = $1`
const ATTEMPTS = 'select attempts from hand_offs where order_id = $1'

/** Certainly not with the supplier: tried again later. */
export async function wait(db: Queryable, orderId: bigint, words: string, until: Date | null, now: Date): Promise<void> {
  const { rows } = await db.query<{ attempts: number }>(ATTEMPTS, [orderId])
  await db.query(WAIT, [orderId, words, until ?? backOff(now, rows[0]?.attempts ?? 0)])
}

const DOUBT = 'update hand_offs set maybe_there = true where order_id = $1'

/** Asked again under the same retry key. */
async function waitForAnswer(db: Queryable, orderId: bigint, words: string, now: Date): Promise<void> {
  await db.query(DOUBT, [orderId])
  await wait(db, orderId, words, null, now)
}

const PARK = `update hand_offs set state = 'unconfirmed', words = $2, due_at = $3 where order_id = $1`

/** Nobody knows whether the supplier has it. It is never sent again on a guess: staff decide, or the supplier turns out to keep
 * retry keys. */
async function park(db: Queryable, orderId: bigint, supplierId: number, words: string, now: Date): Promise<void> {
  await db.query(PARK, [orderId, words, after(now, ASK_AGAIN_SECONDS)])
  await raiseAlert(db, { kind: 'unconfirmed hand-off', supplierId, orderId, words }, now)
  if (await isCancelAsked(db, orderId)) await raiseAlert(db, { kind: 'cancel requested', supplierId, orderId, words }, now)
}

const WHEN_ALL_REFUSE = 'select when_all_refuse as way from services where id = $1'
const FORGET = 'delete from hand_offs where order_id = $1'
export const CLOSE = `update hand_offs set state = 'settled', words = $2, due_at = 'infinity' where order_id = $1`

/** Refused: to the next supplier of the service, or, when all refuse, what the operator set. */
function passOn(db: Database, order: DueOrder, supplierId: number, words: string, now: Date): Promise<void> {
  return transaction(db, async (tx) => {
    if (await isCancelAsked(tx, order.orderId)) return endIn(tx, order.orderId, words, now)
    if (await giveToNextSupplier(tx, order, supplierId)) {
      await noteWords(tx, order.orderId, 'supplier', `refused: ${words}`, now)
      await tx.query(FORGET, [order.orderId])
      return
    }
    const { rows } = await tx.query<{ way: 'cancel' | 'attention' }>(WHEN_ALL_REFUSE, [order.serviceId])
    if (rows[0]?.way === 'cancel') return endIn(tx, order.orderId, words, now)
    await attentionIn(tx, order.orderId, { kind: 'order needs attention', supplierId, orderId: order.orderId, words }, now)
  })
}

function end(db: Database, orderId: bigint, words: string, now: Date): Promise<void> {
  return transaction(db, (tx) => endIn(tx, orderId, words, now))
}

/** Cancelled with its refund, and nothing is watched any more. */
export async function endIn(tx: Queryable, orderId: bigint, words: string, now: Date): Promise<void> {
  await settle(tx, [{ orderId, status: 'Canceled', startCount: null, remains: null, words }], 'supplier', now)
  await tx.query(CLOSE, [orderId, words])
  await closeAlerts(tx, { kind: null, supplierId: null, orderId }, now)
}

function attention(db: Database, orderId: bigint, alert: Alert, now: Date): Promise<void> {
  return transaction(db, (tx) => attentionIn(tx, orderId, alert, now))
}

const ATTENTION = `update hand_offs set state = 'attention', words = $2, due_at = 'infinity', maybe_there = false where order_id = $1`

/** Staff decide, unless its customer has: then nothing waits. */
async function attentionIn(tx: Queryable, orderId: bigint, alert: Alert, now: Date): Promise<void> {
  if (await isCancelAsked(tx, orderId)) return endIn(tx, orderId, `cancelled before it was sent. ${alert.words}`, now)
  await tx.query(ATTENTION, [orderId, alert.words])
  await raiseAlert(tx, alert, now)
}

const UNCONFIRMED_DUE = `select from hand_offs where supplier_id = $1 and state = 'unconfirmed' and due_at <= $2 limit 1`
const SEND_AGAIN = `update hand_offs set state = 'waiting', maybe_there = true, due_at = $2 where supplier_id = $1 and state = 'unconfirmed' and due_at <= $2 returning order_id as id`
const ASK_LATER = `update hand_offs set due_at = $3 where supplier_id = $1 and state = 'unconfirmed' and due_at <= $2`

/** Unconfirmed orders of a supplier that could not tell whether it keeps retry keys while it was away: asked again once it
 * can, they are settled by its own answer. Answers how many. */
export async function settleUnconfirmed(db: Database, supplierId: number, supplier: Supplier, now: () => Date): Promise<number> {
  const { rowCount } = await db.query(UNCONFIRMED_DUE, [supplierId, now()])
  if (rowCount === 0) return 0
  if (!(await supplier.repeatsSafely())) {
    await db.query(ASK_LATER, [supplierId, now(), after(now(), ASK_AGAIN_SECONDS)])
    return 0
  }
  return (await idsOf(db, SEND_AGAIN, [supplierId, now()])).length
}

/** One order that fails (its claim then runs out) keeps none of the others from its turn. */
async function inParallel<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const failures: unknown[] = []
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item).catch((error: unknown) => failures.push(error))
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
