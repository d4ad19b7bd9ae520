import { z } from 'zod'
import { lockMoving, removeMoving } from '../move-in/movings.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { theMoving } from './moving-look.ts'

export const movingRemove = act({
  name: 'moving remove',
  does: 'delete the files and keys that a moving keeps; what it brought over stays',
  permission: 'moving.manage',
  input: z.object(theMoving),
  async run({ tx, now }, { moving: number }) {
    const { state } = await lockMoving(tx, number)
    if (state === 'look' || state === 'run') throw refuse('moving_under_way', number)
    if (state === 'removed') throw refuse('moving_ended', number)
    await removeMoving(tx, number, now)
    return { result: { moving: number }, before: { state }, after: { state: 'removed' } }
  },
  says: ({ moving }) => `The files and keys of moving ${moving} are deleted`,
})
