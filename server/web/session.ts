import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountContext, Visit } from '../customers/account-context.ts'
import { BROWSER_SECONDS } from '../customers/known-browsers.ts'
import { findSession, type Session, SESSION_SECONDS } from '../customers/sessions.ts'
import type { SignedIn } from '../customers/sign-in.ts'
import { isToken, makeToken } from '../customers/token.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { formToken, isFormToken, isFromOwnPages } from './csrf.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined for visitors who are not signed in, and for those whose session has ended. */
    session: Session | undefined
    /** The token in the forms of a signed-in user's page. */
    formToken: string | undefined
  }
}

export interface SessionDependencies {
  readonly accounts: AccountContext
  /** The language of the page that answers the request. */
  readonly localeOf: (request: FastifyRequest) => string
}

export const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** For pages that know their users: finds the session of each request and refuses a form that does not come from our own pages. Register it within
 * the part of the server that serves pages, after the cookie parser; the API does not use it. */
export function openSessions(pages: FastifyInstance, dependencies: () => SessionDependencies): void {
  pages.decorateRequest('session', undefined)
  pages.decorateRequest('formToken', undefined)
  pages.addHook('onRequest', async (request, reply) => {
    const { accounts, localeOf } = dependencies()
    request.session = await findSession(
      accounts.db,
      readCookie(request, accounts, 'session'),
      visitOf(request, accounts, localeOf(request)),
      accounts.now(),
    )
    if (!request.session) return
    request.formToken = formToken(cookieSecret(request, accounts)!)
    void reply.header('cache-control', 'no-store')
  })
  pages.addHook('preHandler', async (request) => {
    if (!SAFE_METHODS.has(request.method)) checkForm(request, dependencies().accounts)
  })
}

/** The browser and address that a request comes from. */
export function visitOf(request: FastifyRequest, accounts: AccountContext, locale: string): Visit {
  const agent = request.headers['user-agent'] ?? ''
  return { address: request.ip, agent, locale, browser: readCookie(request, accounts, 'browser') }
}

/** The token that a form must send in its field `csrf`, or a script in the header `x-csrf-token`. */
export function csrfToken(request: FastifyRequest, reply: FastifyReply, accounts: AccountContext): string {
  const held = cookieSecret(request, accounts)
  if (held !== undefined) return formToken(held)
  const visitor = makeToken()
  writeCookie(request, reply, accounts, 'visitor', visitor, undefined)
  // A page may have several forms: they must all use the same cookie.
  request.cookies[nameOf(request, accounts, 'visitor')] = visitor
  return formToken(visitor)
}

function checkForm(request: FastifyRequest, accounts: AccountContext) {
  const headers = request.headers
  const site = typeof headers['sec-fetch-site'] === 'string' ? headers['sec-fetch-site'] : undefined
  const own = [new URL(accounts.site.url).origin, `${request.protocol}://${request.host}`]
  const held = cookieSecret(request, accounts)
  const fields = request.body as Readonly<Record<string, unknown>> | null | undefined
  const token = headers['x-csrf-token'] ?? fields?.['csrf']
  const isOurs = isFromOwnPages({ site, origin: headers.origin }, own)
  if (isOurs && held !== undefined && typeof token === 'string' && isFormToken(token, held)) return
  throw formRefused()
}

export function formRefused(): Refusal {
  return refuse('form_refused')
}

/** The secret that binds a form to a browser: that of its session or, before anybody has signed in, that of a separate cookie. */
function cookieSecret(request: FastifyRequest, accounts: AccountContext): string | undefined {
  const secret = request.session ? readCookie(request, accounts, 'session') : readCookie(request, accounts, 'visitor')
  return isToken(secret) ? secret : undefined
}

export function writeSession(request: FastifyRequest, reply: FastifyReply, accounts: AccountContext, signedIn: SignedIn): void {
  writeCookie(request, reply, accounts, 'session', signedIn.token, SESSION_SECONDS)
  writeCookie(request, reply, accounts, 'browser', signedIn.browser, BROWSER_SECONDS)
}

/** Signs the browser out. It is still a known browser. */
export function clearSession(request: FastifyRequest, reply: FastifyReply, accounts: AccountContext): void {
  void reply.clearCookie(nameOf(request, accounts, 'session'), {
    path: '/',
    secure: isSecure(request, accounts),
    httpOnly: true,
    sameSite: 'lax',
  })
}

type Cookie = 'session' | 'visitor' | 'browser'

function readCookie(request: FastifyRequest, accounts: AccountContext, cookie: Cookie): string | undefined {
  return request.cookies[nameOf(request, accounts, cookie)]
}

function writeCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  accounts: AccountContext,
  cookie: Cookie,
  value: string,
  maxAge: number | undefined,
) {
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request, accounts) } as const
  void reply.setCookie(nameOf(request, accounts, cookie), value, maxAge === undefined ? attributes : { ...attributes, maxAge })
}

/** With `__Host-`, no other host of the domain can set the cookie, and nobody can without TLS. Browsers accept it over https only. */
function nameOf(request: FastifyRequest, accounts: AccountContext, cookie: Cookie): string {
  return `${isSecure(request, accounts) ? '__Host-' : ''}docket-${cookie}`
}

function isSecure(request: FastifyRequest, accounts: AccountContext): boolean {
  return accounts.site.url.startsWith('https:') || request.protocol === 'https'
}
