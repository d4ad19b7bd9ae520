import { type Later, later, type Visit } from '../customers/account-context.ts'
import { providerAllowances } from '../customers/allowances.ts'
import { takeAttempt } from '../customers/attempts.ts'
import { isEmail } from '../customers/email.ts'
import type { ProvenIdentity } from '../customers/linked-sign-ins.ts'
import { hashToken } from '../customers/token.ts'
import { askedOf, type ProviderContext, redirectUriOf } from './context.ts'
import { ProviderRefused, ProviderSilent } from './failures.ts'
import type { Checks, Claims } from './openid.ts'
import { findProvider, type Provider } from './providers.ts'

/** What somebody wants of a provider: to sign in, to link it to the account they are signed in to, or to show again who they are. */
export type Purpose = 'sign in' | 'link' | 'prove'

interface Begun {
  readonly purpose: Purpose
  /** Of whoever is signed in, unless the purpose is to sign in. */
  readonly sessionId: bigint | null
  /** The page of our own that it continues to. */
  readonly next: string
}

/** `unknown`: the house does not offer such a provider. `silent`, `refused`: the provider cannot be used now; `why` is for the log. */
export type Going = { readonly kind: 'go'; readonly url: string; readonly provider: string } | Later | { readonly kind: 'unknown' } | Failed

export interface Failed {
  readonly kind: 'silent' | 'refused'
  readonly provider: string
  readonly why: string
}

/** Longer than anybody takes to sign in somewhere, and to find their phone. */
const WAITS_SECONDS = 600
export const BROWSER_SECRET_SECONDS = WAITS_SECONDS

const BEGIN = `
  insert into provider_sign_ins (state_hash, browser_hash, provider_id, purpose, session_id, sealed, next, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`
const SWEEP = 'delete from provider_sign_ins where expires_at <= $1'
/** Whoever comes back late is told so. */
const SWEPT_AFTER_MS = 3_600_000

/** Begins a sign-in by a provider in the browser whose cookie holds this secret, and answers where it goes. */
export async function beginAtProvider(
  context: ProviderContext,
  { name, browser, begun }: { readonly name: string; readonly browser: string; readonly begun: Begun },
  visit: Visit,
): Promise<Going> {
  const provider = await findProvider(context.db, name)
  if (!provider?.offered) return { kind: 'unknown' }
  const wait = await takeAttempt(context.db, providerAllowances(visit), context.now())
  if (wait > 0) return later(wait)
  // The library is read when somebody first uses it.
  const { addressToGo, makeChecks } = await import('./openid.ts')
  const checks = makeChecks()
  return orFailed(provider, async () => {
    const asked = askedOf(context, provider)
    const discovered = await context.discovered(provider, asked)
    const redirectUri = redirectUriOf(context.siteUrl(), provider.name)
    const url = await addressToGo(asked, discovered, { redirectUri, checks, again: begun.purpose === 'prove' })
    const { db, secret, now } = context
    await db.query(SWEEP, [new Date(now().getTime() - SWEPT_AFTER_MS)])
    await db.query(BEGIN, [
      hashToken(checks.state), hashToken(browser), provider.id, begun.purpose, begun.sessionId,
      secret.seal(JSON.stringify(checks)), begun.next, new Date(now().getTime() + WAITS_SECONDS * 1000),
    ]) // prettier-ignore
    return { kind: 'go', url, provider: provider.title }
  })
}

/** `void`: this browser has begun no such sign-in, or it was answered already. `late`: it waited too long. `cancelled`: by the person, at the provider. */
export type Answered =
  | (Begun & { readonly kind: 'proven'; readonly identity: ProvenIdentity })
  | { readonly kind: 'void' }
  | (Pick<Begun, 'purpose' | 'next'> & { readonly kind: 'late' | 'cancelled'; readonly provider: string })
  | (Pick<Begun, 'purpose' | 'next'> & Failed)

interface Waiting extends Begun {
  readonly providerId: number
  readonly sealed: Buffer
  readonly expiresAt: Date
}

const TAKE = `
  delete from provider_sign_ins where state_hash = $1 and browser_hash = $2
  returning provider_id as "providerId", purpose, session_id as "sessionId", sealed, next, expires_at as "expiresAt"`

/**
 * Takes the answer with which a provider leads the browser back. It counts once, and only in the browser that began: whoever sends it from another one
 * changes nothing. `query` is that of the request; the rest of the address is our own.
 */
export async function takeAnswer(
  context: ProviderContext,
  { name, browser, query }: { readonly name: string; readonly browser: string | undefined; readonly query: string },
): Promise<Answered> {
  const state = new URLSearchParams(query).get('state')
  const provider = await findProvider(context.db, name)
  if (state === null || browser === undefined || !provider) return { kind: 'void' }
  const { rows } = await context.db.query<Waiting>(TAKE, [hashToken(state), hashToken(browser)])
  const waiting = rows[0]
  // An answer that one provider was asked for is never taken from another.
  if (!waiting || waiting.providerId !== provider.id) return { kind: 'void' }
  const { purpose, next, sessionId } = waiting
  if (waiting.expiresAt <= context.now()) return { kind: 'late', purpose, next, provider: provider.title }
  if (!provider.offered) return { kind: 'void' }
  const checks = JSON.parse(context.secret.open(waiting.sealed)) as Checks
  const answer = new URL(redirectUriOf(context.siteUrl(), provider.name))
  answer.search = query
  const claims = await orFailed(provider, async () => {
    const { claimsOf } = await import('./openid.ts')
    const asked = askedOf(context, provider)
    return { kind: 'told' as const, ...(await claimsOf(asked, await context.discovered(provider, asked), answer, checks)) }
  })
  if (claims.kind === 'told') return { kind: 'proven', purpose, next, sessionId, identity: identityOf(provider, claims) }
  if (claims.why === 'access_denied') return { kind: 'cancelled', purpose, next, provider: provider.title }
  return { ...claims, purpose, next }
}

function identityOf({ issuer, title }: Provider, { subject, email, emailVerified }: Claims): ProvenIdentity {
  const address = typeof email === 'string' && isEmail(email.trim()) ? email.trim() : null
  return { issuer, subject, email: address, emailVerified: address !== null && emailVerified, provider: title }
}

async function orFailed<Result>({ title }: Provider, work: () => Promise<Result>): Promise<Result | Failed> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProviderSilent) return { kind: 'silent', provider: title, why: error.words }
    if (error instanceof ProviderRefused) return { kind: 'refused', provider: title, why: error.code }
    throw error
  }
}
