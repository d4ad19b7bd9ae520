import { afterEach } from 'vitest'
import { bindSupplier } from '../../server/orders/bind-supplier.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { listAlerts } from '../../server/fulfilment/staff.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import { apiV2Supplier } from '../../server/suppliers/api-v2.ts'
import { addSupplier, readSuppliers } from '../../server/suppliers/registry.ts'
import type { Docket } from './docket.ts'
import { openFakeSupplier } from './fake-supplier.ts'

/** Panels on real ports, closed after each test. */
export function openPanels(docket: Docket) {
  const open: { close(): Promise<void> }[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()))
  })

  let panels = 0

  /** A panel with so many orders of ours, each of 1000, and a way to work at it. */
  async function panelWith(count: number, keepsRetryKeys = false) {
    panels += 1
    const fake = await openFakeSupplier({ dialect: keepsRetryKeys ? 'docket' : 'plain' })
    const outgoing = openOutgoing({ allowPrivate: true })
    open.push(fake, outgoing)
    const sealed = { seal: (text: string) => Buffer.from(text), open: (text: Buffer) => text.toString() }
    const name = `panel ${panels}`
    const row = { name, protocol: 'api-v2', url: fake.url, key: fake.key, privateNetwork: true, keepsRetryKeys } as const
    const id = await addSupplier(docket.db, row, sealed)
    const supplier = apiV2Supplier({ url: fake.url, key: fake.key, outgoing, keyPrefix: `${name}:`, keepsRetryKeys })
    const service = await docket.service({ rate: '1', cancel: true, refill: true })
    await bindSupplier(docket.db, service, name, { theirService: '7', costRate: null, multiplier: 1, position: null, theirType: null })
    const { key } = await docket.account({ balance: '1000' })
    const context = { db: docket.db, now: docket.clock.now, supplierId: id, supplier }
    const add = async (link: string): Promise<number> =>
      (await docket.call({ key, action: 'add', service, link: `https://example.com/${link}`, quantity: 1000 })).order
    const orders: number[] = []
    for (let at = 0; at < count; at += 1) orders.push(await add(String(at)))
    const work = async () => {
      await handOff(context)
      await poll(context)
    }
    const after = async (amount: { seconds?: number; minutes?: number }) => {
      docket.clock.forward(amount)
      await work()
    }
    await work()
    return {
      id,
      fake,
      supplier,
      context,
      key,
      orders,
      add,
      work,
      after,
      row: async () => (await readSuppliers(docket.db)).find((each) => each.id === id)!,
      theirs: (at: number) => String(fake.orders[at]!.id),
      statuses: async (): Promise<string[]> => {
        const told = await docket.call({ key, action: 'status', orders: orders.join(',') })
        return orders.map((order) => told[order].status)
      },
      service,
      status: (order: number) => docket.call({ key, action: 'status', order }),
      balance: () => docket.balance(key),
      alerts: async () => (await listAlerts(docket.db)).filter((alert) => alert.supplier === name),
    }
  }

  return { panelWith }
}
