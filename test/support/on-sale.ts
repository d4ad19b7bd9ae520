import { randomBytes } from 'node:crypto'
import { expect, vi } from 'vitest'
import { setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { importServices, readServiceList, type ServiceChange, setService } from '../../server/catalog/import.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { type Docket, send } from './docket.ts'
import { urlsOf } from './second-node.ts'

let services = 100
let watchers = 0

/** Puts a service on sale and answers its id once Docket's nodes sell it: they hear of a change a moment after its commit. */
export async function onSale(docket: Docket, entry: Record<string, unknown> = {}): Promise<number> {
  const id = (services += 1)
  await importAndHear(docket, [{ service: id, name: `Service ${id}`, category: 'Test', rate: '1', min: 1, max: 1_000_000, ...entry }])
  return id
}

/** Changes a service, and waits until Docket's nodes sell it so. */
export async function change(docket: Docket, service: number, to: ServiceChange & { supplier?: string }): Promise<void> {
  const { supplier, ...rest } = to
  if (supplier !== undefined) await setOnlySupplier(docket.db, service, supplier)
  await changeCatalogue(docket.db, (tx) => setService(tx, service, rest))
  await catalogueIsHeard(docket)
}

/** Waits until the nodes' catalogues are at least as new as this moment. */
export function catalogueIsHeard(docket: Docket): Promise<void> {
  return importAndHear(docket, [])
}

/** Imports beside a mark, which the list of the node shows as soon as it has heard of them. */
async function importAndHear(docket: Docket, entries: readonly object[]): Promise<void> {
  const key = await watcherOf(docket)
  const mark = randomBytes(8).toString('hex')
  await importServices(docket.db, readServiceList(JSON.stringify([...entries, { service: MARK, name: mark, category: '', rate: '1' }])))
  for (const url of urlsOf(docket)) {
    const isHeard = async () => (await (await send(url, { key, action: 'services' })).text()).includes(mark)
    await vi.waitFor(async () => expect(await isHeard()).toBe(true), { timeout: 300_000, interval: 2 })
  }
}

/** Stands in every list of these tests; lists that are compared leave it out. */
export const MARK = 999_999_999
const watcherKeys = new WeakMap<object, Promise<string>>()

function watcherOf(docket: Docket): Promise<string> {
  const known = watcherKeys.get(docket)
  if (known) return known
  watchers += 1
  const account = { email: `watcher${watchers}@example.com`, currency: 'USD', balance: 0n, note: 'test' }
  const key = addFundedAccount(docket.db, account, docket.clock.now()).then((added) => added.key)
  watcherKeys.set(docket, key)
  return key
}
