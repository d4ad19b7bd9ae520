import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readAccountLog } from '../../../customers/account-log.ts'
import { askToChangeMail } from '../../../customers/change-mail.ts'
import { changePassword } from '../../../customers/change-password.ts'
import { endOtherSessions, endSession } from '../../../customers/end-sessions.ts'
import { proveAgain } from '../../../customers/proof.ts'
import { listSessions, type Session } from '../../../customers/sessions.ts'
import { setLanguage } from '../../../customers/set-language.ts'
import type { Web } from '../../route.ts'
import { writeSession } from '../../session.ts'
import { languageByCode } from '../../texts/languages.ts'
import { rememberLanguage } from '../../visitor.ts'
import { begin, confirm, remove, renew, showCodes } from './codes-routes.ts'
import {
  doneOf,
  type Errand,
  errandOf,
  faultOf,
  type Faults,
  field,
  laterFault,
  NO_FAULTS,
  ownPath,
  redirectDone,
  TOO_MANY,
  toProof,
  UNPROCESSABLE,
} from '../scene.ts'
import { sendOwnPage } from '../send.ts'

type Handle = (errand: Errand, session: Session) => Promise<FastifyReply>

/** The pages of somebody's own account. Strangers are asked to sign in first. */
export function routeAccount(pages: FastifyInstance, web: Web) {
  const on = (handle: Handle) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { session } = request
    if (!session) return reply.redirect(`/sign-in?next=${ownPath(request.url.split('?', 1)[0])}`, 303)
    return handle(await errandOf(web, request, reply), session)
  }
  pages.get('/account', on((errand, session) => drawProfile(errand, session, { newMail: '', faults: NO_FAULTS, done: doneOf(errand) })))
  pages.post('/account/password', on(takePassword))
  pages.post('/account/mail', on(takeMail))
  pages.post('/account/language', on(takeLanguage))
  pages.get('/account/prove', on(showProof))
  pages.post('/account/prove', on(takeProof))
  pages.get('/account/codes', on((errand, session) => showCodes(errand, session, NO_FAULTS)))
  pages.post('/account/codes/begin', on(begin))
  pages.post('/account/codes/confirm', on(confirm))
  pages.post('/account/codes/renew', on(renew))
  pages.post('/account/codes/remove', on(remove))
  pages.get('/account/sessions', on(showSessions))
  pages.post('/account/sessions/end', on(takeEnd))
  pages.post('/account/sessions/end-others', on(takeEndOthers))
  pages.get('/account/log', on(showLog))
} // prettier-ignore

async function drawProfile(
  { reply, scene }: Errand,
  { email, accountId }: Session,
  view: { newMail: string; faults: Faults; done?: string | undefined },
  status = 200,
): Promise<FastifyReply> {
  const { profilePage } = await import('./profile.tsx')
  return sendOwnPage(reply, profilePage(scene, { email, accountId, ...view }), status)
}

async function takePassword(errand: Errand, session: Session): Promise<FastifyReply> {
  const { request, reply, desk, visit, scene } = errand
  const draw = (faults: Faults, status: number) => drawProfile(errand, session, { newMail: '', faults }, status)
  const given = { current: field(request, 'current'), wanted: field(request, 'wanted') }
  try {
    const outcome = await changePassword(desk, session, given, visit)
    if (outcome.kind === 'later') return await draw(laterFault(outcome, errand), TOO_MANY)
    if (outcome.kind === 'refused') return await draw({ current: scene.frame.texts.text('account.fault.wrongPassword') }, UNPROCESSABLE)
    writeSession(request, reply, desk, outcome)
    return redirectDone(errand, '/account', 'passwordChanged')
  } catch (error) {
    return draw(faultOf(error, scene), UNPROCESSABLE)
  }
}

async function takeMail(errand: Errand, session: Session): Promise<FastifyReply> {
  const { request, desk, visit, scene } = errand
  const newMail = field(request, 'email').trim()
  const draw = (faults: Faults, status: number) => drawProfile(errand, session, { newMail, faults }, status)
  try {
    const outcome = await askToChangeMail(desk, session, newMail, visit)
    if (outcome.kind === 'stale') return toProof(errand, '/account')
    if (outcome.kind === 'later') return await draw(laterFault(outcome, errand), TOO_MANY)
    return redirectDone(errand, '/account', 'mailAsked')
  } catch (error) {
    return draw(faultOf(error, scene), UNPROCESSABLE)
  }
}

async function takeLanguage(errand: Errand, session: Session): Promise<FastifyReply> {
  const { request, reply, desk, visit } = errand
  const language = languageByCode(field(request, 'locale'))
  if (!language) return reply.redirect('/account', 303)
  await setLanguage(desk, session, language.code, visit)
  rememberLanguage(request, reply, language)
  return redirectDone(errand, '/account', 'languageChanged')
}

async function showProof(errand: Errand, session: Session): Promise<FastifyReply> {
  const { request, reply } = errand
  const next = ownPath(new URL(request.url, 'http://own').searchParams.get('next') ?? undefined)
  return session.fresh ? reply.redirect(next, 303) : drawProof(errand, session, next, NO_FAULTS)
}

async function drawProof({ reply, scene }: Errand, { secondFactor }: Session, next: string, faults: Faults, status = 200) {
  const { provePage } = await import('../entry/entry.tsx')
  return sendOwnPage(reply, provePage(scene, { next, secondFactor, faults }), status)
}

async function takeProof(errand: Errand, session: Session): Promise<FastifyReply> {
  const { request, reply, desk, visit, scene } = errand
  const next = ownPath(field(request, 'next'))
  const outcome = await proveAgain(desk, session, { password: field(request, 'password'), code: field(request, 'code') }, visit)
  if (outcome.kind === 'proved') return reply.redirect(next, 303)
  if (outcome.kind === 'later') return drawProof(errand, session, next, laterFault(outcome, errand), TOO_MANY)
  const text = scene.frame.texts.text(session.secondFactor ? 'account.fault.wrongProof' : 'account.fault.wrongPassword')
  return drawProof(errand, session, next, { form: text }, UNPROCESSABLE)
}

async function showSessions(errand: Errand, session: Session): Promise<FastifyReply> {
  const { reply, desk, scene } = errand
  const { sessionsPage } = await import('./sessions.tsx')
  const sessions = await listSessions(desk.db, session.userId, desk.now())
  return sendOwnPage(reply, sessionsPage(scene, { sessions, ownId: session.id, done: doneOf(errand) }))
}

async function takeEnd(errand: Errand, session: Session): Promise<FastifyReply> {
  const id = field(errand.request, 'session')
  if (/^\d{1,18}$/.test(id)) await endSession(errand.desk, session, BigInt(id), errand.visit)
  return redirectDone(errand, '/account/sessions', 'sessionEnded')
}

async function takeEndOthers(errand: Errand, session: Session): Promise<FastifyReply> {
  await endOtherSessions(errand.desk, session, errand.visit)
  return redirectDone(errand, '/account/sessions', 'othersEnded')
}

const LINES_A_PAGE = 30

async function showLog({ request, reply, desk, scene }: Errand, session: Session): Promise<FastifyReply> {
  const { logPage } = await import('./log.tsx')
  const asked = new URL(request.url, 'http://own').searchParams.get('before') ?? ''
  const before = /^\d{1,18}$/.test(asked) ? BigInt(asked) : null
  const found = await readAccountLog(desk.db, session.accountId, { before, most: LINES_A_PAGE + 1 })
  const lines = found.slice(0, LINES_A_PAGE)
  return sendOwnPage(reply, logPage(scene, { lines, older: found.length > LINES_A_PAGE ? lines.at(-1)!.id : null }))
}
