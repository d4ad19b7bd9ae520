import type { CatalogueCache } from '../catalog/catalogue.ts'
import { invalidKey } from '../customers/callers.ts'
import type { Pipeline } from '../db/pipeline.ts'
import { refuse } from '../refusal.ts'
import { openAsking, REFUSED_AS_A_WHOLE } from './ask-until-known.ts'
import { openOrderIds } from './order-ids.ts'
import type { Item } from './order-queues.ts'
import type { Outcome, Outcomes } from './place-examined.ts'
import { isPlain } from './place-plain.ts'

/** Answers the callers of a batch. */
type Tell = () => void

export interface Committing {
  /** Commits orders that were priced by the catalogue of this version, and returns the function that answers their callers, so that the next
   * batch can be sent first. Orders that need another price or id are put back in the queue and not answered yet. */
  readonly commit: (items: readonly Item[], version: bigint) => Promise<Tell>
}

export function openCommitting(deps: {
  pipeline: Pipeline
  catalogue: CatalogueCache
  now: () => Date
  /** Puts orders that were not placed back to the head of their queues, in this order. */
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
    if (result === REFUSED_AS_A_WHOLE) return commitOneByOne(items, version)
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
    const result = await asking.placeExamined(batch, version)
    return result === REFUSED_AS_A_WHOLE ? commitOneByOne(batch, version) : settle(batch, result, version)
  }

  /** If the database refuses one order, the other orders of its batch must not be refused too. */
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
    // Answered first, because placed orders must get their answer even if the catalogue cannot be read for the others.
    tell()
    if (isTaken) ids.drop()
    const again = batch.filter((_, index) => outcomes[index] === 'old_catalogue' || outcomes[index] === 'id_is_taken')
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
