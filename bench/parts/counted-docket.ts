import { setTimeout as pause } from 'node:timers/promises'
import type { Load, Sample } from '../load/load.ts'
import { startDocket } from '../servers/process.ts'
import type { Shop } from '../shop/hall.ts'
import { proveOrders, type Proof } from '../shop/proof.ts'
import type { Bench } from './part.ts'

export interface CountedDocket {
  fire(load: Load, connections: number, seconds: number): Promise<Sample>
  /** Bytes of memory the process holds. */
  readonly residentBytes: () => Promise<number>
  proveOrders(): Promise<Proof>
  stop(): Promise<void>
}

/** `docket serve` on a shop, with a count of all requests, so that the end of the run can prove that no order is missing and none was placed
 * twice. */
export async function openCountedDocket(bench: Bench, shop: Shop, name: string): Promise<CountedDocket> {
  const before = await storedIn(shop)
  const server = await startDocket({ DATABASE_URL: shop.url }, bench.profiles)
  let counted = 0
  let underWay = 0

  return {
    async fire(load, connections, seconds) {
      const sample = await bench.fire(server.url, load, connections, seconds)
      counted += sample.count
      underWay += connections
      return sample
    },
    residentBytes: async () => figure(await server.metrics(), 'process_resident_memory_bytes'),
    async proveOrders() {
      while (figure(await server.metrics(), 'docket_queue_depth{queue="place"}') > 0) await pause(50)
      const acknowledged = figure(await server.metrics(), 'docket_requests_total{action="add",outcome="ok"}')
      return proveOrders(name, (await storedIn(shop)) - before, acknowledged, counted, underWay)
    },
    stop: () => server.stop(),
  }
}

async function storedIn(shop: Shop): Promise<number> {
  const { rows } = await shop.db.query<{ count: bigint }>('select count(*) from orders')
  return Number(rows[0]!.count)
}

/** The value of one metric in Prometheus' text. */
function figure(metrics: string, name: string): number {
  const line = metrics.split('\n').find((text) => text.startsWith(`${name} `))
  return line === undefined ? 0 : Number(line.slice(name.length + 1))
}
