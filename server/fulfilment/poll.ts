import type { Standing, Told } from '../suppliers/supplier.ts'
import { forwardCancels, tellUnclearCancels } from './cancels.ts'
import type { SupplierContext } from './context.ts'
import { takeNews } from './news.ts'
import { closeOddAnswers, noteOddAnswers, type OddAnswer } from './odd-answers.ts'
import { takeSubscriptionNews } from './their-subscriptions.ts'
import { askSoon, claimWatched, lookAgain, type Watched } from './watched.ts'

type Answers = ReadonlyMap<string, Told<Standing>>

/**
 * Asks a supplier for the states of the orders that are due, forwards cancels, and settles the answers. Each order has an outcome of its own. Answers
 * how many orders it asked for.
 */
export async function poll(context: SupplierContext): Promise<number> {
  const { db, supplierId, now } = context
  const watched = await claimWatched(db, supplierId, now())
  if (watched.length === 0) return 0
  const toCancel = watched.filter((order) => order.cancelAsked && order.ended === null)
  const unclearCancels = await forwardCancels(context, toCancel)
  const told = await askStatus(context, watched)
  await tellUnclearCancels(context, unclearCancels, told)
  const odd = watched.flatMap((order) => oddAnswerOf(order, told) ?? [])
  await noteOddAnswers(db, supplierId, odd, now())
  const isOdd = new Set(odd.map(({ orderId }) => orderId))
  const clear = watched.filter(({ orderId }) => !isOdd.has(orderId))
  await takeNews(context, clear.filter((order) => !order.isSubscription), told) // prettier-ignore
  await takeSubscriptions(context, clear.filter((order) => order.isSubscription), told) // prettier-ignore
  return watched.length
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
function oddAnswerOf({ orderId, reference, oddAnswers, ended }: Watched, told: Answers): OddAnswer | undefined {
  const answer = told.get(reference)
  if (!answer || answer.kind === 'read' || ended !== null) return undefined
  return { orderId, reference, oddAnswers, kind: answer.kind, words: answer.words }
}

async function takeSubscriptions(context: SupplierContext, subscriptions: readonly Watched[], told: Answers): Promise<void> {
  const { db, supplierId, now } = context
  const recovered = subscriptions.filter(({ reference, oddAnswers }) => oddAnswers > 0 && told.has(reference))
  const orderIds = recovered.map(({ orderId }) => orderId)
  await closeOddAnswers(db, { supplierId, orderIds, still: new Set() }, now())
  try {
    await takeSubscriptionNews(context, subscriptions, told)
  } finally {
    await lookAgain(db, subscriptions.map(({ orderId }) => ({ orderId, cost: null, odd: 0 })), now()) // prettier-ignore
  }
}
