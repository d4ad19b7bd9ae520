import { openLine } from './ask.ts'
import { attempt, customerOf, type Market } from './customer.ts'
import type { Dice } from './dice.ts'
import type { Fault } from './plan.ts'
import { PLAIN_SERVICES } from './shop.ts'
import type { Stage } from './stage.ts'

const CONNECTIONS = 64
const EACH_PLACES = 4

/** Starts a node again and again while 64 connections are open to it already, and all of them ask in the same instant when it is
 * ready, while its event loop stalls: what arrives together is answered together. */
export async function warmStarts(stage: Stage, fault: Fault, dice: Dice): Promise<void> {
  const node = stage.nodes[fault.node]!
  const market: Market = { ...stage, seed: fault.seed, isOver: () => true, pauseMs: 0, lyingSupplier: false }
  // Orders of one account wait for each other: with fewer accounts there are smaller batches behind larger ones.
  const accounts = stage.history.accounts.slice(0, dice.pick([4, 8, 16, 64]))
  const lines = Array.from({ length: CONNECTIONS }, () => openLine(node.url, '127.0.0.7'))
  // A line of its own for the node under test: an answer "not now" leads nowhere else.
  const customers = lines.map((line, index) => customerOf(market, 1000 + index, accounts[index % accounts.length]!, [line], false))
  const until = performance.now() + fault.ms
  for (let start = 0; performance.now() < until; start += 1) {
    await node.kill()
    node.start({ stall: { ms: 25, everyMs: dice.pick([27, 30, 40]), forMs: 3000 } })
    const before = stage.history.adds.length
    await Promise.all(
      customers.map(async (customer, index) => {
        for (let turn = 0, placed = 0; placed < EACH_PLACES && performance.now() < until + 10_000; turn += 1) {
          const link = `https://example.com/warm-${fault.at}-${fault.seed}-${start}-${index}-${turn}`
          const wanted = { service: PLAIN_SERVICES[0], quantity: 10, link, retryKey: undefined, maxCharge: undefined }
          const outcome = await attempt(market, customer, wanted)
          if (outcome === 'placed' || outcome === 'refused') placed += 1
        }
      }),
    )
    const told = stage.history.adds.slice(before).filter((add) => add.outcome === 'placed')
    stage.say(`start ${start}: ${told.length} placed, ids ${told[0]?.order} to ${told.at(-1)?.order}, ${accounts.length} accounts`)
  }
  for (const line of lines) await line.close()
}
