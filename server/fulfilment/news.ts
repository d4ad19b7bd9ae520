import { finalStatuses, openStatuses } from '../../contract/statuses.ts'
import { type Queryable, transaction } from '../db/pool.ts'
import { type Progress, settle } from '../orders/settle.ts'
import { noteCurrency } from '../suppliers/registry.ts'
import type { Standing, StatusAnswer } from '../suppliers/supplier.ts'
import { type Alert, raiseAlert } from '../loops/alerts.ts'
import { eachByItself } from '../loops/by-itself.ts'
import type { SupplierContext } from './context.ts'
import { closeOddAnswers, noteOddAnswers } from './odd-answers.ts'
import { isCounted, isNoted, lookAgain, type Look, orderedThere, type Watched } from './watched.ts'

type Answers = ReadonlyMap<string, StatusAnswer<Standing>>

/** The effect of a supplier's answer on one order. */
interface News {
  readonly order: Watched
  readonly alerts: readonly Alert[]
  /** The change to settle; undefined when the answer cannot be trusted, or says nothing. */
  readonly progress: Progress | undefined
  readonly look: Look
  /** The answer is the end that the order has come to. */
  readonly isAgreed: boolean
}

/** Settles the answers about open orders. Answers about ended orders move no money; staff get an alert when they differ. */
export async function takeNews(context: SupplierContext, watched: readonly Watched[], answers: Answers): Promise<void> {
  const { db, supplierId, now } = context
  const all = watched.map((order) => newsOf(order, answers.get(order.reference), supplierId))
  const alerts = all.flatMap((news) => news.alerts)
  await eachByItself(alerts, (alert) => raiseAlert(db, alert, now()))
  await record(context, all)
  const recovered = all.filter(({ order, look }) => order.oddAnswers > 0 && look.odd === 0)
  const orderIds = recovered.map(({ order }) => order.orderId)
  await closeOddAnswers(db, { supplierId, orderIds, still: new Set(alerts.map(({ kind }) => kind)) }, now())
  await closeChangedBack(db, all, now())
  await noteFirstCurrency(db, supplierId, watched, answers)
}

/** The answer says what is known here already, as most answers do: there is nothing to judge and nothing to write. */
export function isNothingNew(order: Watched, answer: StatusAnswer<Standing> | undefined): boolean {
  if (
    answer?.kind !== 'read' ||
    !order.isListed ||
    order.isSubscription ||
    order.ended !== null ||
    order.oddAnswers > 0 ||
    order.multiplier !== 1n
  )
    return false
  const { status, startCount, remains, cost, currency, unread } = answer.standing
  const isUsual = (remains === null || (remains >= 0n && remains <= order.quantity)) && (unread === undefined || unread.length === 0)
  const isSame = <T>(told: T | null | undefined, known: T | null) => told === null || told === undefined || told === known
  const saysSame = isSame(startCount, order.startCount) && isSame(remains, order.remains) && isSame(cost, order.cost)
  return status === order.status && saysSame && isUsual && isSame(currency, order.currency)
}

/** What a plain answer says, for comparing it with the next one; null: the answer is none. */
export function sayingOf(answer: StatusAnswer<Standing> | undefined): string | null {
  if (answer?.kind !== 'read') return null
  const { status, startCount, remains, cost, currency, unread } = answer.standing
  return unread === undefined || unread.length === 0 ? `${status} ${startCount} ${remains} ${cost} ${currency}` : null
}

const CHANGED_BACK = `
  update alerts set closed_at = $2 where closed_at is null and kind = 'settled order changed' and order_id = any($1::bigint[])`

/** The supplier says again what an ended order had come to. */
async function closeChangedBack(db: Queryable, all: readonly News[], now: Date): Promise<void> {
  const agreed = all.filter(({ order, isAgreed }) => order.ended !== null && isAgreed).map(({ order }) => order.orderId)
  if (agreed.length > 0) await db.query({ name: 'changed back', text: CHANGED_BACK, values: [agreed, now] })
}

function newsOf(order: Watched, answer: StatusAnswer<Standing> | undefined, supplierId: number): News {
  const { orderId } = order
  if (answer?.kind !== 'read') {
    return {
      order,
      alerts: [],
      progress: undefined,
      look: { orderId, cost: null, odd: order.oddAnswers, dueAt: order.dueAt },
      isAgreed: false,
    }
  }
  const { standing } = answer
  const oddities = odditiesOf(order, standing)
  const isTheirCurrency = oddities.every(({ kind }) => kind !== 'another currency')
  const look = { orderId, cost: isTheirCurrency ? standing.cost : null, odd: oddities.length > 0 ? 1 : 0, dueAt: order.dueAt }
  const status = believedStatus(order, standing)
  const changed = status !== null && order.ended !== null && order.ended !== status ? [changedSince(order, standing)] : []
  const alerts = [...oddities, ...changed].map((oddity) => ({ supplierId, orderId, ...oddity }))
  return {
    order,
    alerts,
    progress: status === null || order.ended !== null ? undefined : changeOf(order, inOurCount(order, standing, status)),
    look,
    isAgreed: status !== null && status === order.ended,
  }
}

type Status = NonNullable<Standing['status']>

/** The statuses of an order. The other words are those of subscriptions, whose end pays nothing back. */
const ORDER_STATUSES: ReadonlySet<Status> = new Set([...openStatuses, 'Completed', 'Partial', 'Canceled'])

/** Null: the answer changes nothing. */
function believedStatus(order: Watched, standing: Standing): Status | null {
  if (standing.status === null || !ORDER_STATUSES.has(standing.status)) return null
  return isImpossiblePartial(order, standing) ? null : standing.status
}

interface Oddity {
  readonly kind: Alert['kind']
  readonly words: string
  /** Null: it is about the supplier, and one alert covers all its orders. */
  readonly orderId?: null
}

function changedSince({ ended }: Watched, { words }: Standing): Oddity {
  return { kind: 'settled order changed', words: `It ended ${ended}; the supplier now says ${words}` }
}

/** Everything in a readable answer that a person should see. */
function odditiesOf(order: Watched, standing: Standing): Oddity[] {
  const found = [oddStatus(standing), oddRemains(order, standing), unreadNumbers(order, standing), oddCurrency(order, standing)]
  return found.filter((oddity) => oddity !== undefined)
}

function oddStatus({ status, words }: Standing): Oddity | undefined {
  if (status !== null && ORDER_STATUSES.has(status)) return undefined
  return { kind: 'unknown status word', words: `The supplier calls it "${words}"` }
}

function oddRemains(order: Watched, standing: Standing): Oddity | undefined {
  const said = `${standing.remains} remain of ${orderedThere(order)}`
  if (isImpossiblePartial(order, standing)) {
    const words = `The supplier says ${standing.words}, and that ${said}: nothing is refunded until it reports another number or you decide with "docket hand-off decide"`
    return { kind: 'partial not believed', words }
  }
  if (!remainsTooMany(order, standing)) return undefined
  return { kind: 'remains above quantity', words: `The supplier says that ${said}: shown as what was ordered` }
}

function unreadNumbers({ orderId, reference }: Watched, { unread = [] }: Standing): Oddity | undefined {
  if (unread.length === 0) return undefined
  return { kind: 'numbers unreadable', orderId: null, words: `Order ${orderId}, theirs ${reference}: ${unread.join(', ')}` }
}

function oddCurrency({ orderId, reference, currency: theirs }: Watched, { currency, cost }: Standing): Oddity | undefined {
  if (!currency || !theirs || currency.toUpperCase() === theirs) return undefined
  const words = `Order ${orderId}, theirs ${reference}, cost ${cost ?? '?'} ${currency}: it answered in ${theirs} before. "docket supplier set --currency" sets the right one`
  return { kind: 'another currency', orderId: null, words }
}

function remainsTooMany(order: Watched, { remains }: Standing): boolean {
  return remains !== null && isCounted(order) && remains > orderedThere(order)
}

/**
 * The end of an order cannot be undone. With more remaining than was ordered, the whole charge would be refunded for work that was done in part; with
 * a negative number, nothing would be refunded for an order that is said to be short.
 */
function isImpossiblePartial(order: Watched, standing: Standing): boolean {
  if (order.ended !== null || standing.status !== 'Partial') return false
  return remainsTooMany(order, standing) || (standing.remains !== null && standing.remains < 0n)
}

/** The supplier's units are ours times the multiplier. A unit of ours that is delivered only in part counts as remaining. */
function inOurCount(order: Watched, standing: Standing, status: Status): Progress {
  const most = orderedThere(order)
  const remains = standing.remains !== null && isCounted(order) && standing.remains > most ? most : standing.remains
  const ours = remains === null ? null : remains > 0n ? (remains + order.multiplier - 1n) / order.multiplier : remains / order.multiplier
  return { orderId: order.orderId, status, startCount: standing.startCount, remains: ours, words: standing.words }
}

/** Undefined when all of it is known here already. */
function changeOf(known: Watched, told: Progress): Progress | undefined {
  const isSame = <T>(now: T | null, before: T) => now === null || now === before
  const changes = told.status !== known.status || !isSame(told.remains, known.remains) || !isSame(told.startCount, known.startCount)
  return changes ? told : undefined
}

/**
 * Records all in one transaction. When the database refuses one of them, each is recorded in its own transaction, so that it does not block the
 * others.
 */
async function record(context: SupplierContext, all: readonly News[]): Promise<void> {
  try {
    await recordTogether(context, all)
  } catch (error) {
    if (!isRefusedByDatabase(error)) throw error
    await eachByItself(all, (news) => recordAlone(context, news))
  }
}

async function recordTogether({ db, now }: SupplierContext, all: readonly News[]): Promise<void> {
  const changes = all.flatMap(({ progress }) => progress ?? [])
  const looks = all.filter(({ order, look, progress }) => isEnd(progress) || !isNoted(order, look)).map(({ look }) => look)
  if (changes.length === 0 && looks.length === 0) return
  await transaction(db, async (tx) => {
    await settle(tx, changes, 'supplier', now())
    await lookAgain(tx, looks, now())
  })
}

function isEnd(progress: Progress | undefined): boolean {
  return finalStatuses.some((status) => status === progress?.status)
}

async function recordAlone(context: SupplierContext, news: News): Promise<void> {
  const { db, supplierId, now } = context
  const { orderId, reference, oddAnswers } = news.order
  try {
    await recordTogether(context, [news])
  } catch (error) {
    if (!isRefusedByDatabase(error)) throw error
    const words = `${news.progress?.words ?? '?'} (it cannot be booked: ${(error as Error).message})`
    await noteOddAnswers(db, supplierId, [{ orderId, reference, oddAnswers, kind: 'unclear', words }], now())
  }
}

/** The database refuses the data itself (SQLSTATE classes 22, 23 and P0); it is neither away nor busy. */
function isRefusedByDatabase(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^(22|23|P0)/.test(code)
}

/** The first currency in which a supplier answers becomes its currency. */
async function noteFirstCurrency(db: Queryable, supplierId: number, watched: readonly Watched[], answers: Answers): Promise<void> {
  if (watched.length === 0 || watched[0]!.currency !== null) return
  const currencies = [...answers.values()].flatMap((answer) => (answer.kind === 'read' ? (answer.standing.currency ?? []) : []))
  if (currencies[0]) await noteCurrency(db, supplierId, currencies[0])
}
