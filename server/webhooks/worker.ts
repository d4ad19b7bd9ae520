import type { Logger } from 'pino'
import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { type Loop, repeat } from '../loops/repeat.ts'
import { type FailingWebhook, raiseFailingAlert } from './failing.ts'
import { gather } from './gather.ts'
import { forgetOldMessages } from './log.ts'
import { forgetOldSecrets } from './registry.ts'
import { type Endpoint, deliverAll, type DeliveryDependencies } from './deliver.ts'

export interface WebhookWorkerDependencies extends DeliveryDependencies {
  readonly log: Logger
}

export interface WebhookWorker {
  /** Gathers what happened, and sets out to every endpoint that has messages due and nobody on the way to it. Waits for none. */
  turn(): Promise<number>
  /** Settles when everybody who set out is back. */
  idle(): Promise<void>
  stop(): Promise<void>
}

const TURN_MS = 1000
/** Endpoints that one node calls at the same time. */
const MOST_UNDER_WAY = 64
const FORGET_EVERY_MS = 600_000
/** A day is given to each message: some seconds more do not count. */
const GIVE_UP_EVERY_MS = 10_000

export function startWebhookWorker(deps: WebhookWorkerDependencies): Loop {
  const worker = openWebhookWorker(deps)
  const loop = repeat(deps.log, 'webhooks', TURN_MS, () => worker.turn())
  return {
    async stop() {
      await loop.stop()
      await worker.stop()
    },
  }
}

/** Delivers messages: claim → call → record, each endpoint on its own, so that a slow one hurts only itself. Any number of nodes
 * may run it on one database. */
export function openWebhookWorker(deps: WebhookWorkerDependencies): WebhookWorker {
  const { db, now, log } = deps
  const underWay = new Map<number, Promise<void>>()
  let stopped = false
  let forgotAt = 0
  let gaveUpAt = 0

  async function turn(): Promise<number> {
    if (now().getTime() - gaveUpAt > GIVE_UP_EVERY_MS) {
      await giveUpOverdue(db, now())
      gaveUpAt = now().getTime()
    }
    if (now().getTime() - forgotAt > FORGET_EVERY_MS) {
      await forgetOldMessages(db, now())
      await forgetOldSecrets(db, now())
      forgotAt = now().getTime()
    }
    const { gathered, due } = await transaction(db, async (tx) => ({ gathered: await gather(tx, deps, now()), due: await readDue(tx) }))
    for (const endpoint of due) startDelivery(endpoint)
    return gathered
  }

  async function readDue(tx: Queryable): Promise<Endpoint[]> {
    const values = [now(), [...underWay.keys()], MOST_UNDER_WAY - underWay.size]
    return (await tx.query<Endpoint>({ name: 'endpoints due', text: ENDPOINTS_DUE, values })).rows
  }

  function startDelivery(endpoint: Endpoint) {
    const delivery = deliverAll(deps, endpoint, () => !stopped)
      .catch((error: unknown) => log.error({ err: error, webhook: endpoint.id }, 'delivering to a webhook failed and will be tried again'))
      .finally(() => underWay.delete(endpoint.id))
    underWay.set(endpoint.id, delivery)
  }

  return {
    turn,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay.values())
    },
    async stop() {
      stopped = true
      await Promise.all(underWay.values())
    },
  }
}

// Endpoints that answer come first: the others are more likely to be slow.
const ENDPOINTS_DUE = `
  select w.id, w.account_id as "accountId", w.url, w.failures
  from webhooks w
  where w.paused_at is null and (w.resting_until is null or w.resting_until <= $1) and w.id <> all($2::int[])
    and exists (select from webhook_messages m where m.webhook_id = w.id and m.state = 'waiting' and m.due_at <= $1)
  order by w.failures, w.id limit $3`

interface Overdue extends FailingWebhook {
  readonly words: string
}

// Only where attempts have failed: what waited because no node was running is still delivered, however late.
const GIVE_UP_OVERDUE = `
  with over as (
    update webhook_messages m set state = 'given up', ended_at = $1, words = coalesce(m.words, 'The endpoint rested after failures')
    from webhooks w
    where w.id = m.webhook_id and w.failures > 0 and w.paused_at is null and m.state = 'waiting' and m.give_up_at <= $1 and m.due_at <= $1
    returning m.webhook_id, m.words
  )
  update webhooks w set failing_since = coalesce(w.failing_since, $1::timestamptz)
  from (select webhook_id, max(words) as words from over group by webhook_id) o where w.id = o.webhook_id
  returning w.id, w.account_id as "accountId", w.url, o.words`

/** Gives up messages that could not be tried in a day, because their endpoint was failing as a whole. */
async function giveUpOverdue(db: Database, now: Date): Promise<void> {
  const { rows } = await db.query<Overdue>({ name: 'give up overdue', text: GIVE_UP_OVERDUE, values: [now] })
  for (const webhook of rows) await raiseFailingAlert(db, webhook, webhook.words, now)
}
