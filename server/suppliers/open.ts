import type { Queryable } from '../db/pool.ts'
import type { Secret } from '../secret.ts'
import type { SupplierRow } from './registry.ts'
import { simulatedSupplier } from './simulated.ts'
import type { Supplier } from './supplier.ts'

/** Opens suppliers by their protocol. */
export function openSuppliers(deps: { db: Queryable; now: () => Date; secret: Secret; simulatedSpeed: number }) {
  return (row: SupplierRow): Supplier | undefined => {
    switch (row.protocol) {
      case 'simulated':
        return simulatedSupplier({ db: deps.db, now: deps.now, speed: deps.simulatedSpeed })
      case 'api-v2':
        return undefined
      case 'manual':
        return undefined
      default:
        return row.protocol satisfies never
    }
  }
}
