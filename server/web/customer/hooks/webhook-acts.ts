import type { FastifyReply } from 'fastify'
import { Refusal } from '../../../refusal.ts'
import { type Proof, proved } from '../proof.tsx'
import { field, NO_FAULTS, TOO_MANY, UNPROCESSABLE } from '../scene.ts'
import { sendOwnPage } from '../send.ts'
import { type HookErrand, tooOften } from './hook-errand.ts'
import { drawOne } from './one-webhook.ts'
import type { ShownWebhook } from './webhook-desk.ts'
import { KEEP_OLD_HOURS } from './webhook-forms.tsx'

export async function takeTest(errand: HookErrand, webhook: ShownWebhook): Promise<FastifyReply> {
  const { reply, session, webhooks } = errand
  const late = await tooOften(errand)
  if (late) return drawOne(errand, webhook, late['form'], TOO_MANY)
  await webhooks.test(session.accountId, webhook.id)
  return reply.redirect(`/webhooks/${webhook.id}?done=tested`, 303)
}

/** One message, or all that were given up. */
export async function takeAgain(errand: HookErrand, webhook: ShownWebhook): Promise<FastifyReply> {
  const { request, reply, session, webhooks } = errand
  const delivery = field(request, 'delivery')
  const late = await tooOften(errand)
  if (late) return drawOne(errand, webhook, late['form'], TOO_MANY)
  if (/^\d{1,18}$/.test(delivery)) await webhooks.sendAgain(session.accountId, webhook.id, BigInt(delivery))
  else await webhooks.replayGivenUp(session.accountId, webhook.id)
  return reply.redirect(`/webhooks/${webhook.id}?done=again`, 303)
}

export async function takePause({ reply, session, webhooks, actor }: HookErrand, { id }: ShownWebhook): Promise<FastifyReply> {
  await webhooks.pause(session.accountId, id, actor)
  return reply.redirect(`/webhooks/${id}?done=paused`, 303)
}

export async function takeResume({ request, reply, session, webhooks, actor }: HookErrand, { id }: ShownWebhook): Promise<FastifyReply> {
  await webhooks.resume(session.accountId, id, field(request, 'meanwhile') !== 'not', actor)
  return reply.redirect(`/webhooks/${id}?done=resumed`, 303)
}

export async function drawRotate({ reply, scene, session }: HookErrand, webhook: ShownWebhook, faults = NO_FAULTS, status = 200, proof: Proof = session) {
  const { rotatePage } = await import('./webhook-forms.tsx')
  return sendOwnPage(reply, rotatePage(scene, webhook, proof, faults), status)
} // prettier-ignore

export async function takeRotate(errand: HookErrand, webhook: ShownWebhook): Promise<FastifyReply> {
  const { request, reply, scene, session, webhooks, actor } = errand
  const { proof, faults } = await proved(errand, session)
  if (Object.keys(faults).length > 0) return drawRotate(errand, webhook, faults, UNPROCESSABLE, proof)
  const hours = KEEP_OLD_HOURS.find((choice) => String(choice) === field(request, 'keep_old')) ?? 24
  const drawn = field(request, 'rotations')
  const rotations = /^\d{1,9}$/.test(drawn) ? Number(drawn) : -1
  try {
    const { secret, oldUntil } = await webhooks.rotate(session.accountId, webhook.id, hours, { actor, rotations })
    const { secretPage } = await import('./webhook-forms.tsx')
    return await sendOwnPage(reply, secretPage(scene, { webhook: webhook.id, url: webhook.url, secret, oldUntil }))
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'form_used')) throw error
    return drawOne(errand, webhook, scene.frame.texts.text('hooks.formUsed'), UNPROCESSABLE)
  }
}

export async function drawRemove({ reply, scene, session }: HookErrand, webhook: ShownWebhook, faults = NO_FAULTS, status = 200, proof: Proof = session) {
  const { removePage } = await import('./webhook-forms.tsx')
  return sendOwnPage(reply, removePage(scene, webhook, proof, faults), status)
} // prettier-ignore

export async function takeRemove(errand: HookErrand, webhook: ShownWebhook): Promise<FastifyReply> {
  const { reply, session, webhooks, actor } = errand
  const { proof, faults } = await proved(errand, session)
  if (Object.keys(faults).length > 0) return drawRemove(errand, webhook, faults, UNPROCESSABLE, proof)
  await webhooks.remove(session.accountId, webhook.id, actor)
  return reply.redirect('/webhooks?done=removed', 303)
}
