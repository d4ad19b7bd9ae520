import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { findProvider, type NewProvider, type Provider, saveProvider } from '../sign-in-providers/providers.ts'
import { redirectUriOf } from '../sign-in-providers/context.ts'
import { tryProvider } from '../sign-in-providers/try.ts'
import { act, changed } from './act.ts'
import { cli, text, yesNo } from './fields.ts'
import type { House } from './house.ts'
import { issuer, KNOWN, theProvider } from './provider-fields.ts'
import { rowOf } from './rows.ts'

const input = z.object({
  ...theProvider,
  name: text(60).trim().min(1, 'It must not be empty.').optional().describe('what customers read, like "Google"'),
  issuer: issuer().optional().describe('issuer URL, like https://accounts.example.com'),
  client_id: text(300).trim().min(1, 'It must not be empty.').optional().describe('client ID that the provider gave you'),
  client_secret: cli(z.string().trim().min(1, 'It must not be empty.').max(1000), { placeholder: '<secret>', secret: true })
    .optional()
    .describe('client secret that the provider gave you; stored sealed, and never shown again'),
  offered: yesNo().optional().describe('whether customers see its button; at first they do'),
  private_network: yesNo().optional().describe('whether an address in your own network is allowed, also without TLS'),
})
type Input = z.output<typeof input>

export const providerSet = act({
  name: 'sign-in-provider set',
  does: 'let customers sign in by Google or another OpenID Connect provider; one that customers see is asked first, and saved if it answers',
  permission: 'settings.manage',
  overwrites: true,
  input,
  async prepare(house, given) {
    const wanted = await wantedProvider(house, given, await findProvider(house.db, given.provider))
    // One that nobody sees is saved as it is, also while it is away.
    if (!wanted.offered) return wanted
    const tried = await tryProvider({ ...(await house.payments()), now: house.now }, wanted)
    if (!tried.ok) throw refuse('sign_in_provider_fails', tried.why)
    return { ...wanted, issuer: tried.issuer }
  },
  async run({ tx, now, house }, { provider }, wanted) {
    const known = await findProvider(tx, provider)
    const before = known ? await rowOf(tx, 'sign-in providers', known.id) : null
    const id = await saveProvider(tx, wanted, now)
    const redirect = redirectUriOf((await house.site()).url, provider)
    return { result: { provider, redirect_uri: redirect }, ...changed(before, await rowOf(tx, 'sign-in providers', id)) }
  },
  says: ({ provider, redirect_uri: redirect }) => `${provider} is saved. Enter there as redirect URI: ${redirect}`,
})

/** The provider as it would be. Throws a Refusal that names what is missing. */
async function wantedProvider(house: House, given: Input, before: Provider | undefined): Promise<NewProvider> {
  const { provider, client_id: clientId, client_secret: secret } = given
  const issuer = required('issuer', given.issuer ?? before?.issuer ?? KNOWN[provider]?.issuer)
  const privateNetwork = given.private_network ?? before?.privateNetwork ?? false
  if (!issuer.startsWith('https:') && !privateNetwork) {
    throw refuse('incorrect_act_field', 'issuer', 'It must begin with https://.')
  }
  const sealed = secret === undefined ? before?.sealedSecret : (await house.secret()).seal(secret)
  return {
    name: provider,
    title: given.name ?? before?.title ?? KNOWN[provider]?.name ?? provider,
    issuer,
    clientId: required('client_id', clientId ?? before?.clientId),
    sealedSecret: required('client_secret', sealed ?? undefined),
    privateNetwork,
    offered: given.offered ?? before?.offered ?? true,
  }
}

function required<Value>(field: string, value: Value | undefined): Value {
  if (value === undefined) throw refuse('incorrect_act_field', field, 'It must not be empty.')
  return value
}
