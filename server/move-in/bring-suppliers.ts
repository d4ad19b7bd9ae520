import { transaction } from '../db/pool.ts'
import { addSupplier, readSuppliers, setSupplier } from '../suppliers/registry.ts'
import { type Moving, noteMoved } from './moving.ts'
import type { PanelSupplier } from './panel.ts'

/** The supplier whose orders staff do: of orders that had none, and of suppliers without an address. Its id there is none that a panel gives. */
export const BY_STAFF = ':staff'

/** Adds suppliers with sealed keys. One without an address or a key that can be used becomes one whose orders staff do. */
export async function bringSuppliers(moving: Moving, suppliers: readonly PanelSupplier[]): Promise<void> {
  const { db, here, findings, dryRun, panel } = moving
  const count = findings.counts.suppliers
  for (const { id, api } of suppliers) if (api) here.asked.add(id)
  const fresh = suppliers.filter(({ id }) => !here.suppliers.has(id))
  count.here = suppliers.length - fresh.length
  count.brought = fresh.length
  count.leftOut = count.read - suppliers.length
  const staff: PanelSupplier = { id: BY_STAFF, name: `${panel.name}, by staff`, api: null, currency: null }
  const all = here.suppliers.has(BY_STAFF) ? fresh : [...fresh, staff]
  if (dryRun) return all.forEach(({ id }) => here.suppliers.set(id, 0))

  const added = await transaction(db, async (tx) => {
    const names = new Set((await readSuppliers(tx)).map(({ name }) => name))
    const pairs: [string, number][] = []
    for (const { id, name, api, currency } of all) {
      const free = freeName(name, panel.name, names)
      names.add(free)
      const protocol = api ? 'api-v2' : 'manual'
      const row = { name: free, protocol, url: api?.url ?? null, key: api?.key ?? null, keepsRetryKeys: null } as const
      pairs.push([id, await addSupplier(tx, { ...row, privateNetwork: moving.privateNetwork }, moving.secret)])
      if (currency !== null) await setSupplier(tx, free, { currency }, moving.secret)
    }
    await noteMoved(tx, moving, 'supplier', pairs)
    await moving.steps.note(tx, { suppliers: fresh.length })
    return pairs
  })
  for (const [theirs, ours] of added) here.suppliers.set(theirs, ours)
}

function freeName(name: string, panel: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let number = 1; ; number += 1) {
    const other = number === 1 ? `${name} (${panel})` : `${name} (${panel} ${number})`
    if (!taken.has(other)) return other
  }
}
