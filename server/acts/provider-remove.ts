import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { findProvider, removeProvider } from '../sign-in-providers/providers.ts'
import { act } from './act.ts'
import { theProvider } from './provider-fields.ts'
import { rowOf } from './rows.ts'

export const providerRemove = act({
  name: 'sign-in-provider remove',
  does: 'remove a sign-in provider with its secret; what customers have linked stays, for the day on which it is set up again',
  permission: 'settings.manage',
  input: z.object(theProvider),
  async run({ tx }, { provider: name }) {
    const provider = await findProvider(tx, name)
    if (!provider) throw refuse('unknown_sign_in_provider', name)
    const before = await rowOf(tx, 'sign-in providers', provider.id)
    await removeProvider(tx, provider.id)
    return { result: { provider: name }, before, after: null }
  },
  says: ({ provider }) => `Nobody signs in by ${provider} any more`,
})
