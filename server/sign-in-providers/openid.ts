import * as client from 'openid-client'
import type { Outgoing } from '../outgoing/fetch.ts'
import { isUrl } from '../url.ts'
import { ProviderRefused, ProviderSilent } from './failures.ts'
import { GOOGLE, type Provider } from './providers.ts'

/** Whom to ask, and how. */
export interface Asked extends Pick<Provider, 'issuer' | 'clientId' | 'privateNetwork'> {
  readonly secret: string
  readonly outgoing: Outgoing
  readonly now: () => Date
  /** A reading of performance.now(): no call goes on after it. */
  readonly until: number
}

/** What a provider tells of itself, as a node remembers it. */
export interface Discovered {
  readonly metadata: client.ServerMetadata
  /** Its keys, once a signature was checked. */
  keys?: client.ExportedJWKSCache | undefined
}

const CALL_LIMIT_MS = 5000
const LARGEST_ANSWER = 256 * 1024
/** As the standard has it. */
const LONGEST_SUBJECT = 255
/** Clocks of providers differ from ours a little. */
const CLOCK_TOLERANCE_SECONDS = 30

/** Asks a provider what it tells of itself. Throws ProviderSilent, or ProviderRefused. */
export async function discover(asked: Asked): Promise<Discovered> {
  const options = { [client.customFetch]: fetchOf(asked), execute: prepared(asked) }
  const found = await told(() => client.discovery(new URL(asked.issuer), asked.clientId, asked.secret, undefined, options))
  const metadata = found.serverMetadata()
  // An issuer that is not named exactly, like that of all tenants of Microsoft, would vouch for whom it does not know.
  if (new URL(metadata.issuer).href !== new URL(asked.issuer).href) throw new ProviderRefused('another issuer')
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    if (!mayBeCalled(metadata[name], asked.privateNetwork)) throw new ProviderRefused(`no ${name}`)
  }
  return { metadata: { ...metadata } }
}

/** Customers' own browsers are led there too, so it is never another scheme. */
function mayBeCalled(url: string | undefined, privateNetwork: boolean): boolean {
  if (url === undefined || !isUrl(url)) return false
  return url.startsWith('https://') || (privateNetwork && url.startsWith('http://'))
}

/** What binds the answer to the question. */
export interface Checks {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export function makeChecks(): Checks {
  return { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
}

/** The address at the provider to which the browser goes. */
export async function addressToGo(
  asked: Asked,
  discovered: Discovered,
  { redirectUri, checks, again }: { readonly redirectUri: string; readonly checks: Checks; readonly again: boolean },
): Promise<string> {
  const parameters = {
    redirect_uri: redirectUri,
    scope: 'openid email',
    state: checks.state,
    nonce: checks.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
    code_challenge_method: 'S256',
    // Who has to show again who they are should not be waved through. Google knows only the choice between accounts.
    ...(again && { prompt: asked.issuer === GOOGLE ? 'select_account' : 'login' }),
  }
  return client.buildAuthorizationUrl(configurationOf(asked, discovered), parameters).href
}

/** What an ID token says of a person. */
export interface Claims {
  readonly subject: string
  readonly email: unknown
  readonly emailVerified: boolean
}

/**
 * Trades the code of the answer for an ID token and checks it: signature, issuer, audience, nonce, time. `answer` is the address to which the browser
 * was led back. Tokens are not kept. Throws ProviderSilent, or ProviderRefused, whose code is the provider's own where it has refused.
 */
export async function claimsOf(asked: Asked, discovered: Discovered, answer: URL, checks: Checks): Promise<Claims> {
  const configuration = configurationOf(asked, discovered)
  if (discovered.keys) client.setJwksCache(configuration, discovered.keys)
  return told(async () => {
    const tokens = await client.authorizationCodeGrant(configuration, answer, {
      expectedState: checks.state,
      expectedNonce: checks.nonce,
      pkceCodeVerifier: checks.verifier,
      idTokenExpected: true,
    })
    discovered.keys = client.getJwksCache(configuration)
    const claims = tokens.claims()!
    if (claims.sub === '' || claims.sub.length > LONGEST_SUBJECT) throw new ProviderRefused('no subject')
    // Some providers tell the address only when they are asked for it.
    const more =
      claims['email'] === undefined && discovered.metadata.userinfo_endpoint !== undefined
        ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : claims
    return {
      subject: claims.sub,
      email: more['email'],
      emailVerified: more['email_verified'] === true || more['email_verified'] === 'true',
    }
  })
}

function configurationOf(asked: Asked, { metadata }: Discovered): client.Configuration {
  const clientMetadata = {
    client_secret: asked.secret,
    [client.clockSkew]: Math.round((asked.now().getTime() - Date.now()) / 1000),
    [client.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
  }
  const configuration = new client.Configuration(metadata, asked.clientId, clientMetadata, authenticationOf(metadata, asked.secret))
  configuration[client.customFetch] = fetchOf(asked)
  for (const prepare of prepared(asked)) prepare(configuration)
  return configuration
}

/** Signatures are checked although the token comes straight from the provider. Without TLS only within the operator's own network. */
function prepared({ privateNetwork }: Asked): ((configuration: client.Configuration) => void)[] {
  return privateNetwork ? [client.enableNonRepudiationChecks, client.allowInsecureRequests] : [client.enableNonRepudiationChecks]
}

/** A provider that names no way takes the secret in the header. */
function authenticationOf({ token_endpoint_auth_methods_supported: ways }: client.ServerMetadata, secret: string): client.ClientAuth {
  return ways?.includes('client_secret_post') && !ways.includes('client_secret_basic')
    ? client.ClientSecretPost(secret)
    : client.ClientSecretBasic(secret)
}

const NO_BODY = new Set([204, 205, 304])

/** The one way out, as the library calls it. */
function fetchOf({ outgoing, until }: Asked): client.CustomFetch {
  return async (url, { method, headers, body }) => {
    const timeLimitMs = Math.min(CALL_LIMIT_MS, until - performance.now())
    if (timeLimitMs <= 0) throw new ProviderSilent('It took too long')
    const outcome = await outgoing.call(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      timeLimitMs,
      bodyLimitBytes: LARGEST_ANSWER,
      ...(body !== undefined && body !== null && { body: bodyText(body) }),
    })
    if (outcome.kind !== 'answered') throw new ProviderSilent(outcome.words)
    if (outcome.status >= 500) throw new ProviderSilent(`${new URL(url).host} answered HTTP ${outcome.status}`)
    const text = NO_BODY.has(outcome.status) ? null : outcome.text
    return new Response(text, { status: outcome.status, headers: { 'content-type': outcome.contentType } })
  }
}

/** The library sends forms, and nothing else. */
function bodyText(body: client.FetchBody): string {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString()
  throw new TypeError('only forms are sent to a provider')
}

/** Does the work, and throws what went wrong in our own words: errors of the library hold claims and tokens. */
async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProviderRefused) throw error
    throw silenceIn(error) ?? new ProviderRefused(codeOf(error))
  }
}

function silenceIn(error: unknown): ProviderSilent | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof ProviderSilent) return cause
  return undefined
}

/** A word like access_denied or OAUTH_JWT_CLAIM_COMPARISON_FAILED. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { error: said, code } = error as { error?: unknown; code?: unknown }
  const word = typeof said === 'string' ? said : code
  return typeof word === 'string' && /^\w{1,60}$/.test(word) ? word : error.name
}
