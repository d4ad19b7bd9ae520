import { z } from 'zod'
import { setupSteps, skipSteps } from '../settings/setup.ts'
import { act } from './act.ts'
import { cli, flag } from './fields.ts'

export const setupSkip = act({
  name: 'setup skip',
  does: 'leave a step of the set-up out, or take it back in: the desk then asks for it no longer, or again',
  permission: 'settings.manage',
  input: z.object({
    step: cli(z.enum([...setupSteps, 'all']), { argument: true, placeholder: '<step>' }).describe(`${setupSteps.join(', ')} or all`),
    back_in: flag().describe('take it back in'),
  }),
  async run({ tx, now, actor }, { step, back_in: backIn }) {
    const steps = step === 'all' ? setupSteps : [step]
    const { before, after } = await skipSteps(tx, { steps, backIn }, { who: actor.who, now })
    return { result: { skipped: after }, before: { skipped: before }, after: { skipped: after } }
  },
  says: ({ skipped }) => (skipped.length === 0 ? 'No step is left out' : `Left out: ${skipped.join(', ')}`),
})
