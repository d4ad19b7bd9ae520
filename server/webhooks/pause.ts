import { type Actor, logAct, STAFF } from '../customers/account-log.ts'
import { type Database, type Transaction, transaction } from '../db/pool.ts'
import { after } from '../loops/time.ts'
import { GIVE_UP_AFTER_SECONDS } from './add-messages.ts'
import { checkWebhook, inLog, type NamedWebhook } from './registry.ts'

const PAUSE = `update webhooks set paused_at = $2 where id = $1 and paused_at is null returning account_id as "accountId", url`

/** Pauses a webhook: no more messages are gathered or sent for it. Those being sent still arrive. */
export function pauseWebhook(db: Database | Transaction, id: number, now: Date, actor: Actor = STAFF): Promise<void> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<NamedWebhook>(PAUSE, [id, now])
    if (rows[0]) await logAct(tx, rows[0].accountId, actor, 'webhook paused', now, inLog(rows[0]))
    else await checkWebhook(tx, id)
  })
}

const RESUME = `
  update webhooks w set paused_at = null, failures = 0, resting_until = null,
    seen_change = case when $2 then w.seen_change else coalesce((select changes from feeds f where f.book_id = w.book_id), 0) end
  where id = $1 and paused_at is not null returning account_id as "accountId", url`
const WAITING_AGAIN = `
  update webhook_messages set due_at = $2, give_up_at = greatest(give_up_at, $3) where webhook_id = $1 and state = 'waiting'`
const DROP_WAITING = `delete from webhook_messages where webhook_id = $1 and state = 'waiting'`

/** Resumes a webhook: with everything that happened meanwhile, or only with what happens from now on. */
export function resumeWebhook(db: Database | Transaction, id: number, meanwhile: boolean, now: Date, actor: Actor = STAFF): Promise<void> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<NamedWebhook>(RESUME, [id, meanwhile])
    if (!rows[0]) return checkWebhook(tx, id)
    if (meanwhile) await tx.query(WAITING_AGAIN, [id, now, after(now, GIVE_UP_AFTER_SECONDS)])
    else await tx.query(DROP_WAITING, [id])
    await logAct(tx, rows[0].accountId, actor, 'webhook resumed', now, inLog(rows[0]))
  })
}
