import { z } from 'zod'
import { beginMoving, hasRunSince, lockMoving } from '../move-in/movings.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { theMoving } from './moving-look.ts'

export const movingRun = act({
  name: 'moving run',
  does: 'bring over what was looked at, or go on where it stopped: services, customers, balances, keys and orders; nothing comes twice',
  permission: 'moving.manage',
  input: z.object(theMoving),
  async run({ tx, now, actor }, { moving: number }) {
    const moving = await lockMoving(tx, number)
    const { state, source, beganAt, report } = moving
    if (state === 'look' || state === 'run') throw refuse('moving_under_way', number)
    if (state === 'done' || state === 'removed') throw refuse('moving_ended', number)
    const isOut = source === 'out'
    if (!isOut && report === null) throw refuse('moving_not_looked_at', number)
    if (!isOut && beganAt === null && (await hasRunSince(tx, moving))) throw refuse('moving_look_again', number)
    await beginMoving(tx, number, 'run', actor, now)
    return { result: { moving: number, source, name: moving.name }, before: { state }, after: { state: 'run' } }
  },
  says: ({ moving }) => `Moving ${moving} begins: "docket moving list" tells how far it is`,
})
