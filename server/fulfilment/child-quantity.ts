import { divideHalfUp, parseDecimal } from '../ledger/money.ts'
import type { ChildTerms } from '../orders/their-subscriptions.ts'
import type { Standing } from '../suppliers/supplier.ts'

/** The quantity of a child order in our units; `nothing`: there is nothing to charge; `unclear`: a person must look, with the evidence. */
export type ChildQuantity =
  | { readonly kind: 'known'; readonly quantity: bigint }
  | { readonly kind: 'nothing'; readonly words: string }
  | { readonly kind: 'unclear'; readonly words: string }

/**
 * The quantity that the supplier reports, or else one worked out from what it charged for the child, which must be a whole number between the min and
 * the max that were ordered. Nothing is charged on a guess.
 */
export function childQuantity(standing: Standing, terms: ChildTerms): ChildQuantity {
  const told = standing.quantity ?? null
  if (told !== null) return inBounds(told, terms, `it says ${told}`)
  const says = `it says ${standing.words}${standing.cost === null ? '' : `, charged ${standing.cost}${standing.currency ? ` ${standing.currency}` : ''}`}`
  if (standing.status === 'Canceled') return { kind: 'nothing', words: 'cancelled there before its quantity was known' }
  // For a partial order some panels show the part of the charge that they kept, others all of it.
  if (standing.status === 'Partial') return { kind: 'unclear', words: `${says}: how many were ordered cannot be worked out` }
  const tenths = tenthsByCharge(standing, terms)
  if (tenths === null) {
    // Every post has this quantity, whatever the supplier calls it.
    if (terms.min === terms.max) return { kind: 'known', quantity: terms.min }
    return { kind: 'unclear', words: `${says}: without its charge or our cost rate its quantity cannot be worked out` }
  }
  const whole = (tenths + 5n) / 10n
  const isWhole = tenths - whole * 10n <= 1n && whole * 10n - tenths <= 1n
  if (!isWhole) return { kind: 'unclear', words: `${says}: at our cost rate ${terms.costRate} that is no whole number` }
  return inBounds(whole, terms, `${says}: at our cost rate ${terms.costRate} that is ${whole}`)
}

/** A fraction of one of our units is not charged. */
function inBounds(theirs: bigint, { min, max, multiplier }: ChildTerms, words: string): ChildQuantity {
  const fits = theirs >= min * multiplier && theirs <= max * multiplier
  if (!fits) return { kind: 'unclear', words: `${words}, and ${min * multiplier} to ${max * multiplier} were ordered` }
  return { kind: 'known', quantity: theirs / multiplier }
}

const AMOUNT = /^\d{1,12}(\.\d{1,12})?$/

/** Charge × 1000 ÷ cost rate, in tenths of one of the supplier's units. */
function tenthsByCharge({ cost, currency }: Standing, terms: ChildTerms): bigint | null {
  if (cost === null || terms.costRate === null || !AMOUNT.test(cost)) return null
  const theirs = currency?.toUpperCase() ?? terms.exchangeCurrency ?? terms.currency
  const exchange = theirs === terms.currency ? '1' : theirs === terms.exchangeCurrency ? terms.exchangeRate : null
  if (exchange === null) return null
  const [charge, rate, worth] = [parseDecimal(cost), parseDecimal(terms.costRate), parseDecimal(exchange)]
  if (rate.digits === 0n) return null
  return divideHalfUp(
    charge.digits * worth.digits * 10_000n * 10n ** BigInt(rate.places),
    rate.digits * 10n ** BigInt(charge.places + worth.places),
  )
}
