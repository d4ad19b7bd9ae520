import type { OrderStatus } from '../../contract/statuses.ts'
import { addSupplier } from '../../server/suppliers/registry.ts'
import type { AddAnswer, RequestAnswer, Standing, Supplier } from '../../server/suppliers/supplier.ts'
import type { Docket } from './docket.ts'

/** A supplier whose orders stand as the test says, and that answers what it is told to. */
export interface ToldSupplier {
  readonly id: number
  readonly name: string
  readonly supplier: Supplier
  /** How an order stands from now on, asked or not. */
  tell(order: number, status: OrderStatus, counts?: { startCount?: number; remains?: number }): void
  /** What it answers to `add`; by default it takes everything. */
  onAdd: (order: number) => AddAnswer
  onCancel: (order: number) => RequestAnswer
  /** Orders that were handed to it, each time they were; and whose cancel was asked. */
  readonly handed: number[]
  readonly cancels: number[]
}

let suppliers = 0

export async function toldSupplier(docket: Docket, options: { keepsRetryKeys?: boolean } = {}): Promise<ToldSupplier> {
  suppliers += 1
  const name = `told ${suppliers}`
  const unused = { seal: (text: string) => Buffer.from(text), open: (sealed: Buffer) => sealed.toString() }
  const row = { name, protocol: 'manual', url: null, key: null, privateNetwork: false, keepsRetryKeys: null } as const
  const id = await addSupplier(docket.db, row, unused)
  const standings = new Map<string, Standing>()
  const numberOf = (reference: string) => Number(reference.slice(1))
  const told: ToldSupplier = {
    id,
    name,
    handed: [],
    cancels: [],
    onAdd: (order) => ({ kind: 'accepted', reference: `t${order}`, words: null }),
    onCancel: () => ({ kind: 'taken', reference: null }),
    tell(order, status, { startCount, remains } = {}) {
      standings.set(`t${order}`, {
        status,
        startCount: startCount === undefined ? null : BigInt(startCount),
        remains: remains === undefined ? null : BigInt(remains),
        cost: null,
        words: status,
      })
    },
    supplier: {
      repeatsSafely: async () => options.keepsRetryKeys === true,
      async add({ orderId }) {
        told.handed.push(Number(orderId))
        return told.onAdd(Number(orderId))
      },
      status: async (references) =>
        new Map(
          references.flatMap((reference) =>
            standings.has(reference) ? [[reference, { kind: 'read', standing: standings.get(reference)! }] as const] : [],
          ),
        ),
      async cancel(references) {
        told.cancels.push(...references.map(numberOf))
        return new Map(references.map((reference) => [reference, told.onCancel(numberOf(reference))]))
      },
      refill: async () => ({ kind: 'refused', words: 'no refills here' }),
      refillStatus: async () => new Map(),
    },
  }
  return told
}
