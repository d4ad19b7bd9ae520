import type { FastifyReply, FastifyRequest } from 'fastify'
import { isToken } from '../customers/token.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { isFormToken, isFromOwnPages } from './csrf.ts'

/** `desk…`: those of staff, who may be signed in as customers in the same browser. `view`: staff see the pages of a customer. `came-by`:
 * the code of the link by which a visitor came. `provider`: binds the answer of a sign-in provider to the browser that asked. */
export type Cookie = 'session' | 'visitor' | 'browser' | 'view' | 'came-by' | 'provider' | 'desk' | 'desk-visitor' | 'desk-browser'

export const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

export function readCookie(request: FastifyRequest, siteUrl: string, cookie: Cookie): string | undefined {
  return request.cookies[nameOf(request, siteUrl, cookie)]
}

/** The cookie's value where it is a secret of ours. */
export function readSecretCookie(request: FastifyRequest, siteUrl: string, cookie: Cookie): string | undefined {
  const value = readCookie(request, siteUrl, cookie)
  return isToken(value) ? value : undefined
}

/** Without `maxAge`, the cookie ends with the browser's session. */
export function writeCookie(
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  siteUrl: string,
  cookie: Cookie,
  { value, maxAge }: { readonly value: string; readonly maxAge?: number },
) {
  const attributes = { ...attributesFor(request, siteUrl), ...(maxAge !== undefined && { maxAge }) }
  void reply.setCookie(nameOf(request, siteUrl, cookie), value, attributes)
  // A page may have several forms: they must all use the same cookie.
  request.cookies[nameOf(request, siteUrl, cookie)] = value
}

export function clearCookie(request: FastifyRequest, reply: FastifyReply, siteUrl: string, cookie: Cookie) {
  void reply.clearCookie(nameOf(request, siteUrl, cookie), attributesFor(request, siteUrl))
}

function attributesFor(request: FastifyRequest, siteUrl: string) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request, siteUrl) } as const
}

/** With `__Host-`, no other host of the domain can set the cookie, and nobody can without TLS. Browsers accept it over https only. */
function nameOf(request: FastifyRequest, siteUrl: string, cookie: Cookie): string {
  return `${isSecure(request, siteUrl) ? '__Host-' : ''}docket-${cookie}`
}

function isSecure(request: FastifyRequest, siteUrl: string): boolean {
  return siteUrl.startsWith('https:') || request.protocol === 'https'
}

/** Throws a Refusal for a form that does not come from our own pages in the browser with this cookie. */
export function checkForm(
  request: Pick<FastifyRequest, 'headers' | 'protocol' | 'host' | 'body'>,
  siteUrl: string,
  cookieSecret: string | undefined,
) {
  const headers = request.headers
  const site = typeof headers['sec-fetch-site'] === 'string' ? headers['sec-fetch-site'] : undefined
  const own = [new URL(siteUrl).origin, `${request.protocol}://${request.host}`]
  const fields = request.body as Readonly<Record<string, unknown>> | null | undefined
  const token = headers['x-csrf-token'] ?? fields?.['csrf']
  const isOurs = isFromOwnPages({ site, origin: headers.origin }, own)
  if (isOurs && cookieSecret !== undefined && typeof token === 'string' && isFormToken(token, cookieSecret)) return
  throw formRefused()
}

export function formRefused(): Refusal {
  return refuse('form_refused')
}
