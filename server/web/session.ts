import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Shown } from '../announcements/live.ts'
import type { Incident } from '../status/incidents.ts'
import type { AccountContext, Visit } from '../customers/account-context.ts'
import { BROWSER_SECONDS } from '../customers/known-browsers.ts'
import { findSession, type Session, SESSION_SECONDS } from '../customers/sessions.ts'
import type { SignedIn } from '../customers/sign-in.ts'
import { makeToken } from '../customers/token.ts'
import { isReferralCode } from '../referrals/referrers.ts'
import { findView } from '../staff/account-views.ts'
import { checkForm, clearCookie, readCookie, readSecretCookie, SAFE_METHODS, writeCookie } from './cookies.ts'
import { formToken } from './csrf.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** This form is sent by mail programs, which have no token of ours. */
    fromMail?: true
  }
  interface FastifyRequest {
    /** Undefined for visitors who are not signed in, and for those whose session has ended. */
    session: Session | undefined
    /** The token in the forms of a signed-in user's page. */
    formToken: string | undefined
    /** What the house tells above this page; undefined: nothing was looked up. */
    announcements: readonly Shown[] | undefined
    incidents: readonly Incident[] | undefined
  }
}

export interface SessionDependencies {
  readonly accounts: AccountContext
  /** The language of the page that answers the request. */
  readonly localeOf: (request: FastifyRequest) => string
}

/** For pages that know their users: finds the session of each request and refuses a form that does not come from our own pages. Register it within
 * the part of the server that serves pages, after the cookie parser; the API does not use it. */
export function openSessions(pages: FastifyInstance, dependencies: () => SessionDependencies): void {
  pages.decorateRequest('session', undefined)
  pages.decorateRequest('formToken', undefined)
  pages.addHook('onRequest', async (request, reply) => {
    const { accounts, localeOf } = dependencies()
    const { db, now, site } = accounts
    const view = readSecretCookie(request, site.url, 'view')
    // A view comes before a session that the member of staff may have as a customer in the same browser.
    request.session =
      (view === undefined ? undefined : await findView(db, view, now())) ??
      (await findSession(db, readCookie(request, site.url, 'session'), visitOf(request, accounts, localeOf(request)), now()))
    if (!request.session) return
    request.formToken = formToken(cookieSecret(request, accounts)!)
    void reply.header('cache-control', 'no-store')
  })
  pages.addHook('preHandler', async (request) => {
    if (!SAFE_METHODS.has(request.method) && !request.routeOptions.config.fromMail) {
      const { accounts } = dependencies()
      checkForm(request, accounts.site.url, cookieSecret(request, accounts))
    }
  })
}

/** The browser and address that a request comes from. */
export function visitOf(request: FastifyRequest, accounts: AccountContext, locale: string): Visit {
  const agent = request.headers['user-agent'] ?? ''
  const [browser, cameBy] = [readCookie(request, accounts.site.url, 'browser'), readCookie(request, accounts.site.url, 'came-by')]
  return { address: request.ip, agent, locale, browser, cameBy: isReferralCode(cameBy) ? cameBy : undefined }
}

/** The token that a form must send in its field `csrf`, or a script in the header `x-csrf-token`. */
export function csrfToken(request: FastifyRequest, reply: FastifyReply, accounts: AccountContext): string {
  const held = cookieSecret(request, accounts)
  if (held !== undefined) return formToken(held)
  const visitor = makeToken()
  writeCookie({ request, reply }, accounts.site.url, 'visitor', { value: visitor })
  return formToken(visitor)
}

/** The secret that binds a form to a browser: that of its session or, before anybody has signed in, that of a separate cookie. */
function cookieSecret(request: FastifyRequest, { site }: AccountContext): string | undefined {
  const { session } = request
  return readSecretCookie(request, site.url, session?.viewedBy ? 'view' : session ? 'session' : 'visitor')
}

export function writeSession(request: FastifyRequest, reply: FastifyReply, { site }: AccountContext, signedIn: SignedIn): void {
  writeCookie({ request, reply }, site.url, 'session', { value: signedIn.token, maxAge: SESSION_SECONDS })
  writeCookie({ request, reply }, site.url, 'browser', { value: signedIn.browser, maxAge: BROWSER_SECONDS })
}

/** Signs the browser out. It is still a known browser. */
export function clearSession(request: FastifyRequest, reply: FastifyReply, { site }: AccountContext): void {
  clearCookie(request, reply, site.url, 'session')
}
