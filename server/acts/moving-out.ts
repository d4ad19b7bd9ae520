import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { addMoving } from '../move-in/movings.ts'
import { act } from './act.ts'

export const movingOut = act({
  name: 'moving out',
  does: 'take everything that belongs to customers and their money out as one file, made in the background, which another Docket takes in',
  permission: 'moving.manage',
  input: z.object({}),
  async run({ tx, now, actor, dryRun }) {
    const row = { source: 'out', name: 'docket', url: null, sealed: null, privateNetwork: false, trySuppliers: false } as const
    // A number that a dry run took would stay taken.
    const moving = dryRun ? null : await addMoving(tx, { ...row, folder: randomUUID(), state: 'run' }, actor, now)
    return { result: { moving }, after: { state: 'run' } }
  },
  says: ({ moving }) => (moving === null ? 'Everything would be taken out' : `Everything is taken out as moving ${moving}`),
})
