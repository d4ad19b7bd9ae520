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
import { doneOf, type Errand, type Faults, field, laterFault, redirectDone, TOO_MANY, toProof, UNPROCESSABLE } from '../scene.ts'
import { sendSecretPage } from '../send.ts'

const PATH = '/account/codes'

export async function showCodes(errand: Errand, session: Session, faults: Faults, status = 200): Promise<FastifyReply> {
  const { reply, scene } = errand
  const { codesPage } = await import('./codes.tsx')
  const state = await stateOf(errand, session)
  return sendSecretPage(reply, codesPage(scene, { state, faults, done: doneOf(errand) }), status)
}

/** The key of an app is shown only to whoever has just given the password. */
async function stateOf({ desk }: Errand, session: Session): Promise<CodesState> {
  if (session.secondFactor) return { kind: 'on', left: await recoveryCodesLeft(desk.db, session.userId) }
  const pending = session.fresh ? await readPendingSecondFactor(desk, session) : undefined
  return pending ? { kind: 'setting up', ...pending } : { kind: 'off' }
}

export async function begin(errand: Errand, session: Session): Promise<FastifyReply> {
  if (!session.fresh) return toProof(errand, PATH)
  await beginSecondFactor(errand.desk, session)
  return errand.reply.redirect(PATH, 303)
}

export async function confirm(errand: Errand, session: Session): Promise<FastifyReply> {
  const { request, reply, desk, visit, scene } = errand
  if (!session.fresh) return toProof(errand, PATH)
  const outcome = await confirmSecondFactor(desk, session, field(request, 'code'), visit)
  if (outcome.kind === 'not begun') return reply.redirect(PATH, 303)
  if (outcome.kind === 'code refused')
    return showCodes(errand, session, { code: scene.frame.texts.text('account.code.refused') }, UNPROCESSABLE)
  return showRecoveryCodes(errand, outcome.recoveryCodes)
}

export async function renew(errand: Errand, session: Session): Promise<FastifyReply> {
  if (!session.fresh) return toProof(errand, PATH)
  const codes = await renewRecoveryCodes(errand.desk, session, errand.visit)
  return codes ? showRecoveryCodes(errand, codes) : errand.reply.redirect(PATH, 303)
}

async function showRecoveryCodes({ reply, scene }: Errand, codes: readonly string[]): Promise<FastifyReply> {
  const { recoveryCodesPage } = await import('./codes.tsx')
  return sendSecretPage(reply, recoveryCodesPage(scene, codes))
}

export async function remove(errand: Errand, session: Session): Promise<FastifyReply> {
  const { request, desk, visit, scene } = errand
  const outcome = await removeSecondFactor(desk, session, { password: field(request, 'password'), code: field(request, 'code') }, visit)
  if (outcome.kind === 'off') return redirectDone(errand, PATH, 'codesOff')
  if (outcome.kind === 'later') return showCodes(errand, session, laterFault(outcome, errand), TOO_MANY)
  return showCodes(errand, session, { form: scene.frame.texts.text('account.fault.wrongProof') }, UNPROCESSABLE)
}
