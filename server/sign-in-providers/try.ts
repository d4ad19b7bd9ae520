import { askedOf, type ProviderContext } from './context.ts'
import { ProviderRefused, ProviderSilent } from './failures.ts'
import type { NewProvider } from './providers.ts'

/** `issuer`: as the provider names itself. `goesTo`: where customers sign in. */
export type Tried = { readonly ok: true; readonly issuer: string; readonly goesTo: string } | { readonly ok: false; readonly why: string }

/** Asks a provider what it tells of itself, which shows whether its issuer is right; whether the secret is, shows only when somebody signs in. */
export async function tryProvider(
  context: Pick<ProviderContext, 'secret' | 'outgoing' | 'now'>,
  provider: Pick<NewProvider, 'issuer' | 'clientId' | 'privateNetwork' | 'sealedSecret'>,
): Promise<Tried> {
  const { discover } = await import('./openid.ts')
  try {
    const { metadata } = await discover(askedOf(context, provider))
    return { ok: true, issuer: metadata.issuer, goesTo: new URL(metadata.authorization_endpoint!).host }
  } catch (error) {
    if (error instanceof ProviderSilent) return { ok: false, why: error.words }
    if (error instanceof ProviderRefused)
      return { ok: false, why: `${new URL(provider.issuer).host} does not answer as an OpenID Connect provider does (${error.code})` }
    throw error
  }
}
