import type { Standing, StatusAnswer } from '../suppliers/supplier.ts'
import { eachOfLots } from '../loops/by-itself.ts'
import { forwardCancels, alertUnclearCancels } from './cancels.ts'
import type { SupplierContext } from './context.ts'
import { takeNews } from './news.ts'
import { closeOddAnswers, noteOddAnswers, type OddAnswer } from './odd-answers.ts'
import { takeSubscriptionNews } from './their-subscriptions.ts'
import { A_LIST, askListAt, claimLists, closeList, type ClaimedList } from './poll-lists.ts'
import { askAt, claimWatched, isNoted, lookAgain, type Watched } from './watched.ts'
import { after } from '../loops/time.ts'

type Answers = ReadonlyMap<string, StatusAnswer<Standing>>

/** Questions under way at once: the next is asked while the answers of the one before are written down. */
const LISTS_AT_ONCE = 3
/** A turn ends now and then, so that a loop that is asked to stop does. */
const MOST_A_TURN = 10_000
/** A supplier that did not answer is asked again then. */
const ASK_SOON_SECONDS = 5

/** Orders that are asked for together: a list, or orders that are asked for by themselves. */
type Question = Pick<ClaimedList, 'watched'> & { readonly list?: ClaimedList }

/**
 * Asks a supplier for the states of the orders that are due, forwards cancels, and settles the answers. Each order has an outcome of its own. Answers
 * how many orders it asked for.
 */
export async function poll(context: SupplierContext, isStopping: () => boolean = () => false): Promise<number> {
  const { db, supplierId, now, budget } = context
  const atOnce = Math.min(LISTS_AT_ONCE, budget?.atOnce ?? 1)
  let asked = 0
  const claim = async (): Promise<readonly Question[]> => {
    if (isStopping() || asked >= MOST_A_TURN) return []
    const [apart, lists] = await Promise.all([
      claimWatched(db, supplierId, A_LIST * atOnce, now()),
      claimLists(db, supplierId, A_LIST * atOnce, now()),
    ])
    const questions = [...inQuestions(apart), ...lists.map((list) => ({ watched: list.watched, list }))]
    asked += questions.reduce((sum, { watched }) => sum + watched.length, 0)
    return questions
  }
  await eachOfLots(claim, (question) => ask(context, question), atOnce)
  return asked
}

function inQuestions(watched: readonly Watched[]): Question[] {
  return Array.from({ length: Math.ceil(watched.length / A_LIST) }, (_, n) => ({ watched: watched.slice(n * A_LIST, (n + 1) * A_LIST) }))
}

async function ask(context: SupplierContext, question: Question): Promise<void> {
  const { db, now } = context
  const { watched, list } = question
  if (watched.length > 0) await askFor(context, question)
  if (list) await closeList(db, list, now())
}

async function askFor(context: SupplierContext, question: Question): Promise<void> {
  const { db, supplierId, now } = context
  const { watched } = question
  const toCancel = watched.filter((order) => order.cancelAsked && order.ended === null)
  const unclearCancels = await forwardCancels(context, toCancel)
  const answers = await askStatus(context, question)
  await alertUnclearCancels(context, unclearCancels, answers)
  const odd = watched.flatMap((order) => oddAnswerOf(order, answers) ?? [])
  await noteOddAnswers(db, supplierId, odd, now())
  const isOdd = new Set(odd.map(({ orderId }) => orderId))
  const clear = watched.filter(({ orderId }) => !isOdd.has(orderId))
  await takeNews(context, clear.filter((order) => !order.isSubscription), answers) // prettier-ignore
  await takeSubscriptions(context, clear.filter((order) => order.isSubscription), answers) // prettier-ignore
}

async function askStatus({ db, supplier, now }: SupplierContext, { watched, list }: Question): Promise<Answers> {
  try {
    return await supplier.status(watched.map((order) => order.reference))
  } catch (error) {
    const soon = after(now(), ASK_SOON_SECONDS)
    await (list ? askListAt(db, list.id, soon) : askAt(db, watched, soon))
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
    const looks = subscriptions.map((order) => ({ order, look: { orderId: order.orderId, cost: null, odd: 0, dueAt: order.dueAt } }))
    await lookAgain(db, looks.filter(({ order, look }) => !isNoted(order, look)).map(({ look }) => look), now()) // prettier-ignore
  }
}
