import type { Database } from '../db/pool.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import type { Asked, Discovered } from './openid.ts'
import type { Provider } from './providers.ts'

/** What signing in by a provider works with. Each node makes one. */
export interface ProviderContext {
  readonly db: Database
  readonly now: () => Date
  readonly secret: Secret
  /** The address of the pages; a provider leads back to there, and never to what a request says. */
  readonly siteUrl: () => string
  readonly outgoing: (allowPrivate: boolean) => Outgoing
  /** What a provider tells of itself: asked for once an hour, and after each change. */
  readonly discovered: (provider: Provider, asked: Asked) => Promise<Discovered>
}

const REMEMBERED_MS = 3_600_000

export function openProviderContext(parts: Omit<ProviderContext, 'discovered'>): ProviderContext {
  const remembered = new Map<string, { readonly of: string; readonly until: number; readonly found: Promise<Discovered> }>()
  return {
    ...parts,
    async discovered(provider, asked) {
      const of = `${provider.id} ${provider.changedAt.toISOString()}`
      const known = remembered.get(provider.name)
      if (known?.of === of && known.until > parts.now().getTime()) return known.found
      const found = import('./openid.ts').then(({ discover }) => discover(asked))
      const fresh = { of, until: parts.now().getTime() + REMEMBERED_MS, found }
      remembered.set(provider.name, fresh)
      try {
        return await found
      } catch (error) {
        // The next one asks again.
        if (remembered.get(provider.name) === fresh) remembered.delete(provider.name)
        throw error
      }
    },
  }
}

/** The address to which a provider leads back, which the operator enters there. */
export function redirectUriOf(siteUrl: string, name: string): string {
  return `${siteUrl}/sign-in/with/${name}/callback`
}

/** A reader waits for all calls of one answer together. */
const ALL_CALLS_MS = 12_000

export function askedOf(
  { secret, outgoing, now }: Pick<ProviderContext, 'secret' | 'outgoing' | 'now'>,
  { issuer, clientId, privateNetwork, sealedSecret }: Pick<Provider, 'issuer' | 'clientId' | 'privateNetwork' | 'sealedSecret'>,
): Asked {
  return {
    issuer,
    clientId,
    privateNetwork,
    secret: sealedSecret === null ? '' : secret.open(sealedSecret),
    outgoing: outgoing(privateNetwork),
    now,
    until: performance.now() + ALL_CALLS_MS,
  }
}
