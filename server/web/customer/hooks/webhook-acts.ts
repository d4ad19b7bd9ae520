import type { FastifyReply } from 'fastify'
import { isRefusal } from '../../../refusal.ts'
import { type Proof, proved } from '../proof.tsx'
import { field } from '../../form-faults.ts'
import { NO_FAULTS, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import { type HookContext, tooOften } from './hook-context.ts'
import { drawOne } from './one-webhook.ts'
import type { ShownWebhook } from './webhook-actions.ts'
import { KEEP_OLD_HOURS } from './webhook-forms.tsx'

export async function takeTest(context: HookContext, webhook: ShownWebhook): Promise<FastifyReply> {
  const { reply, session, webhooks } = context
  const late = await tooOften(context)
  if (late) return drawOne(context, webhook, late['form'], TOO_MANY)
  await webhooks.test(session.accountId, webhook.id)
  return reply.redirect(`/webhooks/${webhook.id}?done=tested`, 303)
}

/** Retries one message, or all that the worker has given up. */
export async function takeAgain(context: HookContext, webhook: ShownWebhook): Promise<FastifyReply> {
  const { request, reply, session, webhooks } = context
  const delivery = field(request, 'delivery')
  const late = await tooOften(context)
  if (late) return drawOne(context, webhook, late['form'], TOO_MANY)
  if (/^\d{1,18}$/.test(delivery)) await webhooks.sendAgain(session.accountId, webhook.id, BigInt(delivery))
  else await webhooks.replayGivenUp(session.accountId, webhook.id)
  return reply.redirect(`/webhooks/${webhook.id}?done=again`, 303)
}

export async function takePause({ reply, session, webhooks, actor }: HookContext, { id }: ShownWebhook): Promise<FastifyReply> {
  await webhooks.pause(session.accountId, id, actor)
  return reply.redirect(`/webhooks/${id}?done=paused`, 303)
}

export async function takeResume({ request, reply, session, webhooks, actor }: HookContext, { id }: ShownWebhook): Promise<FastifyReply> {
  await webhooks.resume(session.accountId, id, field(request, 'meanwhile') !== 'not', actor)
  return reply.redirect(`/webhooks/${id}?done=resumed`, 303)
}

export async function drawRotate({ reply, ui, session }: HookContext, webhook: ShownWebhook, faults = NO_FAULTS, status = 200, proof: Proof = session) {
  const { rotatePage } = await import('./webhook-forms.tsx')
  return sendOwnPage(reply, rotatePage(ui, webhook, proof, faults), status)
} // prettier-ignore

export async function takeRotate(context: HookContext, webhook: ShownWebhook): Promise<FastifyReply> {
  const { request, reply, ui, session, webhooks, actor } = context
  const { proof, faults } = await proved(context, session)
  if (Object.keys(faults).length > 0) return drawRotate(context, webhook, faults, UNPROCESSABLE, proof)
  const hours = KEEP_OLD_HOURS.find((choice) => String(choice) === field(request, 'keep_old')) ?? 24
  const drawn = field(request, 'rotations')
  const rotations = /^\d{1,9}$/.test(drawn) ? Number(drawn) : -1
  try {
    const { secret, oldUntil } = await webhooks.rotate(session.accountId, webhook.id, hours, { actor, rotations })
    const { secretPage } = await import('./webhook-forms.tsx')
    return await sendOwnPage(reply, secretPage(ui, { webhook: webhook.id, url: webhook.url, secret, oldUntil }))
  } catch (error) {
    if (!isRefusal(error, 'secret_changed_meanwhile')) throw error
    return drawOne(context, webhook, ui.frame.texts.text('hooks.formUsed'), UNPROCESSABLE)
  }
}

export async function drawRemove({ reply, ui, session }: HookContext, webhook: ShownWebhook, faults = NO_FAULTS, status = 200, proof: Proof = session) {
  const { removePage } = await import('./webhook-forms.tsx')
  return sendOwnPage(reply, removePage(ui, webhook, proof, faults), status)
} // prettier-ignore

export async function takeRemove(context: HookContext, webhook: ShownWebhook): Promise<FastifyReply> {
  const { reply, session, webhooks, actor } = context
  const { proof, faults } = await proved(context, session)
  if (Object.keys(faults).length > 0) return drawRemove(context, webhook, faults, UNPROCESSABLE, proof)
  await webhooks.remove(session.accountId, webhook.id, actor)
  return reply.redirect('/webhooks?done=removed', 303)
}
