import type { Units } from '../ledger/money.ts'

/** What the house offers to customers who bring customers. */
export interface ReferralProgram {
  /** Off: links bring nobody any more. Whoever came before goes on earning for their referrer. */
  readonly isOn: boolean
  /** The share of what is kept, in hundredths of a per cent. */
  readonly basisPoints: number
  /** How many days after the end of an order its commission is ripe. */
  readonly days: number
  /** The least that is paid at once. */
  readonly least: Units
}
