import { isPackageType } from '../../contract/service-types.ts'
import { chargeFor } from '../catalog/price.ts'
import { type Decimal, divideHalfUp, parseDecimal, type Quotient, type Units, UNITS_PER_WHOLE } from '../ledger/money.ts'
import type { GivenBack, JudgedPromise, OrderAccount } from './account.ts'
import { promisedShare, reachedAt } from './promises.ts'

/** Explains the charge of an order, and each of its refunds and compensations. Nothing is guessed: if the calculation does not give the booked
 * amount, the reason is reported as unknown. */
export interface Explanation {
  readonly charge: ChargeExplained
  readonly givenBack: readonly GivenBackExplained[]
  /** Missed promises that paid nothing: the order was to be cancelled for them, or nothing was left to pay back. */
  readonly unpaidMisses: readonly Miss[]
  readonly kept: Units
}

export type ChargeExplained = { readonly amount: Units; readonly line: bigint | null } & (
  | ({ readonly by: 'rate' } & ByRate)
  /** A run: its drip-feed paid for all runs. */
  | { readonly by: 'parent'; readonly parentId: bigint }
  /** It came from another panel, with the charge that it had there. */
  | { readonly by: 'moved in'; readonly from: string }
  /** A subscription: the order of each post is charged separately. */
  | { readonly by: 'posts' }
  | { readonly by: 'unknown'; readonly rate: Rate }
)

interface ByRate {
  readonly rate: Rate
  /** The quantity that the rate applies to: 1000, or 1 for a package. */
  readonly per: 1000n | 1n
  readonly quantity: bigint
  readonly runs: { readonly count: number; readonly quantity: bigint } | null
  readonly product: Quotient
  readonly rounding: Rounding
}

/** The rate when the order was placed, and where it came from. */
export type Rate = { readonly text: string } & (
  | { readonly of: 'catalogue' | 'custom' | 'unknown' }
  /** `percent` off the catalogue's rate. */
  | { readonly of: 'discount'; readonly catalogue: string; readonly percent: string }
)

/** `least`: an amount above zero is never rounded to zero. */
export type Rounding = 'none' | 'up' | 'down' | 'least'

export type GivenBackExplained = { readonly amount: Units; readonly line: bigint } & (
  | ({ readonly by: 'partial'; readonly remains: bigint; readonly delivered: bigint; readonly quantity: bigint } & Share)
  /** Cancelled: all that was left of the charge. */
  | { readonly by: 'canceled' }
  | ({ readonly by: 'promise'; readonly miss: Miss; readonly basisPoints: number } & Share)
  | { readonly by: 'unknown'; readonly cause: GivenBack['cause'] }
)

/** A share of the charge. */
interface Share {
  readonly product: Quotient
  readonly rounding: Rounding
  /** Less was left of the charge than the share, so only the rest was given back. */
  readonly limited: boolean
}

export interface Miss {
  readonly promise: JudgedPromise['promise']
  readonly dueAt: Date
  /** When the promise was reached; null: not yet when this was read. */
  readonly reachedAt: Date | null
  readonly judgedAt: Date
  readonly cancels: boolean
}

export function explain(order: OrderAccount): Explanation {
  let left = order.charge
  const givenBack = order.givenBack.map((one) => {
    const explained = explainGivenBack(order, one, left)
    left -= one.amount
    return explained
  })
  const paid = new Set(givenBack.flatMap((one) => (one.by === 'promise' ? [one.miss.promise] : [])))
  const unpaid = order.promises.filter((promise) => promise.state === 'missed' && !paid.has(promise.promise))
  return {
    charge: { amount: order.charge, line: order.line, ...explainCharge(order) },
    givenBack,
    unpaidMisses: unpaid.map((promise) => missOf(order, promise)),
    // What was given back at another panel is in no line of this ledger.
    kept: order.movedInFrom !== null && order.line === null ? order.charge - order.refunded : left,
  }
}

/** The statement lines that the explanation is based on. */
export function linesOf({ line, givenBack }: OrderAccount): bigint[] {
  return [...(line === null ? [] : [line]), ...givenBack.map((one) => one.line)]
}

type Explained<T> = T extends unknown ? Omit<T, 'amount' | 'line'> : never

function explainCharge(order: OrderAccount): Explained<ChargeExplained> {
  const { rateSource, quantity, charge } = order
  if (order.movedInFrom !== null) return { by: 'moved in', from: order.movedInFrom }
  if (order.kind === 'subscription') return { by: 'posts' }
  if (order.parentId !== null && order.isRun) return { by: 'parent', parentId: order.parentId }
  const rate = rateOf(order.rate, rateSource)
  const value = parseDecimal(order.rate)
  // Whether the order was sold as a package is not stored; its price shows it. If both fit, the service's type decides.
  const isOne = isPackageType(order.type)
  const fits = (asPackage: boolean) => (!asPackage || quantity === 1n) && chargeFor(value, quantity, asPackage) === charge
  const isPackage = [isOne, !isOne].find(fits)
  if (isPackage === undefined) return { by: 'unknown', rate }
  const { runs, runQuantity } = order
  const product = productOf(value, quantity, isPackage)
  return {
    by: 'rate',
    rate,
    per: isPackage ? 1n : 1000n,
    quantity,
    runs: runs !== null && runQuantity !== null && runQuantity * BigInt(runs) === quantity ? { count: runs, quantity: runQuantity } : null,
    product,
    rounding: roundingOf(product, charge),
  }
}

/** Reads the rate source in the form that callersRate() wrote. */
function rateOf(text: string, source: string | null): Rate {
  if (source === null) return { text, of: 'catalogue' }
  if (source === 'custom') return { text, of: 'custom' }
  const [, catalogue, percent] = /^([\d.]+) - ([\d.]+)%$/.exec(source) ?? []
  return catalogue === undefined ? { text, of: 'unknown' } : { text, of: 'discount', catalogue, percent: percent! }
}

function productOf(rate: Decimal, quantity: bigint, isPackage: boolean): Quotient {
  return { numerator: rate.digits * quantity * UNITS_PER_WHOLE, denominator: 10n ** BigInt(rate.places) * (isPackage ? 1n : 1000n) }
}

function explainGivenBack(order: OrderAccount, one: GivenBack, left: Units): GivenBackExplained {
  const { amount, line } = one
  if (one.cause === 'compensation') {
    const promise = order.promises.find(({ promise }) => one.reference === `${promise} promise missed`)
    if (promise?.state === 'missed' && promise.basisPoints !== null) {
      const product = { numerator: order.charge * BigInt(promise.basisPoints), denominator: 10_000n }
      const share = shareOf(product, promisedShare(order.charge, promise.basisPoints), left)
      const { basisPoints } = promise
      if (share.amount === amount) return { by: 'promise', line, miss: missOf(order, promise), basisPoints, ...share }
    }
  } else if (order.status === 'Canceled') {
    if (amount === left) return { by: 'canceled', amount, line }
  } else if (order.status === 'Partial' && order.quantity > 0n) {
    const { quantity } = order
    const remains = order.remains < 0n ? 0n : order.remains > quantity ? quantity : order.remains
    const product = { numerator: order.charge * remains, denominator: quantity }
    const share = shareOf(product, divideHalfUp(product.numerator, product.denominator), left)
    if (share.amount === amount) return { by: 'partial', line, remains, delivered: quantity - remains, quantity, ...share }
  }
  return { by: 'unknown', cause: one.cause, amount, line }
}

/** The share, or the rest of the charge when that is less. */
function shareOf(product: Quotient, rounded: Units, left: Units): Share & { amount: Units } {
  const limited = left < rounded
  return { product, rounding: roundingOf(product, rounded), limited, amount: limited ? left : rounded }
}

function roundingOf({ numerator, denominator }: Quotient, rounded: Units): Rounding {
  const difference = rounded * denominator - numerator
  if (difference === 0n) return 'none'
  if (difference * 2n > denominator) return 'least'
  return difference > 0n ? 'up' : 'down'
}

function missOf(order: OrderAccount, { promise, dueAt, judgedAt, basisPoints }: JudgedPromise): Miss {
  return { promise, dueAt, judgedAt: judgedAt!, reachedAt: reachedAt({ ...order, promise }), cancels: basisPoints === null }
}
