import type { Catalogue, CatalogueCache } from '../catalog/catalogue.ts'
import { invalidKey } from '../customers/callers.ts'
import type { Pipeline } from '../db/pipeline.ts'
import { changedNothing, isConflict, isConnectionLoss, sqlState, violatedConstraint } from '../db/pool.ts'
import { ANSWER_WITHIN_MS, databaseAway } from '../deadline.ts'
import { type BackOff, pauseAfter } from '../loops/back-off.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { openOrderIds } from './order-ids.ts'
import { type Outcome, type Outcomes, placeExamined } from './place-examined.ts'
import { isPlain, placePlain } from './place-plain.ts'
import type { PricedOrder } from './priced-order.ts'

/** An order on its way into the database. */
export interface Item {
  readonly price: (catalogue: Catalogue) => PricedOrder
  readonly resolve: (id: bigint) => void
  readonly reject: (error: unknown) => void
  /** performance.now() when it arrived. */
  readonly arrivedAt: number
  order: PricedOrder
  /** The id under which it is asked for. */
  id: bigint
}

/** Answers the callers of a batch. */
type Tell = () => void

export interface Committing {
  /** Commits orders that were priced by the catalogue of this version, and answers how to tell their callers: the next batch can leave
   * before they are told. Orders that need another price or id are put back, and told nothing. */
  commit(items: readonly Item[], version: bigint): Promise<Tell>
  /** Forgets the ids that are reserved and not used yet: the database may have been set back. */
  dropIds(): void
}

/** How soon a batch is asked for again when its call failed. */
const ASKED_AGAIN_MS: BackOff = { first: 20, factor: 2, longest: 1000 }

export function openCommitting(deps: {
  pipeline: Pipeline
  catalogue: CatalogueCache
  now: () => Date
  /** Takes orders that were not placed back to the head of their queues, in this order. */
  putBack: (items: readonly Item[]) => void
}): Committing {
  const { pipeline, catalogue } = deps
  const ids = openOrderIds(pipeline)

  async function commit(items: readonly Item[], version: bigint): Promise<Tell> {
    const taken = await ids.take(items.length)
    items.forEach((item, index) => (item.id = taken[index]!))
    if (!items.every((item) => isPlain(item.order))) return examine(items, version)
    const result = await askUntilKnown(items, version, placeSwiftly)
    if (typeof result === 'string') return takeBack(result, items, version)
    const tell = await settle(items, result, version)
    if (!result.outcomes.includes('left_out')) return tell
    const leftOut = items.filter((_, index) => result.outcomes[index] === 'left_out')
    const tellOthers = await examine(leftOut, version).catch(rejectAll(leftOut))
    return () => {
      tell()
      tellOthers()
    }
  }

  async function examine(batch: readonly Item[], version: bigint): Promise<Tell> {
    const result = await askUntilKnown(batch, version, placeOnce)
    return typeof result === 'string' ? takeBack(result, batch, version) : settle(batch, result, version)
  }

  /** Nothing of the batch was placed. */
  async function takeBack(why: NothingPlaced, batch: readonly Item[], version: bigint): Promise<Tell> {
    if (why === 'refused as a whole') return commitOneByOne(batch, version)
    ids.drop()
    deps.putBack(batch)
    return () => {}
  }

  /** One order that the database refuses must not refuse its neighbours. */
  async function commitOneByOne(batch: readonly Item[], version: bigint): Promise<Tell> {
    for (const item of batch) {
      const tell = await commit([item], version).catch(rejectAll([item]))
      tell()
    }
    return () => {}
  }

  async function settle(batch: readonly Item[], { outcomes, existing }: Outcomes, version: bigint): Promise<Tell> {
    const tell = () => batch.forEach((item, index) => answer(item, outcomes[index]!, existing?.[index] ?? null))
    const isOld = outcomes.includes('old_catalogue')
    const isTaken = outcomes.includes('id_is_taken')
    if (!isOld && !isTaken) return tell
    // First of all: an order that is placed is answered so, even if the catalogue cannot be read for the others.
    tell()
    if (isTaken) ids.drop()
    const again = batch.filter((_, index) => outcomes[index] === 'old_catalogue' || outcomes[index] === 'id_is_taken')
    try {
      if (isOld) await catalogue.refresh(version)
      deps.putBack(again)
      return () => {}
    } catch (error) {
      return rejectAll(again)(error)
    }
  }

  /** Asks until the outcome is known. After a lost connection the same ids are asked for again, and the database looks for them under the
   * books' locks before it charges: those that are found were placed, the others are now. */
  async function askUntilKnown(batch: readonly Item[], version: bigint, place: Place): Promise<Outcomes | NothingPlaced> {
    const at = deps.now()
    const arrivals = batch.map((item) => item.arrivedAt)
    let inDoubt = false
    for (let failures = 0; ; failures += 1) {
      try {
        return inDoubt ? await examineBatch(batch, version, at, true) : await place(batch, version, at)
      } catch (error) {
        // The connection may have been lost behind a call that placed its orders.
        inDoubt ||= !changedNothing(error)
        if (isConnectionLoss(error)) ids.drop()
        // Once a call was lost, a refusal of the next says nothing of it: a server may be read-only or full for a while.
        if (!inDoubt && isIdTaken(error)) return 'an id is taken'
        if (!inDoubt && isRefused(error)) {
          if (batch.length === 1) throw error
          return 'refused as a whole'
        }
        const pause = pauseAfter(failures, ASKED_AGAIN_MS)
        const since = inDoubt ? Math.max(...arrivals) : Math.min(...arrivals)
        if (performance.now() + pause > since + ANSWER_WITHIN_MS) throw inDoubt ? outcomeUnknown() : databaseAway()
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }

  /** Plain orders by the short way, which leaves out the books that it cannot serve. */
  async function placeSwiftly(batch: readonly Item[], version: bigint, at: Date): Promise<Outcomes> {
    const ids = batch.map((item) => item.id)
    const orders = batch.map((item) => item.order)
    const leftOut = new Set(await placePlain(pipeline, version, at, ids, orders))
    return { outcomes: orders.map(({ bookId }) => (leftOut.has(bookId) ? 'left_out' : 'placed')), existing: null }
  }

  const placeOnce: Place = (batch, version, at) => examineBatch(batch, version, at, false)

  function examineBatch(batch: readonly Item[], version: bigint, at: Date, again: boolean): Promise<Outcomes> {
    const ids = batch.map((item) => item.id)
    const orders = batch.map((item) => item.order)
    return placeExamined(pipeline, { version, at, again, ids, orders })
  }

  return { commit, dropIds: () => ids.drop() }
}

type NothingPlaced = 'refused as a whole' | 'an id is taken'
type Place = (batch: readonly Item[], version: bigint, at: Date) => Promise<Outcomes>

const rejectAll =
  (items: readonly Item[]) =>
  (error: unknown): Tell =>
  () =>
    items.forEach((item) => item.reject(error))

/** The server said no and will say so again: the statement was undone. */
function isRefused(error: unknown): boolean {
  return sqlState(error) !== undefined && !isConnectionLoss(error) && !isConflict(error)
}

function isIdTaken(error: unknown): boolean {
  return violatedConstraint(error) === 'orders_pkey'
}

function answer(item: Item, outcome: Outcome, existing: bigint | null) {
  switch (outcome) {
    case 'placed':
      return item.resolve(item.id)
    case 'placed_before':
      return item.resolve(existing!)
    case 'not_enough_funds':
      return item.reject(refuse('not_enough_funds'))
    case 'retry_key_reused':
      return item.reject(refuse('idempotency_key_reused'))
    case 'invalid_key':
      return item.reject(invalidKey())
    case 'active_link':
      return item.reject(refuse('active_order_with_link'))
    case 'daily_limit':
      return item.reject(refuse('daily_limit'))
    case 'left_out':
    case 'old_catalogue':
    case 'id_is_taken':
      return
    case 'unknown':
      return item.reject(new Error('place_orders answered what this version does not know'))
    default:
      return outcome satisfies never
  }
}

export function outcomeUnknown(): Refusal {
  return refuse('outcome_unknown', 'order')
}
