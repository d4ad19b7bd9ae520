import pino from 'pino'
import { SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { workDripFeeds } from '../../server/fulfilment/drip.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { handOffRefills, pollRefills } from '../../server/fulfilment/refills.ts'
import { workSubscriptions } from '../../server/fulfilment/subscriptions.ts'
import { openPlacing } from '../../server/orders/place.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import type { Supplier } from '../../server/suppliers/supplier.ts'
import type { Docket } from './docket.ts'

export const silent = pino({ level: 'silent' })

/** One round of everything that the loops do, at the test's clock. */
export async function workOnce(docket: Docket, supplier?: { id: number; supplier: Supplier }): Promise<void> {
  const { db, clock } = docket
  const catalogue = await openCatalogue(db)
  const placing = openPlacing({ db, catalogue, now: clock.now, queueLimit: 1000 })
  const worker = supplier?.supplier ?? simulatedSupplier({ db, now: clock.now, speed: 1 })
  const context = { db, now: clock.now, supplierId: supplier?.id ?? SIMULATED_SUPPLIER, supplier: worker }
  await workSubscriptions({ db, placing, catalogue, now: clock.now })
  await workDripFeeds(db, clock.now)
  await handOff(context)
  await poll(context)
  await handOffRefills(context)
  await pollRefills(context)
  await workDripFeeds(db, clock.now)
  await workPromises(db, clock.now)
}

/** Moves the clock in steps and works after each, as the loops would. */
export async function workThrough(docket: Docket, minutes: number, stepMinutes = 1): Promise<void> {
  for (let passed = 0; passed < minutes; passed += stepMinutes) {
    docket.clock.forward({ minutes: stepMinutes })
    await workOnce(docket)
  }
}
