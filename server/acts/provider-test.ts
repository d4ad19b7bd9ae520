import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { findProvider } from '../sign-in-providers/providers.ts'
import { tryProvider } from '../sign-in-providers/try.ts'
import { act } from './act.ts'
import { theProvider } from './provider-fields.ts'

export const providerTest = act({
  name: 'sign-in-provider test',
  does: 'ask a sign-in provider what it tells of itself; changes nothing',
  permission: 'settings.manage',
  input: z.object(theProvider),
  async prepare(house, { provider: name }) {
    const provider = await findProvider(house.db, name)
    if (!provider) throw refuse('unknown_sign_in_provider', name)
    return tryProvider({ ...(await house.payments()), now: house.now }, provider)
  },
  async run(_, { provider }, tried) {
    const result = { provider, ok: tried.ok, words: tried.ok ? tried.goesTo : tried.why }
    return { result, after: { answers: tried.ok } }
  },
  says: ({ provider, ok, words }) => (ok ? `${provider} answers: customers sign in at ${words}` : `${provider} cannot be used: ${words}`),
})
