import { setTimeout as pause } from 'node:timers/promises'
import { openLine } from './ask.ts'
import { attempt, customerOf, type Market } from './customer.ts'
import type { Dice } from './dice.ts'
import type { Fault } from './plan.ts'
import { PLAIN_SERVICES } from './shop.ts'
import type { Stage } from './stage.ts'
import { ready } from './wait.ts'

const CONNECTIONS = 64
const ROUNDS = 4

/** Starts a node again and again while 64 connections are open to it already, and all of them ask in the same instant when it is
 * ready, while its event loop stalls: what arrives together is answered together. */
export async function warmStarts(stage: Stage, fault: Fault, dice: Dice): Promise<void> {
  const node = stage.nodes[fault.node]!
  const market: Market = { ...stage, seed: fault.seed, isOver: () => true, pauseMs: 0, lyingSupplier: false }
  const accounts = stage.history.accounts
  const lines = Array.from({ length: CONNECTIONS }, () => openLine(node.url, '127.0.0.7'))
  // A line of its own for the node under test: an answer "not now" leads nowhere else.
  const customers = lines.map((line, index) => customerOf(market, 1000 + index, accounts[index % accounts.length]!, [line]))
  const until = performance.now() + fault.ms
  for (let start = 0; performance.now() < until; start += 1) {
    await node.kill()
    node.start({ stall: { ms: 25, everyMs: dice.pick([27, 30, 40]), forMs: 3000 } })
    await Promise.all(
      customers.map(async ({ account, lines: [line] }) => {
        while (performance.now() < until + 10_000) {
          const answered = await line!.ask({ action: 'balance', key: account.key }, 10_000).catch(() => undefined)
          if (answered) return
          await pause(20)
        }
      }),
    )
    if (!(await ready(node, 10_000))) continue
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = customers.map((customer, index) => {
        const link = `https://example.com/warm-${fault.at}-${fault.seed}-${start}-${round}-${index}`
        const wanted = { service: PLAIN_SERVICES[0], quantity: 10, link, retryKey: undefined, maxCharge: undefined }
        return attempt(market, customer, wanted)
      })
      await Promise.all(asked)
    }
  }
  for (const line of lines) await line.close()
}
