import { type Database, isUnavailable, transaction } from '../db/pool.ts'
import { placePost, type PostContext } from '../ordering/place-post.ts'
import {
  type DuePost,
  moveSubscriptions,
  noteChild,
  pauseForFunds,
  readDuePosts,
  readSubscriptionsToMove,
  refusePost,
} from '../orders/subscriptions.ts'
import { isAnswer, isRefusal } from '../refusal.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { eachByItself } from '../loops/by-itself.ts'

/** Places and charges an order for each post that is due; pauses, resumes, completes and expires subscriptions. Answers how many orders it placed. */
export async function workSubscriptions(works: PostContext): Promise<number> {
  const { db, now } = works
  const moves = await transaction(db, (tx) => readSubscriptionsToMove(tx, now()))
  await moveSubscriptions(db, moves.expired, 'Expired', 'its last day is over', now())
  for (const status of ['Completed', 'Expired', 'Canceled'] as const) {
    await moveSubscriptions(db, moves.endedThere[status], status, `its supplier says ${status}`, now(), 'supplier')
  }
  await moveSubscriptions(db, moves.refilled, 'Active', 'money came in', now())
  for (const orderId of moves.refilled) await closeAlerts(db, { kind: 'supplier delivers unpaid', supplierId: null, orderId }, now())
  const due = await readDuePosts(db, now())
  await eachByItself(due, (post) => serve(works, post), { endsWith: isOfHouse })
  await moveSubscriptions(db, moves.served, 'Completed', 'all its posts are served', now())
  return due.length
}

/** The panel or its database is busy: the fault is not in the post. */
function isOfHouse(error: unknown): boolean {
  return isRefusal(error) || isUnavailable(error)
}

async function serve(works: PostContext, due: DuePost): Promise<void> {
  try {
    await noteChild(works.db, due, await placePost(works, due))
  } catch (error) {
    if (!isAnswer(error)) throw error
    if (isRefusal(error, 'not_enough_funds')) await pause(works, due)
    else await passOver(works, due, error.message)
  }
}

/** A supplier that watches for posts itself goes on meanwhile, at our cost: staff decide whether to stop it. */
async function pause({ db, now }: PostContext, due: DuePost): Promise<void> {
  await pauseForFunds(db, due.subscriptionId, now())
  await alertUnpaid(db, due, 'The balance is too short for its next post, and its supplier goes on delivering', now())
}

async function passOver({ db, now }: PostContext, due: DuePost, words: string): Promise<void> {
  await refusePost(db, due, words)
  await alertUnpaid(db, due, `${due.post} was delivered and not charged: ${words}`, now())
}

async function alertUnpaid(db: Database, due: DuePost, words: string, now: Date): Promise<void> {
  if (due.theirs === null) return
  const orderId = due.subscriptionId
  await raiseAlert(db, { kind: 'supplier delivers unpaid', supplierId: due.theirs, orderId, words }, now)
}
