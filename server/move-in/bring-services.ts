import { type BroughtService, bringCustomRates, bringServices, countRatesHere, knownServices } from '../catalog/bring-services.ts'
import { changeCatalogue } from '../catalog/catalogue.ts'
import { BY_STAFF } from './bring-suppliers.ts'
import { type Moving, noteMoved } from './moving.ts'
import type { PanelPrice, PanelService } from './panel.ts'

/** Adds services under their own numbers, bound to the suppliers they had. */
export async function bringServicesOf(moving: Moving, services: readonly PanelService[]): Promise<void> {
  const { here, findings } = moving
  const count = findings.counts.services
  const wanted = services.filter(({ id }) => !here.services.has(id))
  count.here = services.length - wanted.length
  await addServices(moving, wanted.map((service) => withSupplier(moving, service)), 'sold') // prettier-ignore
  count.brought = wanted.filter(({ id }) => here.services.has(id)).length
  count.leftOut = count.read - count.here - count.brought
}

function withSupplier({ here, findings }: Moving, { supplier, theirService, ...service }: PanelService): BroughtService {
  const supplierId = supplier === null ? here.suppliers.get(BY_STAFF)! : here.suppliers.get(supplier)
  if (supplierId === undefined) findings.odd('service_supplier_missing', ['service', service.id], supplier)
  return { ...service, theirService, supplierId: supplierId ?? here.suppliers.get(BY_STAFF)! }
}

/** Orders of services that were deleted there stay readable: a service of that number is added which nobody can order. */
export async function addDeletedServices(moving: Moving, ids: readonly number[]): Promise<void> {
  const { findings, here } = moving
  for (const id of ids) findings.odd('service_deleted', ['service', id])
  const service = {
    category: 'Deleted at the old panel',
    type: 'Default',
    rate: '0',
    min: 1,
    max: 1,
    dripfeed: false,
    refill: false,
    refillDays: null,
    cancel: false,
  } as const
  const rest = {
    description: '',
    state: 'disabled',
    translations: {},
    supplierId: here.suppliers.get(BY_STAFF)!,
    theirService: null,
    costRate: null,
  } as const
  await addServices(moving, ids.map((id) => ({ ...service, ...rest, id, name: `Service ${id}` })), 'deleted') // prettier-ignore
}

async function addServices(moving: Moving, services: readonly BroughtService[], kind: 'sold' | 'deleted'): Promise<void> {
  const { db, here, findings, dryRun } = moving
  const isAdded = dryRun
    ? await addable(moving, services)
    : await changeCatalogue(db, async (tx) => {
        const added = await bringServices(tx, services)
        await noteMoved(tx, moving, 'service', [...added].map((id) => [id, id])) // prettier-ignore
        await moving.steps.note(tx, kind === 'deleted' ? {} : { services: added.size })
        return added
      })
  for (const { id, name } of services) {
    if (isAdded.has(id)) here.services.add(id)
    else findings.odd('service_number_taken', ['service', id], name)
  }
}

async function addable({ db }: Moving, services: readonly BroughtService[]): Promise<ReadonlySet<number>> {
  const ids = services.map(({ id }) => id)
  const taken = await knownServices(db, ids)
  return new Set(ids.filter((id) => !taken.has(id)))
}

const AT_ONCE = 5000

/** Agrees own prices; those of accounts or services that did not come are left out. */
export async function bringPrices(moving: Moving, prices: readonly PanelPrice[]): Promise<void> {
  const { db, here, findings, dryRun, steps } = moving
  const count = findings.counts.prices
  const usable = prices.filter(({ account, service }) => {
    const isUsable = here.accounts.has(account) && here.services.has(service)
    if (!isUsable) findings.odd('price_of_nothing', ['price', `${account}/${service}`])
    return isUsable
  })
  count.leftOut = count.read - usable.length
  if (dryRun) {
    count.here = await countRatesHere(db, usable)
    count.brought = usable.length - count.here
    return
  }
  count.brought = await changeCatalogue(db, async (tx) => {
    let brought = 0
    for (let at = 0; at < usable.length; at += AT_ONCE) brought += await bringCustomRates(tx, usable.slice(at, at + AT_ONCE))
    await steps.note(tx, { prices: brought })
    return brought
  })
  count.here = usable.length - count.brought
}
