import { setTimeout } from 'node:timers/promises'
import type { ActWith } from '../server/acts/act.ts'
import { workExport } from '../server/acts/export-worker.ts'
import { runAct } from '../server/acts/run-act.ts'
import { everyPart, findExport } from '../server/jobs/exports.ts'
import { machineUser } from '../server/staff/actor.ts'
import { type Beside, userName } from './acts.ts'
import { withHouse } from './house.ts'

const BETWEEN_LOOKS_MS = 200

/** Takes a list out, makes the file unless a node of the house does, and writes it to standard output. */
export function toStandardOutput(act: ActWith<{ readonly export: number | null }>): Beside {
  return {
    instead: (input) => () =>
      withHouse(async (house) => {
        const { result } = await runAct(house, machineUser(userName()), act, { input })
        const id = BigInt(result.export!)
        for (;;) {
          await workExport(house, () => false, id)
          if ((await findExport(house.db, id)).endedAt !== null) break
          await setTimeout(BETWEEN_LOOKS_MS)
        }
        for await (const piece of everyPart(house.db, id)) process.stdout.write(piece)
      }),
  }
}
