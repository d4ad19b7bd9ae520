import { bindService, type Binding, endBinding, preferSupplier, supplierByName, unbindService } from '../catalog/bind.ts'
import { changeCatalogue } from '../catalog/catalogue.ts'
import type { Database, Transaction } from '../db/pool.ts'
import { bindWaitingOrders } from './hand-over.ts'

/** Lets a supplier fulfil a service, from the next order on; orders that have no supplier yet are given to the one that is now preferred. */
export function bindSupplier(db: Database | Transaction, serviceId: number, supplier: string, binding: Binding): Promise<void> {
  return changeCatalogue(db, async (tx) => {
    const first = await bindService(tx, serviceId, await supplierByName(tx, supplier), binding)
    await bindWaitingOrders(tx, serviceId, first)
  })
}

/** Has a supplier of a service asked first from the next order on, also for orders that wait. */
export async function askFirst(tx: Transaction, serviceId: number, supplierId: number): Promise<void> {
  await bindWaitingOrders(tx, serviceId, await preferSupplier(tx, serviceId, supplierId))
}

/** Sets one supplier, or none (null). Orders that were handed over stay with their supplier. */
export function setOnlySupplier(db: Database | Transaction, serviceId: number, supplier: string | null): Promise<void> {
  return changeCatalogue(db, async (tx) => {
    let first = await unbindService(tx, serviceId)
    if (supplier !== null) first = await bindService(tx, serviceId, await supplierByName(tx, supplier), AS_IT_IS)
    await bindWaitingOrders(tx, serviceId, first)
  })
}

/** Lets a supplier fulfil no more orders of a service. Those that were handed over stay with it. */
export async function removeSupplierOf(tx: Transaction, serviceId: number, supplierId: number): Promise<void> {
  await bindWaitingOrders(tx, serviceId, await endBinding(tx, serviceId, supplierId))
}

const AS_IT_IS: Binding = { theirService: '', costRate: null, multiplier: 1, position: null }
