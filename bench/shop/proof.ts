import { audit } from '../../server/orders/audit-books.ts'
import type { Shop } from './hall.ts'

export interface Proof {
  readonly sentence: string
  readonly ok: boolean
}

/** Proves every book of the shop from the raw rows. */
export async function proveBooks(name: string, shop: Shop): Promise<Proof> {
  const { checks } = await audit(shop.db)
  const faults = checks.filter((check) => !check.ok)
  const rows = Math.max(...checks.map((check) => check.rowsChecked))
  for (const fault of faults) console.error(fault.name, fault.offending.slice(0, 3))
  const found = faults.length === 0 ? 'the books are clean' : `NOT clean: ${faults.map((fault) => fault.name).join(', ')}`
  return { ok: faults.length === 0, sentence: `${name}: ${found} (${rows} rows, ${checks.length} checks)` }
}

/** Proves that the number of orders the server acknowledged equals the number stored: none lost, none doubled. A load generator counts fewer,
 * because some answers were on their way when it stopped. */
export async function proveOrders(name: string, stored: number, acknowledged: number, counted: number, underWay: number): Promise<Proof> {
  const ok = stored === acknowledged && counted <= acknowledged && acknowledged - counted <= underWay
  return {
    ok,
    sentence: `${name}: ${stored} orders stored, ${acknowledged} acknowledged, ${counted} answers counted by the load generator`,
  }
}
