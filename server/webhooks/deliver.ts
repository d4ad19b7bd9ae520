import type { Site } from '../customers/account-context.ts'
import { type Database, transaction } from '../db/pool.ts'
import { type BackOff, pauseAfter, withJitter } from '../loops/back-off.ts'
import { after } from '../loops/time.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import { type Attempt, callWebhook } from './call.ts'
import { closeFailingAlert, type FailingWebhook, mailFailing, raiseFailingAlert } from './failing.ts'

export interface DeliveryDependencies {
  readonly db: Database
  readonly now: () => Date
  readonly secret: Secret
  readonly outgoing: Pick<Outgoing, 'post'>
  /** The name and the address of this panel in mails. */
  readonly site: Site
}

export interface Endpoint extends FailingWebhook {
  readonly failures: number
}

/** Messages that are sent to one endpoint at the same time. */
const LANES = 4
const MOST_CLAIMED = 32
/** After this time another node may take a claimed message. */
const LEASE_SECONDS = 60
/** A message whose call has not begun by then is given back: a call takes ten seconds at most. */
const BEGUN_WITHIN_MS = 40_000
/** After so many failures in a row the endpoint is at fault, not the message: it rests between attempts, and its owner gets a mail. */
const RESTS_FROM = 3
const REST_SECONDS: BackOff = { first: 5, factor: 3, longest: 600 }
/** The pauses of one message, between its attempts. */
const PAUSE_SECONDS: BackOff = { first: 5, factor: 3, longest: 3600 }

/** Delivers until no message is due there, the endpoint must rest, or the worker stops. */
export async function deliverAll(deps: DeliveryDependencies, endpoint: Endpoint, isRunning: () => boolean): Promise<void> {
  const { db, now } = deps
  let failures = endpoint.failures
  // An endpoint that has rested gets one call, to show whether it works again.
  const patience = Math.max(RESTS_FROM, failures + 1)
  const mayGoOn = () => isRunning() && failures < patience

  async function deliver(message: Claimed) {
    const triedAt = now()
    const attempt = { triedAt, ...(await callWebhook(deps, { ...message, url: endpoint.url }, message, triedAt)) }
    failures = attempt.arrived ? 0 : failures + 1
    if (attempt.arrived) await recordArrival(db, { endpoint, message, attempt }, now())
    else await recordFailure(deps, { endpoint, message, attempt, failures }, now())
  }

  while (mayGoOn()) {
    const claimed = await claim(db, endpoint.id, failures === 0 ? MOST_CLAIMED : 1, now())
    if (claimed.length === 0) return
    const begun = performance.now()
    await inLanes(byOrder(claimed), async (message) => {
      if (mayGoOn() && performance.now() - begun < BEGUN_WITHIN_MS) await deliver(message)
      else await db.query(GIVE_BACK, [message.id, message.attempts, now()])
    })
  }
}

/** Works on several orders at the same time, and on the messages of each one after the other. */
async function inLanes(orders: Claimed[][], work: (message: Claimed) => Promise<void>): Promise<void> {
  const lane = async () => {
    for (let next = orders.shift(); next; next = orders.shift()) for (const message of next) await work(message)
  }
  // Waits for all lanes before it throws, so that no call is still under way unnoticed.
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane))
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason
}

interface Claimed {
  readonly id: bigint
  readonly message: string
  readonly orderId: bigint | null
  readonly body: string
  readonly attempts: number
  readonly giveUpAt: Date
  /** The endpoint's secrets, read at the claim: a delivery may take long, and a secret may be withdrawn meanwhile. */
  readonly sealedSecret: Buffer
  readonly oldSealedSecret: Buffer | null
}

const CLAIM = `
  with due as (
    select id from webhook_messages where webhook_id = $1 and state = 'waiting' and due_at <= $2
    order by due_at, id limit $4 for update skip locked
  )
  update webhook_messages m set due_at = $3, attempts = m.attempts + 1 from due, webhooks w where m.id = due.id and w.id = $1 and w.paused_at is null
  returning m.id, m.message, m.order_id as "orderId", m.body, m.attempts, m.give_up_at as "giveUpAt", w.sealed_secret as "sealedSecret",
    case when w.old_secret_until > $2 then w.old_sealed_secret end as "oldSealedSecret"`

async function claim(db: Database, webhookId: number, most: number, now: Date): Promise<Claimed[]> {
  const { rows } = await db.query<Claimed>({
    name: 'claim messages',
    text: CLAIM,
    values: [webhookId, now, after(now, LEASE_SECONDS), most],
  })
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** The messages of one order are sent one after the other. */
function byOrder(messages: readonly Claimed[]): Claimed[][] {
  const orders = new Map<string, Claimed[]>()
  for (const message of messages) {
    const name = message.orderId === null ? message.message : message.orderId.toString()
    const order = orders.get(name)
    if (order) order.push(message)
    else orders.set(name, [message])
  }
  return [...orders.values()]
}

// An arrival counts whichever node reports it; a failure only while no other node has tried again since.
const ARRIVED = `
  update webhook_messages set state = 'delivered', ended_at = $2, status = $3, words = $4, tried_at = $5, took_ms = $6, signature = $7
  where id = $1 and state = 'waiting'`
const FAILED = `
  update webhook_messages set due_at = $3, status = $4, words = $5, tried_at = $8, took_ms = $9, signature = $10,
    state = case when $6 then 'given up' else state end, ended_at = case when $6 then $7::timestamptz end
  where id = $1 and attempts = $2 and state = 'waiting'`
const GIVE_BACK = `
  update webhook_messages set due_at = $3, attempts = attempts - 1 where id = $1 and attempts = $2 and state = 'waiting'`
const ANSWERS = `
  update webhooks set failures = 0, resting_until = null, failing_since = null
  where id = $1 and (failures > 0 or failing_since is not null)`
const FAILS = `
  with before as (select id, failing_since, failures from webhooks where id = $1 for update)
  update webhooks w set failures = w.failures + 1, resting_until = coalesce($2, w.resting_until),
    failing_since = case when $3 or b.failures + 1 >= ${RESTS_FROM} then coalesce(w.failing_since, $4::timestamptz) else w.failing_since end
  from before b where w.id = b.id
  returning b.failing_since is null and w.failing_since is not null as began`

/** With the time of the signature. */
type Tried = Attempt & { readonly triedAt: Date }

async function recordArrival(db: Database, { endpoint, message, attempt }: Omit<Failure, 'failures'>, now: Date): Promise<void> {
  const { status, words, triedAt, tookMs, signature } = attempt
  await db.query({ name: 'message arrived', text: ARRIVED, values: [message.id, now, status, words, triedAt, tookMs, signature] })
  const { rowCount } = await db.query({ name: 'endpoint answers', text: ANSWERS, values: [endpoint.id] })
  if (rowCount !== 0) await closeFailingAlert(db, now)
}

interface Failure {
  readonly endpoint: Endpoint
  readonly message: Claimed
  readonly attempt: Tried
  /** Failures in a row, this one included. */
  readonly failures: number
}

async function recordFailure(deps: DeliveryDependencies, { endpoint, message, attempt, failures }: Failure, now: Date): Promise<void> {
  const { db } = deps
  const dueAt = after(now, Math.max(withJitter(pauseAfter(message.attempts - 1, PAUSE_SECONDS)), attempt.retryAfterSeconds))
  const givenUp = dueAt > message.giveUpAt
  const { status, words, triedAt, tookMs, signature } = attempt
  await db.query(FAILED, [message.id, message.attempts, dueAt, status, words, givenUp, now, triedAt, tookMs, signature])
  const restingUntil = failures < RESTS_FROM ? null : after(now, withJitter(pauseAfter(failures - RESTS_FROM, REST_SECONDS)))
  await transaction(db, async (tx) => {
    const { rows } = await tx.query<{ began: boolean }>(FAILS, [endpoint.id, restingUntil, givenUp, now])
    if (rows[0]?.began) await mailFailing(tx, deps, endpoint, words, now)
  })
  if (givenUp) await raiseFailingAlert(db, endpoint, attempt.words, now)
}
