import type { Logger } from 'pino'
import { SIMULATED_SUPPLIER } from '../catalog/catalogue.ts'
import type { Database } from '../db/pool.ts'
import { openSealing } from '../ledger/seal.ts'
import { simulatedSupplier } from '../suppliers/simulated.ts'
import { handOff } from './hand-off.ts'
import { poll } from './poll.ts'
import { workSimulatedRefills } from './simulated-refills.ts'

export interface Loops {
  /** Lets what is under way end, and begins nothing new. */
  stop(): Promise<void>
}

/** Everything that happens to orders without anybody asking. Any number of nodes may run it on one database. */
export function startLoops(deps: { db: Database; now: () => Date; log: Logger; simulatedSpeed: number }): Loops {
  const { db, now, log } = deps
  const supplier = simulatedSupplier({ db, now, speed: deps.simulatedSpeed })
  const sealing = openSealing(db)
  const loops = [
    repeat(500, 'hand-off', () => handOff(db, SIMULATED_SUPPLIER, supplier, now)),
    repeat(500, 'poll', () => poll(db, SIMULATED_SUPPLIER, supplier, now)),
    repeat(2000, 'refills', () => workSimulatedRefills(db, SIMULATED_SUPPLIER, now(), deps.simulatedSpeed).then(() => 0)),
    repeat(5000, 'seal', () => sealing.seal().then(() => 0)),
  ]
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }

  /** Works at once again while there is work, otherwise after the pause. A fault is logged and tried again later. */
  function repeat(pauseMs: number, name: string, work: () => Promise<number>): { stop(): Promise<void> } {
    let stopped = false
    let timer: NodeJS.Timeout | undefined
    let running: Promise<void> = turn()
    async function turn() {
      let busy = false
      try {
        busy = (await work()) > 0
      } catch (error) {
        log.error({ err: error, loop: name }, 'a fulfilment loop failed and will try again')
      }
      if (!stopped) timer = setTimeout(() => (running = turn()), busy ? 0 : pauseMs)
    }
    return {
      async stop() {
        stopped = true
        clearTimeout(timer)
        await running
      },
    }
  }
}
