import type { Queryable } from '../db/pool.ts'
import { after } from '../loops/time.ts'
import type { Message } from './message.ts'

export const GIVE_UP_AFTER_SECONDS = 86_400

const ADD_MESSAGES = `
  insert into webhook_messages (webhook_id, message, type, order_id, body, due_at, give_up_at, created_at)
  select $1, t.message, t.type, t.order_id, t.body, $2, $3, $2
  from unnest($4::text[], $5::text[], $6::bigint[], $7::text[]) with ordinality as t(message, type, order_id, body, n) order by t.n
  on conflict on constraint one_message_an_event do nothing`

/** Adds messages that wait to be sent; one that was added before is not added again. */
export async function addMessages(tx: Queryable, webhookId: number, messages: readonly Message[], now: Date): Promise<void> {
  if (messages.length === 0) return
  const columns = [
    messages.map((message) => message.id),
    messages.map((message) => message.type),
    messages.map((message) => message.orderId),
    messages.map((message) => message.body),
  ]
  await tx.query(ADD_MESSAGES, [webhookId, now, after(now, GIVE_UP_AFTER_SECONDS), ...columns])
}
