import type { CatalogueCache } from '../catalog/catalogue.ts'
import { invalidKey } from '../customers/callers.ts'
import type { Pipeline } from '../db/pipeline.ts'
import { refuse } from '../refusal.ts'
import { type NothingPlaced, openAsking } from './ask-until-known.ts'
import { openOrderIds } from './order-ids.ts'
import type { Item } from './order-queues.ts'
import {
  ACTIVE_LINK,
  DAILY_LIMIT,
  ID_IS_TAKEN,
  INVALID_KEY,
  LEFT_OUT,
  NOT_ENOUGH_FUNDS,
  OLD_CATALOGUE,
  PLACED,
  PLACED_BEFORE,
  RETRY_KEY_REUSED,
} from './outcomes.ts'
import type { Examined } from './place-examined.ts'
import { isPlain } from './place-plain.ts'

/** Answers the callers of a batch. */
type Tell = () => void

export interface Committing {
  /** Commits orders that were priced by the catalogue of this version, and answers how to tell their callers: the next batch can leave
   * before they are told. Orders that need another price or id are put back, and told nothing. */
  readonly commit: (items: readonly Item[], version: bigint) => Promise<Tell>
}

export function openCommitting(deps: {
  pipeline: Pipeline
  catalogue: CatalogueCache
  now: () => Date
  /** Takes orders that were not placed back to the head of their queues, in this order. */
  putBack: (items: readonly Item[]) => void
}): Committing {
  const { pipeline, catalogue, now, putBack } = deps
  const ids = openOrderIds(pipeline)
  const asking = openAsking(pipeline, now)

  async function commit(items: readonly Item[], version: bigint): Promise<Tell> {
    const taken = await ids.take(items.length)
    items.forEach((item, index) => (item.id = taken[index]!))
    if (!items.every((item) => isPlain(item.order))) return examine(items, version)
    const result = await asking.placePlain(items, version)
    if (typeof result === 'string') return takeBack(result, items, version)
    const tell = await settle(items, result, version)
    if (!result.outcomes.includes(LEFT_OUT)) return tell
    const leftOut = items.filter((_, index) => result.outcomes[index] === LEFT_OUT)
    const tellOthers = await examine(leftOut, version).catch(rejectAll(leftOut))
    return () => {
      tell()
      tellOthers()
    }
  }

  async function examine(batch: readonly Item[], version: bigint): Promise<Tell> {
    const result = await asking.placeExamined(batch, version)
    return typeof result === 'string' ? takeBack(result, batch, version) : settle(batch, result, version)
  }

  /** Nothing of the batch was placed. */
  async function takeBack(why: NothingPlaced, batch: readonly Item[], version: bigint): Promise<Tell> {
    if (why === 'refused as a whole') return commitOneByOne(batch, version)
    ids.drop()
    putBack(batch)
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

  async function settle(batch: readonly Item[], { outcomes, existing }: Examined, version: bigint): Promise<Tell> {
    const tell = () => batch.forEach((item, index) => answer(item, outcomes[index]!, existing?.[index] ?? null))
    const isOld = outcomes.includes(OLD_CATALOGUE)
    const isTaken = outcomes.includes(ID_IS_TAKEN)
    if (!isOld && !isTaken) return tell
    // First of all: an order that is placed is answered so, even if the catalogue cannot be read for the others.
    tell()
    if (isTaken) ids.drop()
    const again = batch.filter((_, index) => outcomes[index] === OLD_CATALOGUE || outcomes[index] === ID_IS_TAKEN)
    try {
      if (isOld) await catalogue.refresh(version)
      putBack(again)
      return () => {}
    } catch (error) {
      return rejectAll(again)(error)
    }
  }

  return { commit }
}

const rejectAll =
  (items: readonly Item[]) =>
  (error: unknown): Tell =>
  () =>
    items.forEach((item) => item.reject(error))

function answer(item: Item, outcome: number, existing: bigint | null) {
  switch (outcome) {
    case PLACED:
      return item.resolve(item.id)
    case PLACED_BEFORE:
      return item.resolve(existing!)
    case NOT_ENOUGH_FUNDS:
      return item.reject(refuse('not_enough_funds'))
    case RETRY_KEY_REUSED:
      return item.reject(refuse('idempotency_key_reused'))
    case INVALID_KEY:
      return item.reject(invalidKey())
    case ACTIVE_LINK:
      return item.reject(refuse('active_order_with_link'))
    case DAILY_LIMIT:
      return item.reject(refuse('daily_limit'))
    case LEFT_OUT:
    case OLD_CATALOGUE:
    case ID_IS_TAKEN:
      return
    default:
      return item.reject(new Error(`place_orders answered ${outcome}`))
  }
}
