import { z } from 'zod'
import { stopMoving } from '../move-in/movings.ts'
import { act } from './act.ts'
import { theMoving } from './moving-look.ts'

export const movingStop = act({
  name: 'moving stop',
  does: 'end a moving before its next step; what came stays, and it can be gone on with',
  permission: 'moving.manage',
  input: z.object(theMoving),
  async run({ tx, now, actor }, { moving }) {
    await stopMoving(tx, moving, actor.who, now)
    return { result: { moving, stopping: true }, after: { moving, stop_asked_by: actor.who } }
  },
  says: ({ moving }) => `Moving ${moving} ends before its next step`,
})
