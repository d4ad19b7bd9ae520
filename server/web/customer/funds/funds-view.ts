import type { Pace } from '../../../ledger/pace.ts'
import type { HashedLine, Line, Seal } from '../../../ledger/seal.ts'
import type { OwnBook, Summary } from '../../../ledger/statement.ts'
import type { Cause } from '../../../ledger/sums.ts'
import type { Held } from '../../../orders/held.ts'
import type { DocumentNumber } from '../../../payments/documents.ts'
import type { AddView } from './add-form.ts'
import type { Month } from './months.ts'

/** The values that the page of funds is drawn from. */
export interface FundsView {
  readonly book: OwnBook
  readonly books: readonly OwnBook[]
  /** Newest first. */
  readonly months: readonly Month[]
  readonly asked: { readonly month: Month | null; readonly cause: Cause | null; readonly isOlder: boolean }
  /** Of the requested month, or of all months. */
  readonly summary: Summary
  /** Newest first. */
  readonly lines: readonly Line[]
  /** The same lines with their hashes; null if they do not form a chain. */
  readonly chain: { readonly previous: string; readonly lines: readonly HashedLine[] } | null
  /** The balances before and after the lines of this page. */
  readonly opening: bigint
  readonly closing: bigint
  readonly older: bigint | null
  readonly spent: bigint
  readonly held: Held
  readonly pace: Pace | null
  readonly seal: Seal | undefined
  /** The receipts and credit notes of the lines. */
  readonly documents: ReadonlyMap<bigint, DocumentNumber>
  /** How to pay in, as the operator has written it. */
  readonly fundsNote: string | undefined
  /** Null: no way to pay is offered, or it is test money. */
  readonly add: AddView | null
}
