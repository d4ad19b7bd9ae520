import { knownServices } from '../catalog/bring-services.ts'
import { transaction } from '../db/pool.ts'
import { bringHandOffs } from '../fulfilment/bring-hand-offs.ts'
import { bringEndedOrders, type BroughtOrder, keepOrderIdsAhead, ordersHere } from '../orders/bring-orders.ts'
import { addDeletedServices } from './bring-services.ts'
import { BY_STAFF } from './bring-suppliers.ts'
import type { Moving } from './moving.ts'
import type { OddRow } from './oddities.ts'
import { isEnded, type Kind, type PanelOrder } from './panel.ts'
import { type Before, shapeOrder } from './shape-order.ts'
import { rateOfCharge } from './values.ts'

/** Open orders by account: they wait for the balance of their account. */
export type OpenOrders = Map<number, PanelOrder[]>

const ORDERS: ReadonlySet<Kind> = new Set(['orders'])

/** Streams all orders by: those that have ended are written in batches, those that are open are kept for the balances. */
export async function bringEnded(moving: Moving, open: OpenOrders): Promise<void> {
  const { panel, findings, now, onProgress, steps } = moving
  const before: Before = { placedAt: null }
  let batch: PanelOrder[] = []
  for await (const { rows } of panel.read(ORDERS)) {
    for (const raw of rows) {
      const order = shapeOrder(raw, before, panel.linkLimit, now, findings)
      if (order) batch.push(order)
      else findings.counts['ended orders'].leftOut += 1
      if (batch.length < steps.ordersAtOnce) continue
      await bringBatch(moving, batch, open)
      batch = []
      await steps.between()
    }
    findings.counts['ended orders'].read += rows.length
    onProgress('orders', rows.length)
    await steps.between()
  }
  await bringBatch(moving, batch, open)
}

async function bringBatch(moving: Moving, orders: readonly PanelOrder[], open: OpenOrders): Promise<void> {
  const { db, here, findings, dryRun, panel, now } = moving
  const usable = await usableOf(moving, orders)
  const isHere = await ordersHere(db, usable.map(({ id }) => id)) // prettier-ignore
  const fresh = usable.filter((order) => isFresh(moving, order, isHere))
  const ended = fresh.filter(isEnded)
  for (const order of fresh) {
    if (isEnded(order)) continue
    const others = open.get(order.account)
    if (others) others.push(order)
    else open.set(order.account, [order])
  }
  const opened = orders.filter((order) => !isEnded(order)).length
  findings.counts['ended orders'].read -= opened
  findings.counts['open orders'].read += opened
  findings.counts['ended orders'].brought += ended.length
  if (dryRun || ended.length === 0) return
  const brought = ended.map((order) => broughtOf(moving, order))
  const handOffs = ended.flatMap(({ id, supplier, reference }) => {
    const supplierId = supplier === null ? undefined : here.suppliers.get(supplier)
    return supplierId === undefined || reference === null ? [] : [{ orderId: id, supplierId, reference }]
  })
  await transaction(db, async (tx) => {
    await bringEndedOrders(tx, panel.name, brought)
    await bringHandOffs(tx, handOffs, { ended: true, panel: panel.name, now })
    await keepOrderIdsAhead(tx)
    await moving.steps.note(tx, { 'ended orders': ended.length })
  })
}

/** Those of accounts and services that are here. A service that was deleted there comes back, so that its orders can be read. */
async function usableOf(moving: Moving, orders: readonly PanelOrder[]): Promise<PanelOrder[]> {
  const { db, here, findings } = moving
  const unknown = [...new Set(orders.map(({ service }) => service).filter((service) => !here.services.has(service)))]
  if (unknown.length > 0) {
    const taken = await knownServices(db, unknown)
    const deleted = unknown.filter((service) => !taken.has(service))
    if (deleted.length > 0) await addDeletedServices(moving, deleted)
  }
  const seen = new Set<bigint>()
  return orders.filter((order) => {
    const row: OddRow = ['order', order.id]
    const count = countOf(moving, order)
    if (seen.has(order.id)) findings.odd('id_twice', row)
    else if (!here.accounts.has(order.account)) findings.odd('order_account_missing', row, String(order.account))
    else if (!here.services.has(order.service)) findings.odd('order_service_other', row, String(order.service))
    else {
      seen.add(order.id)
      return true
    }
    count.leftOut += 1
    return false
  })
}

function isFresh(moving: Moving, order: PanelOrder, isHere: ReadonlyMap<bigint, string | null>): boolean {
  if (!isHere.has(order.id)) return true
  const count = countOf(moving, order)
  if (isHere.get(order.id) === moving.panel.name) count.here += 1
  else {
    count.leftOut += 1
    moving.findings.odd('order_number_taken', ['order', order.id])
  }
  return false
}

export function countOf({ findings }: Moving, order: PanelOrder) {
  return findings.counts[isEnded(order) ? 'ended orders' : 'open orders']
}

/** As it is stored here. An order whose supplier is unknown is one of staff. */
export function broughtOf({ here }: Moving, order: PanelOrder): BroughtOrder {
  const { supplier, reference: _, attention: __, ...rest } = order
  const supplierId = (supplier === null ? undefined : here.suppliers.get(supplier)) ?? here.suppliers.get(BY_STAFF)!
  return { ...rest, supplierId, rate: rateOfCharge(order.charge, order.quantity) }
}
