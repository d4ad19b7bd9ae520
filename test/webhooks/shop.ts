import { expect, vi } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { settle } from '../../server/orders/settle.ts'
import type { Docket } from '../support/docket.ts'

/** A service, once the node sells it: a node hears of a change a moment after its commit. */
export async function serviceOnSale(docket: Docket, entry: Record<string, unknown> = {}): Promise<number> {
  const { key } = await docket.account({ balance: '1000' })
  const service = await docket.service({ refill: true, cancel: true, ...entry })
  await vi.waitFor(
    async () => {
      await docket.db.query('update services set name = name where id = $1', [service])
      expect(await docket.call({ key, action: 'services' })).toContainEqual(expect.objectContaining({ service }))
    },
    { timeout: 300_000, interval: 10 },
  )
  return service
}

export async function place(docket: Docket, key: string, service: number, quantity = 1000): Promise<bigint> {
  const answer = await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity })
  expect(answer).toEqual({ order: expect.any(Number) })
  return BigInt(answer.order)
}

/** What a supplier says an order has come to. */
export function move(
  docket: Docket,
  orderId: bigint,
  status: OrderStatus,
  remains: bigint | null = null,
  startCount: bigint | null = null,
) {
  return settle(docket.db, [{ orderId, status, startCount, remains, words: null }], 'supplier', docket.clock.now())
}
