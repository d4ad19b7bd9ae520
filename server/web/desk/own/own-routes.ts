import type { FastifyReply } from 'fastify'
import { listStaffSessions, noteStaffProof } from '../../../staff/sessions.ts'
import { staffRecoveryCodesLeft } from '../../../staff/staff-codes.ts'
import { listFailures } from '../../../staff/staff-failures.ts'
import { changeStaffPassword, checkStaffPasswordAgain } from '../../../staff/staff-passwords.ts'
import {
  beginStaffCode,
  confirmStaffCode,
  readPendingStaffCode,
  removeStaffCode,
  renewStaffRecoveryCodes,
} from '../../../staff/staff-second-factor.ts'
import { endOwnSessions, setOwnSettings } from '../../../staff/staff-settings.ts'
import { isRefusal } from '../../../refusal.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { faultOf, field, laterFault } from '../../form-faults.ts'
import { sendSecretPage } from '../../send.ts'
import { type Faults, NO_FAULTS, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { rememberLanguage } from '../../visitor.ts'
import { refusalText } from '../act-words.ts'
import { DESK, type Desk, type DeskContext } from '../desk.ts'
import { deskVisit, enterDesk } from '../entry/desk-entry.ts'
import type { OwnCode } from './code.tsx'

const OWN = `${DESK}/own`
const CODE = `${OWN}/code`
const MOST_FAILURES = 5

/** Routes a person's own name, password, code and sessions. None of it needs a permission. */
export function routeOwn(desk: Desk) {
  desk.page('/own', null, (context) => drawOwn(context, NO_FAULTS))
  desk.form('/own/settings', null, takeSettings)
  desk.form('/own/password', null, takePassword)
  desk.form('/own/sessions', null, takeSessions)
  desk.page('/own/code', null, (context) => drawCode(context, NO_FAULTS))
  desk.form('/own/code/begin', null, takeBegin)
  desk.form('/own/code/confirm', null, takeConfirm)
  desk.form('/own/code/renew', null, takeRenew)
  desk.form('/own/code/remove', null, takeRemove)
}

async function drawOwn(context: DeskContext, faults: Faults, status = 200): Promise<FastifyReply> {
  const { db, staff, now } = context
  const [sessions, failures] = await Promise.all([
    listStaffSessions(db, staff.staffId, now),
    listFailures(db, staff.staffId, MOST_FAILURES),
  ])
  const { ownPage } = await import('./own.tsx')
  return context.send(ownPage(context, { sessions, failures, faults }), status)
}

async function takeSettings(context: DeskContext): Promise<FastifyReply> {
  const { request, reply, web, staff, ui } = context
  const language = languageByCode(field(request, 'locale'))
  try {
    await setOwnSettings(web.accounts(), staff, { name: field(request, 'name'), locale: language?.code ?? null }, deskVisit(context))
  } catch (error) {
    if (!isRefusal(error, 'incorrect_staff_name')) throw error
    return drawOwn(context, { name: refusalText(ui.frame.texts, error) }, UNPROCESSABLE)
  }
  if (language) rememberLanguage(request, reply, language)
  return reply.redirect(OWN, 303)
}

async function takePassword(context: DeskContext): Promise<FastifyReply> {
  const { request, web, staff, ui } = context
  const given = { current: field(request, 'current'), wanted: field(request, 'wanted') }
  const outcome = await changeStaffPassword(web.accounts(), staff, given, deskVisit(context)).catch(
    (error: unknown) => ({ kind: 'fault', faults: faultOf(error, ui) }) as const,
  )
  switch (outcome.kind) {
    case 'signed in':
      return enterDesk(context, outcome, OWN)
    case 'fault':
      return drawOwn(context, outcome.faults, UNPROCESSABLE)
    case 'later':
      return drawOwn(context, laterFault(outcome, context), TOO_MANY)
    case 'refused':
      return drawOwn(context, { current: ui.frame.texts.text('account.fault.wrongPassword') }, UNPROCESSABLE)
    default:
      return outcome satisfies never
  }
}

async function takeSessions(context: DeskContext): Promise<FastifyReply> {
  const { request, reply, web, staff } = context
  const id = field(request, 'session')
  await endOwnSessions(web.accounts(), staff, /^\d{1,18}$/.test(id) ? BigInt(id) : null, deskVisit(context))
  return reply.redirect(OWN, 303)
}

async function drawCode(context: DeskContext, faults: Faults, status = 200): Promise<FastifyReply> {
  const { codePage } = await import('./code.tsx')
  return sendSecretPage(context.reply, codePage(context, { code: await codeOf(context), faults }), status)
}

/** The key for the app is shown only to somebody who gave the password a short while ago. */
async function codeOf({ web, db, staff }: DeskContext): Promise<OwnCode> {
  if (staff.secondFactor) return { kind: 'on', left: await staffRecoveryCodesLeft(db, staff.staffId) }
  const pending = staff.fresh ? await readPendingStaffCode(web.accounts(), staff) : undefined
  return pending ? { kind: 'setting up', ...pending } : { kind: 'off' }
}

async function takeBegin(context: DeskContext): Promise<FastifyReply> {
  const { request, reply, web, db, staff, now, ui } = context
  if (!staff.fresh) {
    const checked = await checkStaffPasswordAgain(web.accounts(), staff, field(request, 'password'), deskVisit(context))
    if (checked.kind === 'later') return drawCode(context, laterFault(checked, context), TOO_MANY)
    if (checked.kind === 'refused')
      return drawCode(context, { password: ui.frame.texts.text('account.fault.wrongPassword') }, UNPROCESSABLE)
    await noteStaffProof(db, staff.sessionId, now)
    await checked.giveBack()
  }
  await beginStaffCode(web.accounts(), staff)
  return reply.redirect(CODE, 303)
}

async function takeConfirm(context: DeskContext): Promise<FastifyReply> {
  const { request, reply, web, staff, ui } = context
  if (!staff.fresh) return reply.redirect(CODE, 303)
  const outcome = await confirmStaffCode(web.accounts(), staff, field(request, 'code'), deskVisit(context))
  if (outcome.kind === 'on') return showRecoveryCodes(context, outcome.recoveryCodes)
  if (outcome.kind === 'not begun') return reply.redirect(CODE, 303)
  return drawCode(context, { code: ui.frame.texts.text('account.code.refused') }, UNPROCESSABLE)
}

async function takeRenew(context: DeskContext): Promise<FastifyReply> {
  const outcome = await renewStaffRecoveryCodes(context.web.accounts(), context.staff, proofIn(context), deskVisit(context))
  if (outcome.kind === 'made') return showRecoveryCodes(context, outcome.recoveryCodes)
  if (outcome.kind === 'later') return drawCode(context, laterFault(outcome, context), TOO_MANY)
  return drawCode(context, { form: context.ui.frame.texts.text('account.fault.wrongProof') }, UNPROCESSABLE)
}

async function takeRemove(context: DeskContext): Promise<FastifyReply> {
  const { web, staff, reply, ui } = context
  const { texts } = ui.frame
  const outcome = await removeStaffCode(web.accounts(), staff, proofIn(context), deskVisit(context)).catch((error: unknown) => {
    if (isRefusal(error, 'code_demanded')) return { kind: 'demanded', text: refusalText(texts, error) } as const
    throw error
  })
  if (outcome.kind === 'off') return reply.redirect(CODE, 303)
  if (outcome.kind === 'later') return drawCode(context, laterFault(outcome, context), TOO_MANY)
  return drawCode(context, { form: outcome.kind === 'demanded' ? outcome.text : texts.text('account.fault.wrongProof') }, UNPROCESSABLE)
}

function proofIn({ request }: DeskContext): { password: string; code: string } {
  return { password: field(request, 'password'), code: field(request, 'code') }
}

async function showRecoveryCodes(context: DeskContext, codes: readonly string[]): Promise<FastifyReply> {
  const { recoveryCodesPage } = await import('./code.tsx')
  return sendSecretPage(context.reply, recoveryCodesPage(context, codes))
}
