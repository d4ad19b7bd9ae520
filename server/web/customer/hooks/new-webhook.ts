import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { isRefusal } from '../../../refusal.ts'
import { type Proof, proved } from '../proof.tsx'
import { field } from '../../form-faults.ts'
import { type Faults, NO_FAULTS, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import { type HookContext, tooOften } from './hook-context.ts'
import type { ShownWebhook } from './webhook-actions.ts'
import { eventField, type TypedWebhook } from './webhook-forms.tsx'

export function showNew(context: HookContext): Promise<FastifyReply> {
  return drawNew(context, { typed: EMPTY, form: newForm(), faults: NO_FAULTS, proof: context.session })
}

/** Preselected, because most receivers want every event. */
const GROUPS: readonly string[] = ['order.*', 'refill.*', 'balance.low', 'deposit.*', 'ticket.*']
const EMPTY: TypedWebhook = { url: '', events: GROUPS, test: false }

function newForm(): string {
  return randomBytes(16).toString('base64url')
}

interface Filled {
  readonly typed: TypedWebhook
  readonly form: string
  readonly edited?: number
  readonly faults: Faults
  readonly proof: Proof
}

async function drawNew({ reply, ui, webhooks }: HookContext, filled: Filled, status = 200): Promise<FastifyReply> {
  const { newWebhookPage } = await import('./webhook-forms.tsx')
  return sendOwnPage(reply, newWebhookPage(ui, { ...filled, groups: GROUPS, messageTypes: webhooks.messageTypes }), status)
}

export async function takeNew(context: HookContext): Promise<FastifyReply> {
  const { request, reply, ui, session, webhooks, actor } = context
  const sent = field(request, 'form')
  const form = /^[\w-]{22}$/.test(sent) ? sent : newForm()
  const typed = typedWebhook(context)
  const { proof, faults: unproved } = await proved(context, session)
  const faults = { ...missingIn(context, typed), ...unproved }
  if (Object.keys(faults).length > 0) return drawNew(context, { typed, form, faults, proof }, UNPROCESSABLE)
  const late = await tooOften(context)
  if (late) return drawNew(context, { typed, form, faults: late, proof }, TOO_MANY)
  try {
    const added = await webhooks.add({ accountId: session.accountId, ...typed, form }, actor)
    const { secretPage } = await import('./webhook-forms.tsx')
    return await sendOwnPage(reply, secretPage(ui, { ...added, url: typed.url, oldUntil: null }))
  } catch (error) {
    if (isRefusal(error, 'webhook_form_used')) return reply.redirect('/webhooks?done=sent', 303)
    return drawNew(context, { typed, form, proof, faults: addFaults(error, context) }, UNPROCESSABLE)
  }
}

/** The same form for an existing webhook. */
export function showEdit(context: HookContext, { id, url, events, test }: ShownWebhook): Promise<FastifyReply> {
  return drawNew(context, { typed: { url, events, test }, form: '', edited: id, faults: NO_FAULTS, proof: context.session })
}

export async function takeEdit(context: HookContext, { id, test }: ShownWebhook): Promise<FastifyReply> {
  const { reply, session, webhooks, actor } = context
  const typed = { ...typedWebhook(context), test }
  const { proof, faults: unproved } = await proved(context, session)
  const draw = (faults: Faults, status: number) => drawNew(context, { typed, form: '', edited: id, faults, proof }, status)
  const faults = { ...missingIn(context, typed), ...unproved }
  if (Object.keys(faults).length > 0) return draw(faults, UNPROCESSABLE)
  const late = await tooOften(context)
  if (late) return draw(late, TOO_MANY)
  try {
    await webhooks.edit(session.accountId, id, typed, actor)
  } catch (error) {
    return draw(addFaults(error, context), UNPROCESSABLE)
  }
  return reply.redirect(`/webhooks/${id}?done=edited`, 303)
}

function missingIn({ ui }: HookContext, typed: TypedWebhook): Faults {
  const { texts } = ui.frame
  return {
    ...(typed.url === '' && { url: texts.text('app.fault.missing') }),
    ...(typed.events.length === 0 && { events: texts.text('keys.fault.scopes') }),
  }
}

function typedWebhook({ request, webhooks }: HookContext): TypedWebhook {
  const events = [...new Set([...GROUPS, ...webhooks.messageTypes])].filter((event) => field(request, eventField(event)) === 'on')
  const url = field(request, 'url').toWellFormed().replaceAll('\0', '').trim()
  return { url, events, test: field(request, 'money') === 'test' }
}

function addFaults(error: unknown, { ui: { frame } }: HookContext): Faults {
  if (!isRefusal(error, 'address_refused', 'no_book', 'no_test_key', 'too_many_webhooks')) throw error
  switch (error.code) {
    case 'address_refused':
      return { url: frame.texts.text('hooks.fault.address') }
    case 'no_book':
    case 'no_test_key':
      return { money: frame.texts.text('hooks.fault.noTest') }
    case 'too_many_webhooks':
      return { form: frame.texts.text('hooks.fault.tooMany') }
    default:
      return error.code satisfies never
  }
}
