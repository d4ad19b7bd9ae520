import { z } from 'zod'
import { beginMoving, listMovingFiles, lockMoving } from '../move-in/movings.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'

export const theMoving = { moving: cli(id(), { argument: true }).describe('the number that "moving list" shows') }

export const movingLook = act({
  name: 'moving look',
  does: 'tell what a moving would bring, what cannot come and why, and what it would do to the money owed; it changes nothing',
  permission: 'moving.manage',
  input: z.object(theMoving),
  async run({ tx, now, actor }, { moving: number }) {
    const moving = await lockMoving(tx, number)
    const { state, source } = moving
    if (state === 'look' || state === 'run') throw refuse('moving_under_way', number)
    if (state === 'done' || state === 'removed' || source === 'out') throw refuse('moving_ended', number)
    if (source !== 'hosted') {
      const files = await listMovingFiles(tx, number)
      if (files.length === 0 || files.some(({ bytes, received }) => bytes !== received)) throw refuse('moving_without_files', number)
    }
    await beginMoving(tx, number, 'look', actor, now)
    return { result: { moving: number }, before: { state }, after: { state: 'look' } }
  },
  says: ({ moving }) => `Moving ${moving} is looked at: "docket moving list" tells how far it is`,
})
