import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccountContext, Visit } from '../../customers/account-context.ts'
import type { Web } from '../web.ts'
import { csrfToken, visitOf } from '../session.ts'
import type { PageUi } from '../ui/page-ui.ts'
import { visitorOf } from '../visitor.ts'

/** The request for a page, with all that answering it needs. */
export interface PageContext {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly accounts: AccountContext
  readonly visit: Visit
  readonly ui: PageUi
}

export async function pageContext(web: Web, request: FastifyRequest, reply: FastifyReply): Promise<PageContext> {
  const site = await web.site()
  const accounts = web.accounts()
  const visitor = visitorOf(request, web.settings)
  const ui = { frame: site.frame(visitor), csrf: csrfToken(request, reply, accounts) }
  return { request, reply, accounts, visit: visitOf(request, accounts, visitor.language.code), ui }
}

/** Whether the page's own script asks: it needs JSON, because it does not leave its page. */
export function wantsData(request: FastifyRequest): boolean {
  return request.headers.accept === 'application/json'
}

const LONGEST_PATH = 200

/** The page of our own that a form continues to; the home page if the address is not one of ours. */
export function ownPath(text: string | undefined): string {
  return text !== undefined && text.length <= LONGEST_PATH && /^(\/[a-z0-9-]+)+$/.test(text) ? text : '/'
}

/** Redirects to the form that asks for password and code; it leads back to `next`. */
export function toProof({ reply }: PageContext, next: string): FastifyReply {
  return reply.redirect(`/account/prove?next=${next}`, 303)
}

/** Actions that the next page confirms once. */
export type Done =
  | 'passwordChanged'
  | 'mailAsked'
  | 'mailChanged'
  | 'languageChanged'
  | 'codesOff'
  | 'sessionEnded'
  | 'othersEnded'
  | 'signedOut'
  | 'signInLinked'
  | 'signInUnlinked'
const DONE: readonly string[] = [
  'passwordChanged', 'mailAsked', 'mailChanged', 'languageChanged', 'codesOff', 'sessionEnded', 'othersEnded', 'signedOut', 'signInLinked', 'signInUnlinked',
] satisfies Done[] // prettier-ignore
const COOKIE = 'done'

export function redirectDone({ request, reply }: PageContext, path: string, done: Done): FastifyReply {
  const secure = request.protocol === 'https'
  return reply.setCookie(COOKIE, done, { path: '/', maxAge: 60, httpOnly: true, sameSite: 'lax', secure }).redirect(path, 303)
}

export function doneOf({ request, reply, ui }: PageContext): string | undefined {
  const done = request.cookies[COOKIE]
  if (done === undefined) return undefined
  void reply.clearCookie(COOKIE, { path: '/' })
  return DONE.includes(done) ? ui.frame.texts.text(`account.done.${done as Done}`) : undefined
}
