import type { FastifyReply } from 'fastify'
import { askForStaffReset, chooseStaffPassword, readWelcome } from '../../../staff/staff-passwords.ts'
import { signStaffIn, signStaffInWithCode, signStaffOut } from '../../../staff/staff-sign-in.ts'
import { clearCookie } from '../../cookies.ts'
import { faultOf, field, laterFault } from '../../form-faults.ts'
import { sendSecretPage } from '../../send.ts'
import { type Faults, NO_FAULTS, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { DESK, type Desk, type DeskContext, type DeskVisit, ownDeskAddress } from '../desk.ts'
import { deskVisit, enterDesk } from './desk-entry.ts'

const SIGN_IN = `${DESK}/sign-in`

/** Routes signing in to the desk and out of it, the links of invitations and forgotten passwords. */
export function routeDeskEntry(desk: Desk) {
  desk.open('/sign-in', { page: showSignIn, form: takeSignIn })
  desk.open('/sign-in/code', { page: async ({ reply }) => reply.redirect(SIGN_IN, 303), form: takeCode })
  desk.open('/forgot', { page: (visit) => drawForgot(visit, '', NO_FAULTS), form: takeForgot })
  desk.open('/welcome/:token', { page: (visit) => drawWelcome(visit, NO_FAULTS), form: takeWelcome })
  desk.form('/sign-out', null, takeSignOut)
}

async function showSignIn(visit: DeskVisit): Promise<FastifyReply> {
  const next = ownDeskAddress(visit.query.get('next'))
  return visit.request.staff ? visit.reply.redirect(next, 303) : drawSignIn(visit, { email: '', next, faults: NO_FAULTS })
}

async function drawSignIn(visit: DeskVisit, view: { email: string; next: string; faults: Faults }, status = 200): Promise<FastifyReply> {
  const { signInPage } = await import('./entry.tsx')
  return sendSecretPage(visit.reply, signInPage(visit, view), status)
}

async function takeSignIn(visit: DeskVisit): Promise<FastifyReply> {
  const { request, web, ui } = visit
  const [email, next] = [field(request, 'email'), ownDeskAddress(field(request, 'next'))]
  const outcome = await signStaffIn(web.accounts(), { email, password: field(request, 'password') }, deskVisit(visit))
  switch (outcome.kind) {
    case 'signed in':
      return enterDesk(visit, outcome, next)
    case 'code needed':
      return drawCode(visit, { ...outcome, next, faults: NO_FAULTS })
    case 'later':
      return drawSignIn(visit, { email, next, faults: laterFault(outcome, visit) }, TOO_MANY)
    case 'refused':
    case 'code refused':
      return drawSignIn(visit, { email, next, faults: { form: ui.frame.texts.text('account.refused') } }, UNPROCESSABLE)
    default:
      return outcome satisfies never
  }
}

async function drawCode(visit: DeskVisit, view: { ticket: string; next: string; faults: Faults }, status = 200): Promise<FastifyReply> {
  const { codePage } = await import('./entry.tsx')
  return sendSecretPage(visit.reply, codePage(visit, view), status)
}

async function takeCode(visit: DeskVisit): Promise<FastifyReply> {
  const { request, web, ui } = visit
  const { texts } = ui.frame
  const [ticket, next] = [field(request, 'ticket'), ownDeskAddress(field(request, 'next'))]
  const outcome = await signStaffInWithCode(web.accounts(), ticket, field(request, 'code'), deskVisit(visit))
  switch (outcome.kind) {
    case 'signed in':
      return enterDesk(visit, outcome, next)
    case 'later':
      return drawCode(visit, { ticket, next, faults: laterFault(outcome, visit) }, TOO_MANY)
    case 'code refused':
    case 'code needed':
      return drawCode(visit, { ticket, next, faults: { code: texts.text('account.code.refused') } }, UNPROCESSABLE)
    case 'refused':
      return drawSignIn(visit, { email: '', next, faults: { form: texts.text('account.code.again') } }, UNPROCESSABLE)
    default:
      return outcome satisfies never
  }
}

async function drawForgot(visit: DeskVisit, email: string, faults: Faults, status = 200): Promise<FastifyReply> {
  const { forgotPage } = await import('./entry.tsx')
  return visit.send(forgotPage(visit, { email, faults }), status)
}

async function takeForgot(visit: DeskVisit): Promise<FastifyReply> {
  const { request, web, ui } = visit
  const email = field(request, 'email').trim()
  const outcome = await askForStaffReset(web.accounts(), email, deskVisit(visit)).catch(
    (error: unknown) => ({ kind: 'fault', faults: faultOf(error, ui) }) as const,
  )
  if (outcome.kind === 'fault') return drawForgot(visit, email, outcome.faults, UNPROCESSABLE)
  if (outcome.kind === 'later') return drawForgot(visit, email, laterFault(outcome, visit), TOO_MANY)
  return visit.send((await import('./entry.tsx')).askedPage(visit, email))
}

async function drawWelcome(visit: DeskVisit, faults: Faults, status = 200): Promise<FastifyReply> {
  const { linkVoidPage, welcomePage } = await import('./entry.tsx')
  const token = visit.params['token']!
  const welcome = await readWelcome(visit.web.accounts(), token)
  if (!welcome) return sendSecretPage(visit.reply, linkVoidPage(visit), 410)
  return sendSecretPage(visit.reply, welcomePage(visit, { ...welcome, token, faults }), status)
}

async function takeWelcome(visit: DeskVisit): Promise<FastifyReply> {
  const { request, web, ui, params } = visit
  const chosen = await chooseStaffPassword(web.accounts(), params['token']!, field(request, 'wanted'), deskVisit(visit)).catch(
    (error: unknown) => ({ kind: 'fault', faults: faultOf(error, ui) }) as const,
  )
  switch (chosen.kind) {
    case 'signed in':
      return enterDesk(visit, chosen, DESK)
    case 'code needed':
      return drawCode(visit, { ...chosen, next: DESK, faults: NO_FAULTS })
    case 'fault':
      return drawWelcome(visit, chosen.faults, UNPROCESSABLE)
    case 'link void':
      return drawWelcome(visit, NO_FAULTS)
    default:
      return chosen satisfies never
  }
}

async function takeSignOut(context: DeskContext): Promise<FastifyReply> {
  const { request, reply, web, staff } = context
  await signStaffOut(web.accounts(), staff, deskVisit(context))
  clearCookie(request, reply, web.accounts().site.url, 'desk')
  return reply.redirect(SIGN_IN, 303)
}
