import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Somebody who is signed in at the provider. */
export interface Someone {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean | string
}

interface Issued {
  readonly someone: Someone
  readonly nonce: string | null
  readonly challenge: string | null
  readonly redirectUri: string
}

/** How the next answers differ from those of an honest provider that is well. */
export interface Play {
  /** Changes what the ID token says. */
  claims?: (claims: Record<string, unknown>) => Record<string, unknown>
  /** Signs with something else than the key that is published. */
  signing?: 'RS256' | 'ES256' | 'none' | 'HS256' | 'another key'
  /** Answers the call of this path in its own way, and tells so by true. */
  answer?: (path: string, response: ServerResponse) => boolean
  /** Tells the address only when it is asked for it. */
  addressApart?: boolean
  /** Ways in which a client may show its secret. */
  ways?: readonly string[]
  /** Parameters of the answer that the browser carries. */
  redirect?: (answer: URLSearchParams) => void
  metadata?: (metadata: Record<string, unknown>) => Record<string, unknown>
}

export interface OpenIdProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who sits at the browser; undefined: they press cancel. */
  someone: Someone | undefined
  play: Play
  /** The paths that were asked for. */
  readonly calls: string[]
  /** The last question that a browser brought. */
  readonly asked: () => URLSearchParams
  close(): Promise<void>
}

/** An OpenID Connect provider over HTTP on this machine: discovery, authorisation with PKCE, tokens signed with its own keys. Whoever sits at the browser
 * agrees at once. `now`: its clock, which is the panel's; `host`: by what name this machine is called. */
export async function openIdProvider(now: () => Date, host = '127.0.0.1'): Promise<OpenIdProvider> {
  const keys = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    'another key': generateKeyPairSync('rsa', { modulusLength: 2048 }),
  }
  const codes = new Map<string, Issued>()
  const tokens = new Map<string, Someone>()
  const calls: string[] = []
  let asked = new URLSearchParams()
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`
  const [clientId, clientSecret] = ['panel', `secret of the panel ${randomBytes(8).toString('hex')} with = and %`]

  const provider: OpenIdProvider = {
    issuer,
    clientId,
    clientSecret,
    someone: undefined,
    play: {},
    calls,
    asked: () => asked,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url!, issuer)
    calls.push(url.pathname)
    if (provider.play.answer?.(url.pathname, response)) return
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, provider.play.metadata?.(metadata()) ?? metadata())
      case '/jwks':
        return json(response, 200, {
          keys: (['RS256', 'ES256'] as const).map((alg) => ({ ...publicJwk(keys[alg].publicKey), alg, kid: alg, use: 'sig' })),
        })
      case '/authorize':
        return authorize(url.searchParams, response)
      case '/token':
        return token(request, new URLSearchParams(await bodyOf(request)), response)
      case '/userinfo':
        return userinfo(request, response)
      default:
        return json(response, 404, {})
    }
  }

  function metadata(): Record<string, unknown> {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      ...(provider.play.ways && { token_endpoint_auth_methods_supported: provider.play.ways }),
    }
  }

  function authorize(question: URLSearchParams, response: ServerResponse) {
    asked = question
    const answer = new URLSearchParams({ state: question.get('state') ?? '', iss: issuer })
    if (provider.someone) {
      const code = randomBytes(16).toString('hex')
      codes.set(code, {
        someone: provider.someone,
        nonce: question.get('nonce'),
        challenge: question.get('code_challenge'),
        redirectUri: question.get('redirect_uri') ?? '',
      })
      answer.set('code', code)
    } else {
      answer.set('error', 'access_denied')
    }
    provider.play.redirect?.(answer)
    response.writeHead(302, { location: `${question.get('redirect_uri')}?${answer.toString()}` }).end()
  }

  function token(request: IncomingMessage, form: URLSearchParams, response: ServerResponse) {
    const issued = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    if (!isOurClient(request, form)) return json(response, 401, { error: 'invalid_client' })
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!issued || issued.challenge !== challenge || issued.redirectUri !== form.get('redirect_uri'))
      return json(response, 400, { error: 'invalid_grant' })
    const access = randomBytes(16).toString('hex')
    tokens.set(access, issued.someone)
    return json(response, 200, {
      access_token: access,
      token_type: 'Bearer',
      expires_in: 60,
      refresh_token: 'kept by nobody',
      id_token: idToken(issued),
    })
  }

  function isOurClient({ headers }: IncomingMessage, form: URLSearchParams): boolean {
    const ways = provider.play.ways ?? ['client_secret_basic']
    const basic = `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`
    if (ways.includes('client_secret_basic') && headers.authorization === basic) return true
    return ways.includes('client_secret_post') && form.get('client_id') === clientId && form.get('client_secret') === clientSecret
  }

  function idToken({ someone, nonce }: Issued): string {
    const seconds = Math.floor(now().getTime() / 1000)
    const { sub, ...address } = someone
    const honest = { iss: issuer, aud: clientId, sub, iat: seconds, exp: seconds + 300, nonce, ...(!provider.play.addressApart && address) }
    return signed(provider.play.claims?.(honest) ?? honest)
  }

  function signed(claims: object): string {
    const { signing = 'RS256' } = provider.play
    const alg = signing === 'another key' ? 'RS256' : signing
    const header = { alg, typ: 'JWT', ...(alg !== 'none' && { kid: alg }) }
    const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    if (signing === 'none') return `${text}.`
    if (signing === 'HS256') return `${text}.${createHmac('sha256', clientSecret).update(text).digest('base64url')}`
    const key = keys[signing].privateKey
    const signature = sign('sha256', Buffer.from(text), signing === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key)
    return `${text}.${signature.toString('base64url')}`
  }

  function userinfo({ headers }: IncomingMessage, response: ServerResponse) {
    const someone = tokens.get(headers.authorization?.replace('Bearer ', '') ?? '')
    return someone ? json(response, 200, someone) : json(response, 401, {})
  }

  return provider
}

function json(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function publicJwk(key: KeyObject) {
  return key.export({ format: 'jwk' })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}
