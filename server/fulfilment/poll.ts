import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { noteWords } from '../orders/events.ts'
import { type Progress, settle } from '../orders/settle.ts'
import { noteCurrency } from '../suppliers/registry.ts'
import type { RequestAnswer, Standing, Supplier, Told } from '../suppliers/supplier.ts'
import { isPackageType } from '../../contract/service-types.ts'
import { type Alert, raiseAlert } from '../loops/alerts.ts'
import { closeOddAnswers, noteOddAnswers, type OddAnswer } from './odd-answers.ts'
import { takeSubscriptionNews } from './their-subscriptions.ts'
import { after } from '../loops/time.ts'

const MOST_AT_ONCE = 100
const LEASE_SECONDS = 60
const ASK_SOON_SECONDS = 5

interface Watched {
  orderId: bigint
  reference: string
  /** It was handed over whole: its supplier watches for posts. */
  isSubscription: boolean
  type: string
  quantity: bigint
  multiplier: bigint
  oddAnswers: number
  /** In which its supplier answers; null: it never said. */
  currency: string | null
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
  join orders o on o.id = due.order_id join services s on s.id = o.service_id join suppliers u on u.id = $1
  left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = $1
  where h.order_id = due.order_id
  returning h.order_id as "orderId", h.reference, o.kind = 'subscription' as "isSubscription", s.type, o.quantity, h.odd_answers as "oddAnswers", u.currency, coalesce(m.multiplier, 1)::bigint as multiplier,
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
  const odd = watched.flatMap((order) => oddAnswerOf(order, told) ?? [])
  const isOdd = new Set(odd.map(({ orderId }) => orderId))
  const clear = watched.filter(({ orderId }) => !isOdd.has(orderId))
  await noteOddAnswers(db, supplierId, odd, now())
  await takeNews(
    db,
    supplierId,
    clear.filter((order) => !order.isSubscription),
    told,
    now(),
  )
  const subscriptions = clear.filter((order) => order.isSubscription)
  const recovered = subscriptions.filter(({ reference, oddAnswers }) => oddAnswers > 0 && told.has(reference))
  await closeOddAnswers(db, supplierId, recovered.map(({ orderId }) => orderId), new Set(), now()) // prettier-ignore
  await takeSubscriptionNews(db, supplierId, supplier, subscriptions, told, now)
  await lookAgain(db, subscriptions.map(({ orderId }) => ({ orderId, cost: null, odd: 0 })), now()) // prettier-ignore
  return watched.length
}

/** Of an order that has ended here nothing more is needed. */
function oddAnswerOf({ orderId, reference, oddAnswers, ended }: Watched, told: ReadonlyMap<string, Told<Standing>>): OddAnswer | undefined {
  const answer = told.get(reference)
  if (!answer || answer.kind === 'read' || ended !== null) return undefined
  return { orderId, reference, oddAnswers, kind: answer.kind, words: answer.words }
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
async function takeNews(
  db: Database,
  supplierId: number,
  watched: readonly Watched[],
  told: ReadonlyMap<string, Told<Standing>>,
  now: Date,
) {
  const news: Progress[] = []
  const looks: Look[] = []
  const raised = new Set<Alert['kind']>()
  for (const order of watched) {
    const answer = told.get(order.reference)
    if (answer?.kind !== 'read') {
      looks.push({ orderId: order.orderId, cost: null, odd: order.oddAnswers })
      continue
    }
    const { standing } = answer
    const alerts = odditiesOf(order, standing)
    for (const alert of alerts) {
      raised.add(alert.kind)
      await raiseAlert(db, { supplierId, orderId: order.orderId, ...alert }, now)
    }
    const isTheirCurrency = alerts.every(({ kind }) => kind !== 'another currency')
    looks.push({ orderId: order.orderId, cost: isTheirCurrency ? standing.cost : null, odd: alerts.length > 0 ? 1 : 0 })
    if (standing.status === null || isImpossiblePartial(order, standing)) continue
    if (order.ended === null) news.push(inOurCount(order, standing, standing.status))
    else if (order.ended !== standing.status) {
      const words = `It ended ${order.ended}; the supplier now says ${standing.words}`
      await raiseAlert(db, { kind: 'settled order changed', supplierId, orderId: order.orderId, words }, now)
    }
  }
  await transaction(db, async (tx) => {
    await settle(tx, news, 'supplier', now)
    await lookAgain(tx, looks, now)
  })
  const oddNow = new Set(looks.flatMap(({ orderId, odd }) => (odd > 0 ? [orderId] : [])))
  const recovered = watched.filter(({ orderId, oddAnswers }) => oddAnswers > 0 && !oddNow.has(orderId))
  await closeOddAnswers(db, supplierId, recovered.map(({ orderId }) => orderId), raised, now) // prettier-ignore
  await noteFirstCurrency(db, supplierId, watched, told)
}

interface Oddity {
  readonly kind: Alert['kind']
  readonly words: string
  /** Null: it is about the supplier, and one alert stands for all its orders. */
  readonly orderId?: null
}

/** Everything in an answer that was read and that a person should see. */
function odditiesOf(order: Watched, standing: Standing): Oddity[] {
  const odd: Oddity[] = []
  const { remains, currency } = standing
  if (standing.status === null) odd.push({ kind: 'unknown status word', words: `The supplier calls it "${standing.words}"` })
  if (isImpossiblePartial(order, standing)) {
    const words = `The supplier says ${standing.words}, and that ${remains} remain of ${orderedThere(order)}: nothing is paid back until it tells another number or you decide with "docket hand-off decide"`
    odd.push({ kind: 'partial not believed', words })
  } else if (remainsTooMany(order, standing)) {
    const words = `The supplier says that ${remains} remain of ${orderedThere(order)}: shown as what was ordered`
    odd.push({ kind: 'remains above quantity', words })
  }
  const unread = standing.unread ?? []
  if (unread.length > 0) {
    odd.push({
      kind: 'numbers unreadable',
      orderId: null,
      words: `Order ${order.orderId}, theirs ${order.reference}: ${unread.join(', ')}`,
    })
  }
  if (currency && order.currency && currency.toUpperCase() !== order.currency) {
    const words = `Order ${order.orderId}, theirs ${order.reference}, cost ${standing.cost ?? '?'} ${currency}: it answered in ${order.currency} before. "docket supplier set --currency" says which is right`
    odd.push({ kind: 'another currency', orderId: null, words })
  }
  return odd
}

function remainsTooMany(order: Watched, { remains }: Standing): boolean {
  return remains !== null && isPartOfIt(order) && remains > orderedThere(order)
}

/** Its end cannot be taken back, and by that number the whole charge would be paid back for work that was done in part. */
function isImpossiblePartial(order: Watched, standing: Standing): boolean {
  return order.ended === null && standing.status === 'Partial' && remainsTooMany(order, standing)
}

/** A package is one to us; what its supplier counts of it is its content. */
function isPartOfIt({ type }: Watched): boolean {
  return !isPackageType(type)
}

function orderedThere({ quantity, multiplier }: Watched): bigint {
  return quantity * multiplier
}

/** The first currency in which a supplier answers is taken for its own. */
async function noteFirstCurrency(
  db: Queryable,
  supplierId: number,
  watched: readonly Watched[],
  told: ReadonlyMap<string, Told<Standing>>,
) {
  if (watched.length === 0 || watched[0]!.currency !== null) return
  const currencies = [...told.values()].flatMap((answer) => (answer.kind === 'read' ? (answer.standing.currency ?? []) : []))
  if (currencies[0]) await noteCurrency(db, supplierId, currencies[0])
}

/** Their count is ours times the multiplier; what is left of a part of one of ours is left. */
function inOurCount(order: Watched, standing: Standing, status: NonNullable<Standing['status']>): Progress {
  const most = orderedThere(order)
  const remains = standing.remains !== null && isPartOfIt(order) && standing.remains > most ? most : standing.remains
  const ours = remains === null ? null : remains > 0n ? (remains + order.multiplier - 1n) / order.multiplier : remains / order.multiplier
  return { orderId: order.orderId, status, startCount: standing.startCount, remains: ours, words: standing.words }
}

// Fresh orders are looked at often, old ones seldom. Ended ones a few times more, in case the supplier changes its mind.
const LOOK_AGAIN = `
  update hand_offs h set
    cost = coalesce(t.cost, h.cost), odd_answers = t.odd,
    state = case when o.ended and o.ended_at < $3::timestamptz - interval '3 days' then 'settled' else 'sent' end,
    due_at = $3::timestamptz + case
      when o.ended then interval '1 day'
      when h.claimed_at > $3::timestamptz - interval '2 minutes' then interval '2 seconds'
      when h.claimed_at > $3::timestamptz - interval '1 hour' then interval '30 seconds'
      when h.claimed_at > $3::timestamptz - interval '1 day' then interval '3 minutes'
      else interval '15 minutes' end
  from unnest($1::bigint[], $2::text[], $4::int[]) as t(id, cost, odd) join orders o on o.id = t.id
  where h.order_id = t.id and h.state = 'sent'`

interface Look {
  readonly orderId: bigint
  readonly cost: string | null
  /** Odd answers in a row, this one included. */
  readonly odd: number
}

/** Also notes its cost there. What a subscription's children cost is theirs. */
async function lookAgain(db: Queryable, looks: readonly Look[], now: Date) {
  if (looks.length === 0) return
  const values = [looks.map(({ orderId }) => orderId), looks.map(({ cost }) => cost), now, looks.map(({ odd }) => odd)]
  await db.query({ name: 'look again', text: LOOK_AGAIN, values })
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
