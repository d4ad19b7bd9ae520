import { parseDecimal } from '../ledger/money.ts'
import { compare, costOfOurs, isRate, priceFor, type PriceRule } from './margin.ts'

/** A service on a supplier's list, in our terms: exact cost in the catalogue's currency. A null field could not be read. */
export interface Offer {
  readonly theirService: string
  readonly name: string
  readonly category: string
  readonly type: string | null
  readonly typeWords: string
  readonly cost: string | null
  readonly min: bigint | null
  readonly max: bigint | null
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly cancel: boolean
}

/** A service of ours that this supplier fulfils. */
export interface BoundService {
  readonly serviceId: number
  readonly theirService: string
  readonly position: number
  readonly multiplier: number
  readonly cost: string | null
  readonly gone: boolean
  readonly theirType: string | null
  readonly theirMin: bigint | null
  readonly theirMax: bigint | null
  readonly theirDripfeed: boolean | null
  readonly theirRefill: boolean | null
  readonly theirCancel: boolean | null
  readonly rate: string
  readonly min: bigint
  readonly max: bigint
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly cancel: boolean
  readonly state: 'on sale' | 'disabled' | 'hidden'
  readonly syncPause: SyncPause | null
  readonly whenCostPasses: 'raise' | 'pause' | 'flag'
  /** The first of the service's other suppliers that still lists it. */
  readonly otherPosition: number | null
  readonly otherCost: string | null
  readonly otherMultiplier: number | null
}

type SyncPause = 'cost' | 'gone' | 'type'

/** The new values of the binding and the service. `unreadable`: nothing changes, and staff must look. */
export interface Decision {
  readonly binding: Pick<
    BoundService,
    'cost' | 'gone' | 'theirType' | 'theirMin' | 'theirMax' | 'theirDripfeed' | 'theirRefill' | 'theirCancel'
  >
  readonly service: Pick<BoundService, 'rate' | 'min' | 'max' | 'dripfeed' | 'refill' | 'cancel' | 'state' | 'syncPause'>
  readonly unreadable: boolean
  readonly flagged: boolean
}

/** Decides what a supplier's list changes for one service. `offer` undefined: the service is not on the list. */
export function decide(bound: BoundService, offer: Offer | undefined, rule: PriceRule): Decision {
  const unreadable = offer !== undefined && !isReadable(offer)
  const binding = offer === undefined ? { ...bound, gone: true } : unreadable ? bound : noted(bound, offer)
  const followed = followRange(bound, binding)
  const goneFor = offer === undefined ? 'gone' : unreadable ? (bound.syncPause ?? 'gone') : 'type'
  const { rate, pause, flagged } = priceAgainstCost({ ...bound, ...binding }, rule, goneFor)
  const service = { ...followed, rate, ...stateFor(bound, pause) }
  return { binding, service, unreadable, flagged: flagged && service.state === 'on sale' }
}

/** Whether its cost is known and its range allows an order. */
export function isReadable(offer: Offer): boolean {
  return offer.cost !== null && (offer.min === null || offer.max === null || offer.min <= offer.max)
}

/** The stored type stays as it was first read: under another type it is a different service, until somebody binds it anew. */
function noted(bound: BoundService, offer: Offer): Decision['binding'] {
  const isAnother = bound.theirType !== null && offer.type !== bound.theirType
  if (isAnother) return { ...bound, gone: true }
  const same = bound.cost !== null && compare(parseDecimal(bound.cost), parseDecimal(offer.cost!)) === 0n
  return {
    cost: same ? bound.cost : offer.cost,
    gone: false,
    theirType: offer.type,
    theirMin: offer.min ?? bound.theirMin,
    theirMax: offer.max ?? bound.theirMax,
    theirDripfeed: offer.dripfeed,
    theirRefill: offer.refill,
    theirCancel: offer.cancel,
  }
}

/**
 * The supplier that is asked first limits the orders. A field that had the supplier's value follows it; a field that the operator set otherwise
 * stays, within the supplier's limits.
 */
function followRange(bound: BoundService, binding: Decision['binding']) {
  const { min, max, dripfeed, refill, cancel } = bound
  if (binding.gone || isBehind(bound)) return { min, max, dripfeed, refill, cancel }
  const lowest = (theirs: bigint | null) => theirs && ceilDivide(theirs, BigInt(bound.multiplier))
  const highest = (theirs: bigint | null) => theirs && theirs / BigInt(bound.multiplier)
  const [least, most] = [lowest(binding.theirMin) ?? min, highest(binding.theirMax) ?? max]
  const ours = {
    min: min === lowest(bound.theirMin) || min < least ? least : min,
    max: max === highest(bound.theirMax) || max > most ? most : max,
  }
  const fits = ours.min <= ours.max ? ours : least <= most ? { min: least, max: most } : { min, max }
  const follow = (own: boolean, before: boolean | null, after: boolean | null) => (own === before ? (after ?? own) : own)
  return {
    ...fits,
    dripfeed: follow(dripfeed, bound.theirDripfeed, binding.theirDripfeed),
    refill: follow(refill, bound.theirRefill, binding.theirRefill),
    cancel: follow(cancel, bound.theirCancel, binding.theirCancel),
  }
}

function isBehind({ otherPosition, position }: BoundService): boolean {
  return otherPosition !== null && otherPosition < position
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by
}

/** Compares the price with the cost at the supplier that would now be asked first. */
function priceAgainstCost(
  bound: BoundService,
  rule: PriceRule,
  goneFor: SyncPause,
): { rate: string; pause: SyncPause | null; flagged: boolean } {
  const { rate } = bound
  const fallsBack = bound.gone || isBehind(bound)
  if (fallsBack && bound.otherPosition === null) return { rate, pause: goneFor, flagged: false }
  const [costRate, multiplier] = fallsBack ? [bound.otherCost, bound.otherMultiplier!] : [bound.cost, bound.multiplier]
  const cost = costRate === null ? null : costOfOurs(costRate, multiplier)
  if (cost === null || compare(cost, parseDecimal(rate)) <= 0n) return { rate, pause: null, flagged: false }
  switch (bound.whenCostPasses) {
    case 'raise': {
      const raised = priceFor(cost, rule)
      return isRate(raised) ? { rate: raised, pause: null, flagged: false } : { rate, pause: 'cost', flagged: false }
    }
    case 'pause':
      return { rate, pause: 'cost', flagged: false }
    case 'flag':
      return { rate, pause: null, flagged: true }
    default:
      return bound.whenCostPasses satisfies never
  }
}

/** A sync takes services off sale, and puts back only those that a sync has taken off. */
function stateFor({ state, syncPause }: BoundService, pause: SyncPause | null): Pick<BoundService, 'state' | 'syncPause'> {
  const isOurs = state === 'on sale' || syncPause !== null
  if (!isOurs) return { state, syncPause }
  return pause === null ? { state: 'on sale', syncPause: null } : { state: 'disabled', syncPause: pause }
}
