import type { FastifyInstance, FastifyReply } from 'fastify'
import { actorOf } from '../../../customers/account-context.ts'
import { formatUnits, parseUnits, shortDecimal } from '../../../ledger/money.ts'
import { isRefusal } from '../../../refusal.ts'
import type { Web } from '../../web.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { onOwn } from '../own-context.ts'
import { field } from '../../form-faults.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import { doneText, type HookContext } from './hook-context.ts'
import { showEdit, showNew, takeEdit, takeNew } from './new-webhook.ts'
import { drawOne } from './one-webhook.ts'
import { drawRemove, drawRotate, takeAgain, takePause, takeRemove, takeResume, takeRotate, takeTest } from './webhook-acts.ts'
import type { ShownWebhook } from './webhook-actions.ts'

type Handle = (context: HookContext) => Promise<FastifyReply>
type HandleOne = (context: HookContext, webhook: ShownWebhook) => Promise<FastifyReply>

export function routeWebhooks(pages: FastifyInstance, web: Web) {
  const on = (handle: Handle) =>
    onOwn(web, (context) => handle({ ...context, webhooks: web.programs().webhooks, actor: actorOf(context.visit, context.session.userId) }))
  const onOne = (handle: HandleOne) => on((context) => withWebhook(context, handle))
  pages.get('/webhooks', on((context) => drawList(context)))
  pages.get('/webhooks/verify', on(showVerify))
  pages.post('/webhooks/low', on(takeLow))
  pages.get('/webhooks/new', on(showNew))
  pages.post('/webhooks/new', on(takeNew))
  pages.get('/webhooks/:id', onOne((context, webhook) => drawOne(context, webhook)))
  pages.post('/webhooks/:id/test', onOne(takeTest))
  pages.post('/webhooks/:id/again', onOne(takeAgain))
  pages.post('/webhooks/:id/pause', onOne(takePause))
  pages.post('/webhooks/:id/resume', onOne(takeResume))
  pages.get('/webhooks/:id/edit', onOne(showEdit))
  pages.post('/webhooks/:id/edit', onOne(takeEdit))
  pages.get('/webhooks/:id/rotate', onOne((context, webhook) => drawRotate(context, webhook)))
  pages.post('/webhooks/:id/rotate', onOne(takeRotate))
  pages.get('/webhooks/:id/remove', onOne((context, webhook) => drawRemove(context, webhook)))
  pages.post('/webhooks/:id/remove', onOne(takeRemove))
} // prettier-ignore

/** Another account's webhook gets the same answer as one that does not exist or was just removed. */
async function withWebhook(context: HookContext, handle: HandleOne): Promise<FastifyReply> {
  const { request, reply, ui, session, webhooks } = context
  const { id } = request.params as { id: string }
  const own = /^[1-9]\d{0,8}$/.test(id) ? (await webhooks.list(session.accountId)).find((one) => one.id === Number(id)) : undefined
  try {
    if (own) return await handle(context, own)
  } catch (error) {
    if (!isRefusal(error, 'unknown_webhook')) throw error
  }
  return sendOwnPage(reply, nothingHerePage(ui), 404)
}

async function drawList(context: HookContext, typed?: { low: string; faults: Faults }): Promise<FastifyReply> {
  const { reply, ui, session, webhooks } = context
  const { webhooksPage } = await import('./webhooks.tsx')
  const all = await webhooks.list(session.accountId)
  const below = all.find((one) => !one.test)?.balanceLow ?? null
  const low = typed?.low ?? (below === null ? '' : shortDecimal(formatUnits(below)))
  const view = {
    webhooks: all,
    low,
    faults: typed?.faults ?? NO_FAULTS,
    done: typed ? undefined : doneText(context),
    warning: sentBefore(context),
  }
  return sendOwnPage(reply, webhooksPage(ui, view), typed ? UNPROCESSABLE : 200)
}

/** The notice for a form of a new webhook that was submitted twice. */
function sentBefore({ query, ui }: HookContext): string | undefined {
  return query.get('done') === 'sent' ? ui.frame.texts.text('hooks.formUsed') : undefined
}

async function showVerify({ reply, ui }: HookContext): Promise<FastifyReply> {
  const { verifyPage } = await import('./verify.tsx')
  return sendOwnPage(reply, verifyPage(ui))
}

async function takeLow(context: HookContext): Promise<FastifyReply> {
  const { request, reply, ui, session, webhooks } = context
  const low = field(request, 'below').trim()
  try {
    await webhooks.setBalanceLow(session.accountId, false, low === '' ? null : parseUnits(low))
    return await reply.redirect('/webhooks?done=low', 303)
  } catch (error) {
    if (!(error instanceof RangeError) && !isRefusal(error, 'incorrect_alarm')) throw error
    return drawList(context, { low, faults: { below: ui.frame.texts.text('keys.fault.dailyCap') } })
  }
}
