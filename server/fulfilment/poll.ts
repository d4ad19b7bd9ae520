import type { Standing, StatusAnswer } from '../suppliers/supplier.ts'
import { eachOfLots } from '../loops/by-itself.ts'
import { forwardCancels, alertUnclearCancels } from './cancels.ts'
import type { SupplierContext } from './context.ts'
import { isNothingNew, sayingOf, takeNews } from './news.ts'
import { closeOddAnswers, noteOddAnswers, type OddAnswer } from './odd-answers.ts'
import { takeSubscriptionNews } from './their-subscriptions.ts'
import { A_LIST, askListAt, claimLists, type ClaimedList, closeList, closeUnchanged, type InList, readMembers } from './poll-lists.ts'
import { askAt, claimWatched, isNoted, lookAgain, type Watched } from './watched.ts'
import { after } from '../loops/time.ts'

type Answers = ReadonlyMap<string, StatusAnswer<Standing>>

/** Questions under way at once: the next is asked while the answers of the one before are written down. */
const LISTS_AT_ONCE = 3
const MOST_LISTS_A_LOT = 48
const A_MOMENT_MS = 500
/** A turn ends now and then, so that a loop that is asked to stop does. */
const MOST_A_TURN = 10_000
/** A supplier that did not answer is asked again then. */
const ASK_SOON_SECONDS = 5

/**
 * Asks a supplier for the states of the orders that are due, forwards cancels, and settles the answers. Each order has an outcome of its own. Answers
 * how many orders it asked for.
 */
export async function poll(context: SupplierContext, isStopping: () => boolean = () => false): Promise<number> {
  const { db, supplierId, now, budget } = context
  const atOnce = Math.min(LISTS_AT_ONCE, budget?.atOnce ?? 1)
  let asked = 0
  const lots = openLots(atOnce)
  const claim = async (): Promise<readonly (() => Promise<void>)[]> => {
    if (isStopping() || asked >= MOST_A_TURN) return []
    const most = A_LIST * lots.next()
    const [apart, lists] = await Promise.all([
      claimWatched(db, supplierId, A_LIST * atOnce, now()),
      claimLists(db, supplierId, most, now()),
    ])
    asked += apart.length + lists.reduce((sum, { heard, unheard }) => sum + heard.length + unheard.length, 0)
    return [...inQuestions(apart).map((watched) => () => askFor(context, watched)), ...lists.map((list) => () => askForList(context, list))]
  }
  // What is claimed and not asked for is asked for when its claim has ended.
  await eachOfLots(claim, async (ask) => (isStopping() ? undefined : ask()), atOnce)
  return asked
}

/**
 * How many lists to claim. As many as are asked for at once at first: what waits behind a slow supplier could be asked for by another node. Twice as
 * many when those before were asked for in a moment, because a claim costs more than a question then.
 */
function openLots(atOnce: number): { next(): number } {
  let lists = atOnce
  let claimedAt = Number.NEGATIVE_INFINITY
  return {
    next() {
      const at = performance.now()
      const wasQuick = at - claimedAt < A_MOMENT_MS
      lists = wasQuick ? Math.min(lists * 2, MOST_LISTS_A_LOT) : atOnce
      claimedAt = at
      return lists
    },
  }
}

function inQuestions(watched: readonly Watched[]): (readonly Watched[])[] {
  return Array.from({ length: Math.ceil(watched.length / A_LIST) }, (_, n) => watched.slice(n * A_LIST, (n + 1) * A_LIST))
}

/** Asks for orders that were claimed by themselves. */
async function askFor(context: SupplierContext, watched: readonly Watched[]): Promise<void> {
  const { db, supplier, now } = context
  const unclearCancels = await forwardAsked(context, watched)
  const asking = supplier.status(watched.map(({ reference }) => reference))
  const answers = await orElse(asking, () => askAt(db, watched, after(now(), ASK_SOON_SECONDS)))
  await alertUnclearCancels(context, unclearCancels, answers)
  await take(context, watched, answers)
}

/**
 * Asks for the orders of a list. An order of which the supplier says what it said last time, when that brought nothing new, is not even read. The
 * others are, most of them before the question, so that their cancels are forwarded first and those that have left are not asked for.
 */
async function askForList(context: SupplierContext, list: ClaimedList): Promise<void> {
  const { db, supplierId, supplier, now } = context
  const { heard, unheard } = list
  const readOf = (orderIds: readonly string[]) => readMembers({ db, supplierId, list, orderIds }, now())
  const before = await readOf(unheard)
  const unclearCancels = await forwardAsked(context, before.watched)
  const references = [...heard.map(({ theirId }) => theirId), ...before.watched.map(({ reference }) => reference)]
  const asking: Promise<Answers> = references.length > 0 ? supplier.status(references) : Promise.resolve(new Map())
  const answers = await orElse(asking, () => askListAt(db, list.id, after(now(), ASK_SOON_SECONDS)))
  const isSame = ({ theirId, said }: InList) => sayingOf(answers.get(theirId)) === said
  const same = heard.filter(isSame)
  if (unheard.length === 0 && same.length === heard.length) return closeUnchanged(db, list, now())

  const changed = await readOf(heard.filter((order) => !isSame(order)).map(({ orderId }) => orderId))
  await alertUnclearCancels(context, unclearCancels, answers)
  const watched = [...before.watched, ...changed.watched]
  const quiet = new Set(watched.filter((order) => isNothingNew(order, answers.get(order.reference))))
  await take(context, watched.filter((order) => !quiet.has(order)), answers) // prettier-ignore
  const compared = watched.map((order) => ({
    orderId: String(order.orderId),
    theirId: order.reference,
    said: quiet.has(order) ? sayingOf(answers.get(order.reference)) : null,
  }))
  await closeList(db, list, [...same, ...compared, ...before.apart, ...changed.apart], now())
}

/** The answer when the supplier gives one. When it does not, they are to be asked for again soon. */
async function orElse<T>(asking: Promise<T>, askAgain: () => Promise<void>): Promise<T> {
  try {
    return await asking
  } catch (error) {
    await askAgain()
    throw error
  }
}

function forwardAsked(context: SupplierContext, watched: readonly Watched[]) {
  return forwardCancels(context, watched.filter((order) => order.cancelAsked && order.ended === null)) // prettier-ignore
}

async function take(context: SupplierContext, watched: readonly Watched[], answers: Answers): Promise<void> {
  const { db, supplierId, now } = context
  const odd = watched.flatMap((order) => oddAnswerOf(order, answers) ?? [])
  await noteOddAnswers(db, supplierId, odd, now())
  const isOdd = new Set(odd.map(({ orderId }) => orderId))
  const clear = watched.filter(({ orderId }) => !isOdd.has(orderId))
  await takeNews(context, clear.filter((order) => !order.isSubscription), answers) // prettier-ignore
  await takeSubscriptions(context, clear.filter((order) => order.isSubscription), answers) // prettier-ignore
}

/** An order that has ended here needs no answer. */
function oddAnswerOf({ orderId, reference, oddAnswers, ended }: Watched, answers: Answers): OddAnswer | undefined {
  const answer = answers.get(reference)
  if (!answer || answer.kind === 'read' || ended !== null) return undefined
  return { orderId, reference, oddAnswers, kind: answer.kind, words: answer.words }
}

async function takeSubscriptions(context: SupplierContext, subscriptions: readonly Watched[], answers: Answers): Promise<void> {
  const { db, supplierId, now } = context
  const recovered = subscriptions.filter(({ reference, oddAnswers }) => oddAnswers > 0 && answers.has(reference))
  const orderIds = recovered.map(({ orderId }) => orderId)
  await closeOddAnswers(db, { supplierId, orderIds, still: new Set() }, now())
  try {
    await takeSubscriptionNews(context, subscriptions, answers)
  } finally {
    const looks = subscriptions.map((order) => ({ order, look: { orderId: order.orderId, cost: null, odd: 0, dueAt: order.dueAt } }))
    await lookAgain(db, looks.filter(({ order, look }) => !isNoted(order, look)).map(({ look }) => look), now()) // prettier-ignore
  }
}
