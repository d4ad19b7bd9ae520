import type { FastifyReply } from 'fastify'
import { recoveryCodesLeft } from '../../../customers/recovery-codes.ts'
import {
  beginSecondFactor,
  confirmSecondFactor,
  readPendingSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
} from '../../../customers/second-factor.ts'
import type { Session } from '../../../customers/sessions.ts'
import type { CodesState } from './codes.tsx'
import { doneOf, type PageContext, redirectDone, toProof } from '../page-context.ts'
import { field, laterFault } from '../../form-faults.ts'
import { type Faults, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendSecretPage } from '../../send.ts'

const PATH = '/account/codes'

export async function showCodes(context: PageContext, session: Session, faults: Faults, status = 200): Promise<FastifyReply> {
  const { reply, ui } = context
  const { codesPage } = await import('./codes.tsx')
  const state = await stateOf(context, session)
  return sendSecretPage(reply, codesPage(ui, { state, proof: session, faults, done: doneOf(context) }), status)
}

/** The key for an authenticator app is shown only if the user has just given the password. */
async function stateOf({ accounts }: PageContext, session: Session): Promise<CodesState> {
  if (session.secondFactor) return { kind: 'on', left: await recoveryCodesLeft(accounts.db, session.userId) }
  const pending = session.fresh ? await readPendingSecondFactor(accounts, session) : undefined
  return pending ? { kind: 'setting up', ...pending } : { kind: 'off' }
}

export async function begin(context: PageContext, session: Session): Promise<FastifyReply> {
  if (!session.fresh) return toProof(context, PATH)
  await beginSecondFactor(context.accounts, session)
  return context.reply.redirect(PATH, 303)
}

export async function confirm(context: PageContext, session: Session): Promise<FastifyReply> {
  const { request, reply, accounts, visit, ui } = context
  if (!session.fresh) return toProof(context, PATH)
  const outcome = await confirmSecondFactor(accounts, session, field(request, 'code'), visit)
  if (outcome.kind === 'not begun') return reply.redirect(PATH, 303)
  if (outcome.kind === 'code refused')
    return showCodes(context, session, { code: ui.frame.texts.text('account.code.refused') }, UNPROCESSABLE)
  return showRecoveryCodes(context, outcome.recoveryCodes)
}

export async function renew(context: PageContext, session: Session): Promise<FastifyReply> {
  if (!session.fresh) return toProof(context, PATH)
  const codes = await renewRecoveryCodes(context.accounts, session, context.visit)
  return codes ? showRecoveryCodes(context, codes) : context.reply.redirect(PATH, 303)
}

async function showRecoveryCodes({ reply, ui }: PageContext, codes: readonly string[]): Promise<FastifyReply> {
  const { recoveryCodesPage } = await import('./codes.tsx')
  return sendSecretPage(reply, recoveryCodesPage(ui, codes))
}

export async function remove(context: PageContext, session: Session): Promise<FastifyReply> {
  const { request, accounts, visit, ui } = context
  const outcome = await removeSecondFactor(accounts, session, { password: field(request, 'password'), code: field(request, 'code') }, visit)
  if (outcome.kind === 'off') return redirectDone(context, PATH, 'codesOff')
  if (outcome.kind === 'later') return showCodes(context, session, laterFault(outcome, context), TOO_MANY)
  return showCodes(context, session, { form: ui.frame.texts.text('account.fault.wrongProof') }, UNPROCESSABLE)
}
