import type { Queryable } from '../db/pool.ts'
import { closeAlerts, raiseAlert } from '../fulfilment/alerts.ts'

/** An endpoint that a message was given up for. */
export interface FailingWebhook {
  readonly id: number
  readonly accountId: number
  readonly url: string
}

/** One alert for all of them: staff look at the list. */
export async function raiseFailingAlert(db: Queryable, webhook: FailingWebhook, words: string, now: Date): Promise<void> {
  const told = `Webhook ${webhook.id} of account ${webhook.accountId} (${new URL(webhook.url).host}) took no message for a day: ${words}`
  await raiseAlert(db, { kind: 'webhooks failing', supplierId: null, orderId: null, words: told }, now)
}

/** Closes the alert when the last failing endpoint has come back, or has gone. */
export async function closeFailingAlert(db: Queryable, now: Date): Promise<void> {
  const { rowCount } = await db.query('select from webhooks where failing_since is not null limit 1')
  if (rowCount === 0) await closeAlerts(db, { kind: 'webhooks failing', supplierId: null, orderId: null }, now)
}
