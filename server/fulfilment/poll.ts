import type { Standing, StatusAnswer } from '../suppliers/supplier.ts'
import { eachOfLots } from '../loops/by-itself.ts'
import { forwardCancels, alertUnclearCancels } from './cancels.ts'
import type { SupplierContext } from './context.ts'
import { takeNews } from './news.ts'
import { closeOddAnswers, noteOddAnswers, type OddAnswer } from './odd-answers.ts'
import { takeSubscriptionNews } from './their-subscriptions.ts'
import { askSoon, claimWatched, lookAgain, type Watched } from './watched.ts'

type Answers = ReadonlyMap<string, StatusAnswer<Standing>>

/** How many orders one question is about. */
const A_LIST = 100
/** Questions under way at once: the next is asked while the answers of the one before are written down. */
const LISTS_AT_ONCE = 3
/** A turn ends now and then, so that a loop that is asked to stop does. */
const MOST_A_TURN = 10_000

/**
 * Asks a supplier for the states of the orders that are due, forwards cancels, and settles the answers. Each order has an outcome of its own. Answers
 * how many orders it asked for.
 */
export async function poll(context: SupplierContext, isStopping: () => boolean = () => false): Promise<number> {
  const { db, supplierId, now, budget } = context
  const atOnce = Math.min(LISTS_AT_ONCE, budget?.atOnce ?? 1)
  let asked = 0
  const claimLists = async (): Promise<readonly (readonly Watched[])[]> => {
    if (isStopping() || asked >= MOST_A_TURN) return []
    const watched = await claimWatched(db, supplierId, A_LIST * atOnce, now())
    asked += watched.length
    return Array.from({ length: Math.ceil(watched.length / A_LIST) }, (_, n) => watched.slice(n * A_LIST, (n + 1) * A_LIST))
  }
  await eachOfLots(claimLists, (watched) => askFor(context, watched), atOnce)
  return asked
}

async function askFor(context: SupplierContext, watched: readonly Watched[]): Promise<void> {
  const { db, supplierId, now } = context
  const toCancel = watched.filter((order) => order.cancelAsked && order.ended === null)
  const unclearCancels = await forwardCancels(context, toCancel)
  const answers = await askStatus(context, watched)
  await alertUnclearCancels(context, unclearCancels, answers)
  const odd = watched.flatMap((order) => oddAnswerOf(order, answers) ?? [])
  await noteOddAnswers(db, supplierId, odd, now())
  const isOdd = new Set(odd.map(({ orderId }) => orderId))
  const clear = watched.filter(({ orderId }) => !isOdd.has(orderId))
  await takeNews(context, clear.filter((order) => !order.isSubscription), answers) // prettier-ignore
  await takeSubscriptions(context, clear.filter((order) => order.isSubscription), answers) // prettier-ignore
}

async function askStatus({ db, supplier, now }: SupplierContext, watched: readonly Watched[]): Promise<Answers> {
  try {
    return await supplier.status(watched.map((order) => order.reference))
  } catch (error) {
    await askSoon(db, watched, now())
    throw error
  }
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
    await lookAgain(db, subscriptions.map(({ orderId }) => ({ orderId, cost: null, odd: 0 })), now()) // prettier-ignore
  }
}
