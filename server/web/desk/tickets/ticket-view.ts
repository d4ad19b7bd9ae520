import type { StaffOrder } from '../../../fulfilment/all-orders.ts'
import type { OrderStep } from '../../../fulfilment/staff.ts'
import type { OrderDetails } from '../../../fulfilment/staff-order.ts'
import type { AlsoPresent } from '../../../staff/presence.ts'
import type { TicketMessage } from '../../../support/messages.ts'
import type { SavedReply } from '../../../support/saved-replies.ts'
import type { ListedTicket, Ticket } from '../../../support/tickets.ts'

export interface Person {
  readonly id: number
  readonly name: string
}

export interface TicketView {
  readonly ticket: Ticket
  readonly messages: readonly TicketMessage[]
  /** The message before which there are older ones. */
  readonly older: bigint | null
  readonly isNewest: boolean
  readonly orders: readonly StaffOrder[]
  /** What is known of the first of its orders, and how they went. */
  readonly details: ReadonlyMap<bigint, OrderDetails>
  readonly steps: ReadonlyMap<bigint, readonly OrderStep[]>
  /** Orders that the customer asked to hurry, and that nobody has answered. */
  readonly hurried: ReadonlySet<bigint>
  readonly merged: readonly bigint[]
  /** Other tickets of the customer. */
  readonly others: readonly ListedTicket[]
  readonly people: readonly Person[]
  readonly writing: readonly AlsoPresent[]
  /** With their values. */
  readonly replies: readonly SavedReply[]
  readonly text: string
  readonly saved: string
  readonly fault: string | undefined
}
