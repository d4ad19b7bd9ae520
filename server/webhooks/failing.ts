import type { Queryable } from '../db/pool.ts'
import type { Site } from '../customers/account-context.ts'
import { takeAttempt } from '../customers/attempts.ts'
import { usersOf } from '../customers/users.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { queueMail } from '../mails/queue.ts'
import type { Secret } from '../secret.ts'

/** An endpoint that does not accept its messages. */
export interface FailingWebhook {
  readonly id: number
  readonly accountId: number
  readonly url: string
}

/** How often at most the owner of an endpoint that fails again and again gets a mail. */
const MAIL_EVERY_SECONDS = 6 * 3600

/** Mails the people of the account once, each time an endpoint begins to fail. The mail is queued in the transaction that notes the failure. */
export async function mailFailing(
  tx: Queryable,
  { secret, site }: { secret: Secret; site: Site },
  { id, accountId, url }: FailingWebhook,
  answer: string,
  now: Date,
): Promise<void> {
  const wait = await takeAttempt(tx, [{ subject: `mail of failing webhook ${id}`, atOnce: 1, pauseSeconds: MAIL_EVERY_SECONDS }], now)
  if (wait > 0) return
  const values = { site: site.name, host: new URL(url).host, answer, link: `${site.url}/webhooks/${id}` }
  for (const { email, locale } of await usersOf(tx, accountId))
    await queueMail(tx, secret, { accountId, recipient: email, name: 'webhookFailing', locale: locale ?? 'en', values }, now)
}

/** One alert for all failing endpoints: staff then look at the list. */
export async function raiseFailingAlert(db: Queryable, webhook: FailingWebhook, words: string, now: Date): Promise<void> {
  const told = `Webhook ${webhook.id} of account ${webhook.accountId} (${new URL(webhook.url).host}) took no message for a day: ${words}`
  await raiseAlert(db, { kind: 'webhooks failing', supplierId: null, orderId: null, words: told }, now)
}

/** Closes the alert when no endpoint is failing any more. */
export async function closeFailingAlert(db: Queryable, now: Date): Promise<void> {
  const { rowCount } = await db.query('select from webhooks where failing_since is not null limit 1')
  if (rowCount === 0) await closeAlerts(db, { kind: 'webhooks failing', supplierId: null, orderId: null }, now)
}
