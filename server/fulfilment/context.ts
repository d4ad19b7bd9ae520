import type { Database } from '../db/pool.ts'
import type { Supplier } from '../suppliers/supplier.ts'
import type { Budget } from './budget.ts'

/** One supplier, and what the loops that work with it need. */
export interface SupplierContext {
  readonly db: Database
  readonly now: () => Date
  readonly supplierId: number
  readonly supplier: Supplier
  /** How much of it this node may use; absent: without a limit, one call at a time. */
  readonly budget?: Budget
}
