import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { noteWords } from '../orders/events.ts'
import { type Progress, settle } from '../orders/settle.ts'
import type { RequestAnswer, Standing, Supplier } from '../suppliers/supplier.ts'
import { raiseAlert } from './alerts.ts'
import { takeSubscriptionNews } from './their-subscriptions.ts'
import { after } from './time.ts'

const MOST_AT_ONCE = 100
const LEASE_SECONDS = 60
const ASK_SOON_SECONDS = 5

interface Watched {
  orderId: bigint
  reference: string
  /** It was handed over whole: its supplier watches for posts. */
  isSubscription: boolean
  quantity: bigint
  multiplier: bigint
  cancelAsked: boolean
  /** The final status when our side has ended already. */
  ended: string | null
}

// The claim moves due_at on, so a node that dies leaves the order to the next look.
const CLAIM_WATCHED = `
  update hand_offs h set due_at = $3
  from (
    select order_id from hand_offs where supplier_id = $1 and state = 'sent' and due_at <= $2
    order by due_at limit ${MOST_AT_ONCE} for update skip locked
  ) due
  join orders o on o.id = due.order_id
  left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = $1
  where h.order_id = due.order_id
  returning h.order_id as "orderId", h.reference, o.kind = 'subscription' as "isSubscription", o.quantity, coalesce(m.multiplier, 1)::bigint as multiplier,
    o.cancel_asked_at is not null and not h.cancel_sent as "cancelAsked", case when o.ended then o.status::text end as ended`

/** Asks a supplier how the orders that are due stand, forwards cancels, and settles what it says. Answers how many it asked. */
export async function poll(db: Database, supplierId: number, supplier: Supplier, now: () => Date): Promise<number> {
  const asked = now()
  const claimed = { name: 'claim watched', text: CLAIM_WATCHED, values: [supplierId, asked, after(asked, LEASE_SECONDS)] }
  const { rows: watched } = await db.query<Watched>(claimed)
  if (watched.length === 0) return 0
  await forwardCancels(
    db,
    supplierId,
    supplier,
    watched.filter((order) => order.cancelAsked && order.ended === null),
    now(),
  )
  const told = await askStatus(db, supplier, watched, now)
  await takeNews(
    db,
    supplierId,
    watched.filter((order) => !order.isSubscription),
    told,
    now(),
  )
  const subscriptions = watched.filter((order) => order.isSubscription)
  await takeSubscriptionNews(db, supplierId, supplier, subscriptions, told, now)
  await lookAgain(db, subscriptions, new Map(), now())
  return watched.length
}

const ASK_SOON = 'update hand_offs set due_at = $2 where order_id = any($1::bigint[])'

/** A supplier that did not answer is asked again soon, not when the claim runs out. */
async function askStatus(db: Database, supplier: Supplier, watched: readonly Watched[], now: () => Date) {
  try {
    return await supplier.status(watched.map((order) => order.reference))
  } catch (error) {
    await db.query(ASK_SOON, [watched.map((order) => order.orderId), after(now(), ASK_SOON_SECONDS)])
    throw error
  }
}

/** What it says of open orders is settled; what it says of ended ones moves no money, and is told to staff when it differs. */
async function takeNews(db: Database, supplierId: number, watched: readonly Watched[], told: ReadonlyMap<string, Standing>, now: Date) {
  const news: Progress[] = []
  for (const order of watched) {
    const standing = told.get(order.reference)
    if (!standing) continue
    if (standing.status === null) {
      const words = `The supplier calls it "${standing.words}"`
      await raiseAlert(db, { kind: 'unknown status word', supplierId, orderId: order.orderId, words }, now)
    } else if (order.ended !== null) {
      if (order.ended === standing.status) continue
      const words = `It ended ${order.ended}; the supplier now says ${standing.words}`
      await raiseAlert(db, { kind: 'settled order changed', supplierId, orderId: order.orderId, words }, now)
    } else news.push(inOurCount(order, standing, standing.status))
  }
  await transaction(db, async (tx) => {
    await settle(tx, news, 'supplier', now)
    await lookAgain(tx, watched, told, now)
  })
}

/** Their count is ours times the multiplier; what is left of a part of one of ours is left. */
function inOurCount(order: Watched, standing: Standing, status: NonNullable<Standing['status']>): Progress {
  const { remains } = standing
  const ours = remains === null ? null : remains > 0n ? (remains + order.multiplier - 1n) / order.multiplier : remains / order.multiplier
  return { orderId: order.orderId, status, startCount: standing.startCount, remains: ours, words: standing.words }
}

// Fresh orders are looked at often, old ones seldom. Ended ones a few times more, in case the supplier changes its mind.
const LOOK_AGAIN = `
  update hand_offs h set
    cost = coalesce(t.cost, h.cost),
    state = case when o.ended and o.ended_at < $3::timestamptz - interval '3 days' then 'settled' else 'sent' end,
    due_at = $3::timestamptz + case
      when o.ended then interval '1 day'
      when h.claimed_at > $3::timestamptz - interval '2 minutes' then interval '2 seconds'
      when h.claimed_at > $3::timestamptz - interval '1 hour' then interval '30 seconds'
      when h.claimed_at > $3::timestamptz - interval '1 day' then interval '3 minutes'
      else interval '15 minutes' end
  from unnest($1::bigint[], $2::text[]) as t(id, cost) join orders o on o.id = t.id
  where h.order_id = t.id and h.state = 'sent'`

/** Also of its cost there. What a subscription's children cost is theirs. */
async function lookAgain(db: Queryable, watched: readonly Watched[], told: ReadonlyMap<string, Standing>, now: Date) {
  if (watched.length === 0) return
  const costs = watched.map((order) => told.get(order.reference)?.cost ?? null)
  await db.query({ name: 'look again', text: LOOK_AGAIN, values: [watched.map((order) => order.orderId), costs, now] })
}

const CANCEL_SENT = 'update hand_offs set cancel_sent = true where order_id = any($1::bigint[])'
const WAS_PROMISED = `
  select from promises where order_id = $1 and state = 'missed' and compensation_basis_points is null`

/** A cancel is asked of the supplier once; its status tells what comes of it, and its refusal is kept in the timeline. Where the
 * cancel was promised for a miss, staff see that it did not come. */
async function forwardCancels(db: Database, supplierId: number, supplier: Supplier, orders: readonly Watched[], now: Date) {
  if (orders.length === 0) return
  const answers = await supplier.cancel(orders.map((order) => order.reference))
  const clear = orders.filter((order) => kindOf(answers, order) !== 'unknown')
  await db.query(CANCEL_SENT, [clear.map((order) => order.orderId)])
  for (const order of clear) {
    const answer = answers.get(order.reference)
    if (answer?.kind !== 'refused') continue
    const words = `cancel refused: ${answer.words}`
    await noteWords(db, order.orderId, 'supplier', words, now)
    const { rowCount } = await db.query(WAS_PROMISED, [order.orderId])
    if (rowCount !== 0) await raiseAlert(db, { kind: 'promise missed', supplierId, orderId: order.orderId, words }, now)
  }
}

function kindOf(answers: ReadonlyMap<string, RequestAnswer>, order: Watched): RequestAnswer['kind'] {
  return answers.get(order.reference)?.kind ?? 'unknown'
}
