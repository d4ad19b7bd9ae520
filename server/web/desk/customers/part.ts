import type { DeskContext } from '../desk.ts'
import type { Customer } from './read-customer.ts'

/** What each part of the page of a customer is drawn with. */
export interface PartProps {
  readonly context: DeskContext
  readonly customer: Customer
  /** Where the forms of acts lead back to. */
  readonly back: string
}
