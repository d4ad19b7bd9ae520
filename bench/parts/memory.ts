import { setTimeout as pause } from 'node:timers/promises'
import { addLoad, balanceLoad, servicesLoad } from '../load/forms.ts'
import type { Load } from '../load/load.ts'
import { proveBooks } from '../shop/proof.ts'
import { openCountedDocket } from './counted-docket.ts'
import type { Part } from './part.ts'

const CONNECTIONS = 256
const MB = 2 ** 20

/** The memory of a node at rest, and its peak under load. */
export const measureMemory: Part = async (bench) => {
  const shop = await bench.hall.openShop('memory')
  const docket = await openCountedDocket(bench, shop, 'memory')
  try {
    await pause(1000)
    const idle = await docket.residentBytes()
    const under = async (name: string, work: Promise<unknown>) => {
      const peak = await peakDuring(work, docket.residentBytes)
      console.log(`${name}: ${(peak / MB).toFixed(0)} MB`)
      return peak
    }
    console.log(`idle: ${(idle / MB).toFixed(0)} MB`)
    const seconds = bench.seconds * bench.rounds
    const adds = await under(`add, ${CONNECTIONS} connections`, docket.fire(addLoad(shop.customers), CONNECTIONS, seconds))
    const proofs = [await docket.proveOrders(), await proveBooks('memory', shop)]
    const others: [string, Load][] = [
      ['balance', balanceLoad(shop.customers)],
      ['services, brotli', servicesLoad(shop.customers, { 'accept-encoding': 'br' })],
    ]
    const peaks = [adds]
    for (const [name, load] of others)
      peaks.push(await under(`${name}, ${CONNECTIONS} connections`, docket.fire(load, CONNECTIONS, bench.seconds)))
    const work = `memory, ${CONNECTIONS} connections`
    return {
      claims: [
        { work, against: `idle (${(idle / MB).toFixed(0)} MB)`, found: Math.max(...peaks) / idle, unit: '×', atMost: 2 },
        { work, against: '', found: Math.max(...peaks) / MB, unit: ' MB', atMost: 300 },
      ],
      proofs,
    }
  } finally {
    await docket.stop()
  }
}

async function peakDuring(work: Promise<unknown>, ask: () => Promise<number>): Promise<number> {
  let peak = 0
  const look = () => void ask().then((bytes) => (peak = Math.max(peak, bytes)))
  const timer = setInterval(look, 200)
  await work.finally(() => clearInterval(timer))
  return Math.max(peak, await ask())
}
