import type { FastifyReply } from 'fastify'
import { numberIn } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import { doneText, type HookContext } from './hook-context.ts'
import type { ShownDelivery, ShownWebhook } from './webhook-actions.ts'

const DELIVERIES_PER_PAGE = 30

export async function drawOne(context: HookContext, webhook: ShownWebhook, warning?: string, status = 200): Promise<FastifyReply> {
  const { reply, ui, session, query, webhooks } = context
  const { webhookPage } = await import('./webhook.tsx')
  const before = numberIn(query, 'before')
  const onlyGivenUp = query.get('only') === 'given-up'
  const page = { givenUp: onlyGivenUp, most: DELIVERIES_PER_PAGE + 1, before }
  const found = await webhooks.deliveries(session.accountId, webhook.id, page)
  const deliveries = found.slice(0, DELIVERIES_PER_PAGE)
  const tested = query.get('done') === 'tested' ? testWords(context, deliveries) : {}
  const view = {
    webhook,
    deliveries,
    isFirst: before === null,
    onlyGivenUp,
    older: found.length > DELIVERIES_PER_PAGE ? deliveries.at(-1)!.id : null,
    done: doneText(context),
    warning,
    ...tested,
  }
  return sendOwnPage(reply, webhookPage(ui, view), status)
}

/** The outcome of the test message that was just sent. */
function testWords({ ui }: HookContext, deliveries: readonly ShownDelivery[]) {
  const { texts } = ui.frame
  const test = deliveries.find(({ type }) => type === 'webhook.test')
  if (!test) return {}
  const values = { answer: test.words ?? '', ms: test.tookMs ?? 0 }
  return test.state === 'delivered'
    ? { done: texts.text('hooks.test.arrived', values) }
    : { warning: texts.text('hooks.test.failed', values) }
}
