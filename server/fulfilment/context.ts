import type { Database } from '../db/pool.ts'
import type { Supplier } from '../suppliers/supplier.ts'
import type { Budget } from './budget.ts'

/** One supplier, with the dependencies of the loops that work with it. */
export interface SupplierContext {
  readonly db: Database
  readonly now: () => Date
  readonly supplierId: number
  readonly supplier: Supplier
  /** The limit on this node's calls; absent: no limit, and one call at a time. */
  readonly budget?: Budget
}
