import type { Pace } from '../../../ledger/pace.ts'
import type { HashedLine, Line, Seal } from '../../../ledger/seal.ts'
import type { OwnBook, Summary } from '../../../ledger/statement.ts'
import type { Cause } from '../../../ledger/sums.ts'
import type { Held } from '../../../orders/held.ts'
import type { Month } from './months.ts'

/** What the page of funds is drawn from. */
export interface FundsView {
  readonly book: OwnBook
  readonly books: readonly OwnBook[]
  /** Newest first. */
  readonly months: readonly Month[]
  readonly asked: { readonly month: Month | null; readonly cause: Cause | null; readonly isOlder: boolean }
  /** Of the month that is asked for, or of all. */
  readonly summary: Summary
  /** Newest first. */
  readonly lines: readonly Line[]
  /** The same lines with their hashes; null where they do not follow one another. */
  readonly chain: { readonly previous: string; readonly lines: readonly HashedLine[] } | null
  /** Before and after the lines of this page. */
  readonly opening: bigint
  readonly closing: bigint
  readonly older: bigint | null
  readonly spent: bigint
  readonly held: Held
  readonly pace: Pace | null
  readonly seal: Seal | undefined
  /** How the house says that one pays in. */
  readonly fundsNote: string | undefined
}
