import type { FastifyReply } from 'fastify'
import type { Visit } from '../../../customers/account-context.ts'
import { BROWSER_SECONDS } from '../../../customers/known-browsers.ts'
import { findStaffSession, STAFF_SESSION_SECONDS } from '../../../staff/sessions.ts'
import type { SignedInStaff } from '../../../staff/staff-sign-in.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { readCookie, writeCookie } from '../../cookies.ts'
import { rememberLanguage } from '../../visitor.ts'
import type { DeskVisit } from '../desk.ts'

/** The browser that asks, as the log and the attempts know it. */
export function deskVisit({ request, web, ui }: DeskVisit): Visit {
  return {
    address: request.ip,
    agent: request.headers['user-agent'] ?? '',
    locale: ui.frame.texts.language.code,
    browser: readCookie(request, web.accounts().site.url, 'desk-browser'),
  }
}

/** Signs the browser in and sets the language of its person. */
export async function enterDesk(visit: DeskVisit, signedIn: SignedInStaff, next: string): Promise<FastifyReply> {
  const { request, reply, web, db, now } = visit
  const { url } = web.accounts().site
  writeCookie({ request, reply }, url, 'desk', { value: signedIn.token, maxAge: STAFF_SESSION_SECONDS })
  writeCookie({ request, reply }, url, 'desk-browser', { value: signedIn.browser, maxAge: BROWSER_SECONDS })
  const session = await findStaffSession(db, signedIn.token, deskVisit(visit), now)
  const language = languageByCode(session?.locale ?? '')
  if (language) rememberLanguage(request, reply, language)
  return reply.redirect(next, 303)
}
