import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readAccountLog } from '../../../customers/account-log.ts'
import { askToChangeMail } from '../../../customers/change-mail.ts'
import { changePassword } from '../../../customers/change-password.ts'
import { endOtherSessions, endSession } from '../../../customers/end-sessions.ts'
import { listLinkedSignIns } from '../../../customers/linked-sign-ins.ts'
import { proveAgain } from '../../../customers/proof.ts'
import { listSessions, type Session } from '../../../customers/sessions.ts'
import { setLanguage } from '../../../customers/set-language.ts'
import { listOffered, listOfferedTo } from '../../../sign-in-providers/providers.ts'
import type { Web } from '../../web.ts'
import { writeSession } from '../../session.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { rememberLanguage } from '../../visitor.ts'
import { begin, confirm, remove, renew, showCodes } from './codes-routes.ts'
import { doneOf, type PageContext, pageContext, ownPath, redirectDone, toProof } from '../page-context.ts'
import { faultOf, field, laterFault } from '../../form-faults.ts'
import { type Faults, NO_FAULTS, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'

type Handle = (context: PageContext, session: Session) => Promise<FastifyReply>

/** Routes the account settings. Visitors who are not signed in are redirected to the sign-in page. */
export function routeAccount(pages: FastifyInstance, web: Web) {
  const on = (handle: Handle) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { session } = request
    if (!session) return reply.redirect(`/sign-in?next=${ownPath(request.url.split('?', 1)[0])}`, 303)
    return handle(await pageContext(web, request, reply), session)
  }
  pages.get('/account', on((context, session) => drawProfile(context, session, { newMail: '', faults: NO_FAULTS, done: doneOf(context) })))
  pages.post('/account/password', on(takePassword))
  pages.post('/account/mail', on(takeMail))
  pages.post('/account/language', on(takeLanguage))
  pages.get('/account/prove', on(showProof))
  pages.post('/account/prove', on(takeProof))
  pages.get('/account/codes', on((context, session) => showCodes(context, session, NO_FAULTS)))
  pages.post('/account/codes/begin', on(begin))
  pages.post('/account/codes/confirm', on(confirm))
  pages.post('/account/codes/renew', on(renew))
  pages.post('/account/codes/remove', on(remove))
  pages.get('/account/sessions', on(showSessions))
  pages.post('/account/sessions/end', on(takeEnd))
  pages.post('/account/sessions/end-others', on(takeEndOthers))
  pages.get('/account/log', on(showLog))
} // prettier-ignore

export async function drawProfile(
  { reply, accounts, ui }: PageContext,
  { email, accountId, userId, hasPassword }: Session,
  view: { newMail: string; faults: Faults; done?: string | undefined },
  status = 200,
): Promise<FastifyReply> {
  const { profilePage } = await import('./profile.tsx')
  const [linked, providers] = await Promise.all([listLinkedSignIns(accounts.db, userId), listOffered(accounts.db)])
  return sendOwnPage(reply, profilePage(ui, { email, accountId, hasPassword, linked, providers, ...view }), status)
}

async function takePassword(context: PageContext, session: Session): Promise<FastifyReply> {
  const { request, reply, accounts, visit, ui } = context
  const draw = (faults: Faults, status: number) => drawProfile(context, session, { newMail: '', faults }, status)
  const given = { current: field(request, 'current'), wanted: field(request, 'wanted') }
  try {
    const outcome = await changePassword(accounts, session, given, visit)
    if (outcome.kind === 'later') return await draw(laterFault(outcome, context), TOO_MANY)
    if (outcome.kind === 'refused') return await draw({ current: ui.frame.texts.text('account.fault.wrongPassword') }, UNPROCESSABLE)
    writeSession(request, reply, accounts, outcome)
    return redirectDone(context, '/account', 'passwordChanged')
  } catch (error) {
    return draw(faultOf(error, ui), UNPROCESSABLE)
  }
}

async function takeMail(context: PageContext, session: Session): Promise<FastifyReply> {
  const { request, accounts, visit, ui } = context
  const newMail = field(request, 'email').trim()
  const draw = (faults: Faults, status: number) => drawProfile(context, session, { newMail, faults }, status)
  try {
    const outcome = await askToChangeMail(accounts, session, newMail, visit)
    if (outcome.kind === 'stale') return toProof(context, '/account')
    if (outcome.kind === 'later') return await draw(laterFault(outcome, context), TOO_MANY)
    return redirectDone(context, '/account', 'mailAsked')
  } catch (error) {
    return draw(faultOf(error, ui), UNPROCESSABLE)
  }
}

async function takeLanguage(context: PageContext, session: Session): Promise<FastifyReply> {
  const { request, reply, accounts, visit } = context
  const language = languageByCode(field(request, 'locale'))
  if (!language) return reply.redirect('/account', 303)
  await setLanguage(accounts, session, language.code, visit)
  rememberLanguage(request, reply, language)
  return redirectDone(context, '/account', 'languageChanged')
}

async function showProof(context: PageContext, session: Session): Promise<FastifyReply> {
  const { request, reply } = context
  const next = ownPath(new URL(request.url, 'http://own').searchParams.get('next') ?? undefined)
  return session.fresh ? reply.redirect(next, 303) : drawProof(context, session, next, NO_FAULTS)
}

export async function drawProof({ reply, accounts, ui }: PageContext, session: Session, next: string, faults: Faults, status = 200) {
  const { provePage } = await import('../entry/entry.tsx')
  const { secondFactor, hasPassword, userId } = session
  const providers = hasPassword ? undefined : await listOfferedTo(accounts.db, userId)
  return sendOwnPage(reply, provePage(ui, { next, secondFactor, providers, faults }), status)
}

async function takeProof(context: PageContext, session: Session): Promise<FastifyReply> {
  const { request, reply, accounts, visit, ui } = context
  const next = ownPath(field(request, 'next'))
  const outcome = await proveAgain(accounts, session, { password: field(request, 'password'), code: field(request, 'code') }, visit)
  if (outcome.kind === 'proved') return reply.redirect(next, 303)
  if (outcome.kind === 'later') return drawProof(context, session, next, laterFault(outcome, context), TOO_MANY)
  const text = ui.frame.texts.text(session.secondFactor ? 'account.fault.wrongProof' : 'account.fault.wrongPassword')
  return drawProof(context, session, next, { form: text }, UNPROCESSABLE)
}

async function showSessions(context: PageContext, session: Session): Promise<FastifyReply> {
  const { reply, accounts, ui } = context
  const { sessionsPage } = await import('./sessions.tsx')
  const sessions = await listSessions(accounts.db, session.userId, accounts.now())
  return sendOwnPage(reply, sessionsPage(ui, { sessions, ownId: session.id, done: doneOf(context) }))
}

async function takeEnd(context: PageContext, session: Session): Promise<FastifyReply> {
  const id = field(context.request, 'session')
  if (/^\d{1,18}$/.test(id)) await endSession(context.accounts, session, BigInt(id), context.visit)
  return redirectDone(context, '/account/sessions', 'sessionEnded')
}

async function takeEndOthers(context: PageContext, session: Session): Promise<FastifyReply> {
  await endOtherSessions(context.accounts, session, context.visit)
  return redirectDone(context, '/account/sessions', 'othersEnded')
}

const LINES_PER_PAGE = 30

async function showLog({ request, reply, accounts, ui }: PageContext, session: Session): Promise<FastifyReply> {
  const { logPage } = await import('./log.tsx')
  const asked = new URL(request.url, 'http://own').searchParams.get('before') ?? ''
  const before = /^\d{1,18}$/.test(asked) ? BigInt(asked) : null
  const found = await readAccountLog(accounts.db, session.accountId, { before, most: LINES_PER_PAGE + 1 })
  const lines = found.slice(0, LINES_PER_PAGE)
  return sendOwnPage(reply, logPage(ui, { lines, older: found.length > LINES_PER_PAGE ? lines.at(-1)!.id : null }))
}
