import { randomBytes } from 'node:crypto'
import type { Queryable } from '../db/pool.ts'
import { after } from '../loops/time.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import { refuse } from '../refusal.ts'
import type { Secret } from '../secret.ts'
import { type Attempt, callWebhook, type Endpoint } from './call.ts'
import { GIVE_UP_AFTER_SECONDS } from './add-messages.ts'
import { testMessage } from './message.ts'
import { checkWebhook, unknownWebhook } from './registry.ts'

export interface Delivery {
  readonly id: bigint
  readonly message: string
  readonly type: string
  readonly order: bigint | null
  readonly state: 'waiting' | 'delivered' | 'given up'
  readonly attempts: number
  /** HTTP status of the last attempt; null: no answer came. */
  readonly status: number | null
  readonly words: string | null
  readonly created: Date
  readonly due: Date | null
  readonly ended: Date | null
  /** The last attempt: when it was signed, how long it took, and its webhook-signature header. */
  readonly tried: Date | null
  readonly tookMs: number | null
  readonly signature: string | null
  readonly body: string
}

const DELIVERIES = `
  select id, message, type, order_id as "order", state, attempts, status, words, created_at as created,
    case when state = 'waiting' then due_at end as due, ended_at as ended, tried_at as tried, took_ms as "tookMs", signature, body
  from webhook_messages where webhook_id = $1 and (not $2 or state = 'given up') and ($4::bigint is null or id < $4) order by id desc limit $3`

export interface DeliveryPage {
  readonly givenUp: boolean
  readonly most: number
  /** Only messages before this one. */
  readonly before?: bigint | null
}

/** The newest first. Delivered messages are kept for a week, given-up ones for thirty days. */
export async function listDeliveries(db: Queryable, webhookId: number, which: DeliveryPage): Promise<Delivery[]> {
  await checkWebhook(db, webhookId)
  return (await db.query<Delivery>(DELIVERIES, [webhookId, which.givenUp, which.most, which.before ?? null])).rows
}

/** The messages to send again. */
export type Replayed = { readonly delivery: bigint } | { readonly since: Date } | 'given up'

const REPLAY = `
  with again as (
    update webhook_messages set state = 'waiting', ended_at = null, attempts = 0, due_at = $2, give_up_at = $3
    where webhook_id = $1 and state <> 'waiting' and case
      when $4::bigint is not null then id = $4
      when $5::timestamptz is not null then created_at >= $5
      else state = 'given up' end
    returning id
  ),
  awake as (update webhooks set resting_until = null where id = $1)
  select count(*)::int as again from again`

/** Sends messages again from the log: at once, with another day to try, and each under its own webhook-id. Answers how many. */
export async function replay(db: Queryable, webhookId: number, which: Replayed, now: Date): Promise<number> {
  await checkWebhook(db, webhookId)
  const delivery = typeof which === 'object' && 'delivery' in which ? which.delivery : null
  const since = typeof which === 'object' && 'since' in which ? which.since : null
  const { rows } = await db.query<{ again: number }>(REPLAY, [webhookId, now, after(now, GIVE_UP_AFTER_SECONDS), delivery, since])
  if (delivery !== null && rows[0]!.again === 0) {
    throw refuse('unknown_delivery', webhookId, delivery)
  }
  return rows[0]!.again
}

// A message that has ended starts again; one that waits for its next attempt is tried now.
const SEND_AGAIN = `
  with again as (
    update webhook_messages set due_at = $3, state = 'waiting', ended_at = null,
      attempts = case when state = 'waiting' then attempts else 0 end,
      give_up_at = case when state = 'waiting' then give_up_at else $4 end
    where id = $2 and webhook_id = $1 returning webhook_id
  )
  update webhooks w set resting_until = null from again where w.id = again.webhook_id`

/** Sends one message at once, whatever its state. Answers false when the webhook has no such message. */
export async function sendAgain(db: Queryable, webhookId: number, delivery: bigint, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(SEND_AGAIN, [webhookId, delivery, now, after(now, GIVE_UP_AFTER_SECONDS)])
  return rowCount === 1
}

const ENDPOINT = `
  select url, sealed_secret as "sealedSecret", case when old_secret_until > $2 then old_sealed_secret end as "oldSealedSecret"
  from webhooks where id = $1`
const ADD_TEST = `
  insert into webhook_messages (webhook_id, message, type, body, state, due_at, give_up_at, attempts, status, words, created_at, ended_at,
    tried_at, took_ms, signature)
  values ($1, $2, $3, $4, $5, $6, $6, 1, $7, $8, $6, $6, $6, $9, $10)`

/** A test message and what came of it. */
export interface SentTest {
  readonly message: ReturnType<typeof testMessage>
  readonly attempt: Attempt
}

/** Sends a signed message of type webhook.test at once, one time. `logTest` shows it in the log like any other. */
export async function sendTest(
  db: Queryable,
  deps: { secret: Secret; outgoing: Pick<Outgoing, 'post'> },
  webhookId: number,
  now: Date,
): Promise<SentTest> {
  const { rows } = await db.query<Endpoint>(ENDPOINT, [webhookId, now])
  if (!rows[0]) throw unknownWebhook(webhookId)
  const message = testMessage(webhookId, randomBytes(8).toString('hex'), now)
  return { message, attempt: await callWebhook(deps, rows[0], { message: message.id, body: message.body }, now) }
}

export async function logTest(db: Queryable, webhookId: number, { message, attempt }: SentTest, now: Date): Promise<void> {
  const { arrived, status, words, tookMs, signature } = attempt
  const state = arrived ? 'delivered' : 'given up'
  await db.query(ADD_TEST, [webhookId, message.id, message.type, message.body, state, now, status, words, tookMs, signature])
}

/** Sends a test message and logs it. */
export async function testWebhook(
  db: Queryable,
  deps: { secret: Secret; outgoing: Pick<Outgoing, 'post'> },
  webhookId: number,
  now: Date,
): Promise<Attempt> {
  const sent = await sendTest(db, deps, webhookId, now)
  await logTest(db, webhookId, sent, now)
  return sent.attempt
}

const FORGET = `
  delete from webhook_messages where id in (
    select id from webhook_messages
    where state <> 'waiting' and ended_at < $1::timestamptz - case state when 'delivered' then interval '7 days' else interval '30 days' end
    order by ended_at limit 10000)`

/** Deletes messages whose time in the log is over. */
export async function forgetOldMessages(db: Queryable, now: Date): Promise<void> {
  for (;;) {
    const { rowCount } = await db.query(FORGET, [now])
    if ((rowCount ?? 0) < 10_000) return
  }
}
