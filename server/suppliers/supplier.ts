import type { OrderStatus } from '../../contract/statuses.ts'

/** An order as a supplier needs to know it. */
export interface WorkOrder {
  readonly orderId: bigint
  readonly link: string
  readonly quantity: bigint
}

/** What a supplier says of an order. */
export interface SupplierStatus {
  readonly status: OrderStatus
  readonly startCount: bigint | null
  readonly remains: bigint | null
  /** Its own words, kept in the order's timeline. */
  readonly words: string
}

/** The port behind which work is done. Calls are made outside every transaction; the same order handed over twice must be
 * one piece of work. */
export interface Supplier {
  /** Answers the supplier's own reference, or the words of its refusal. */
  add(order: WorkOrder): Promise<{ reference: string } | { refused: string }>
  /** By reference; what is missing is not known to the supplier. */
  status(references: readonly string[]): Promise<ReadonlyMap<string, SupplierStatus>>
  /** Asks to stop; what comes of it is told by status. */
  cancel(references: readonly string[]): Promise<void>
}
