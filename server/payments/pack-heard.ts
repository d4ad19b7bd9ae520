import { formatAmount, readAmount } from './amounts.ts'
import type { Hint, PaymentState, Receipt, Reversal, Standing } from './gateway.ts'

/** What was read in an authentic call. */
export interface Authentic {
  readonly hints: readonly Hint[]
  readonly told?: Standing
}

/** The same as JSON: amounts and moments are texts. */
export interface PackedHeard {
  readonly hints: readonly Hint[]
  readonly told?: {
    readonly theirId: string | null
    readonly reference: string | null
    readonly state: PaymentState
    readonly words: string
    readonly receipts: readonly Packed<Receipt>[]
    readonly reversals: readonly Packed<Reversal>[]
  }
}

type Packed<T> = { readonly [name in keyof T]: T[name] extends string | boolean | null ? T[name] : unknown }

export function packHeard({ hints, told }: Authentic): PackedHeard {
  if (told === undefined) return { hints }
  const receipts = told.receipts.map(({ amount, fee, worth, at, ...receipt }) => ({
    ...receipt,
    at: at.toISOString(),
    amount: formatAmount(amount, receipt.currency),
    fee: fee && formatAmount(fee, receipt.currency),
    worth: worth && { amount: formatAmount(worth.amount, worth.currency), currency: worth.currency },
  }))
  const reversals = told.reversals.map(({ amount, at, ...reversal }) => ({
    ...reversal,
    at: at.toISOString(),
    amount: formatAmount(amount, reversal.currency),
  }))
  return { hints, told: { ...told, receipts, reversals } }
}

export function unpackHeard({ hints, told }: PackedHeard): Authentic {
  if (told === undefined) return { hints }
  const receipts = told.receipts.map((packed) => {
    const worth = packed.worth as { amount: string; currency: string } | null
    return {
      ...packed,
      at: new Date(packed.at as string),
      amount: readAmount(packed.amount)!,
      fee: packed.fee === null ? null : readAmount(packed.fee)!,
      worth: worth && { amount: readAmount(worth.amount)!, currency: worth.currency },
    }
  })
  const reversals = told.reversals.map((packed) => ({ ...packed, at: new Date(packed.at as string), amount: readAmount(packed.amount)! }))
  return { hints, told: { ...told, receipts, reversals } }
}
