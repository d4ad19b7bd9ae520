import type { Actor } from '../customers/account-log.ts'
import type { Database } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import { type DeliveryPage, listDeliveries, replay, sendAgain, testWebhook } from './log.ts'
import { messageTypes } from './message.ts'
import { pauseWebhook, resumeWebhook } from './pause.ts'
import {
  addWebhook,
  editWebhook,
  listWebhooks,
  type NewWebhook,
  removeWebhook,
  rotateSecret,
  setBalanceLow,
  unknownWebhook,
  type WebhookRow,
} from './registry.ts'

export interface WebhookActionDependencies {
  readonly db: Database
  readonly now: () => Date
  readonly secret: Secret
  readonly outgoing: Pick<Outgoing, 'check' | 'post'>
}

/**
 * The actions of customers on their own webhooks. Each is limited to one account: a webhook of another account is as unknown as one that does not
 * exist.
 */
export function openWebhookActions(deps: WebhookActionDependencies) {
  const { db, now, secret } = deps

  async function find(accountId: number, id: number): Promise<WebhookRow> {
    const found = (await listWebhooks(db, accountId)).find((row) => row.id === id)
    if (!found) throw unknownWebhook(id)
    return found
  }

  return {
    messageTypes,
    list: (accountId: number) => listWebhooks(db, accountId),
    find,
    add: (webhook: NewWebhook, actor: Actor) => addWebhook(db, deps, webhook, now(), actor),
    async edit(accountId: number, id: number, to: { url: string; events: readonly string[] }, actor: Actor) {
      await find(accountId, id)
      await editWebhook(db, deps, id, to, now(), actor)
    },
    async rotate(accountId: number, id: number, keepOldHours: number, by: { actor: Actor; rotations: number }) {
      await find(accountId, id)
      return rotateSecret(db, secret, id, keepOldHours, now(), by)
    },
    async pause(accountId: number, id: number, actor: Actor) {
      await find(accountId, id)
      await pauseWebhook(db, id, now(), actor)
    },
    async resume(accountId: number, id: number, meanwhile: boolean, actor: Actor) {
      await find(accountId, id)
      await resumeWebhook(db, id, meanwhile, now(), actor)
    },
    async remove(accountId: number, id: number, actor: Actor) {
      await find(accountId, id)
      await removeWebhook(db, id, now(), actor)
    },
    async test(accountId: number, id: number) {
      await find(accountId, id)
      return testWebhook(db, deps, id, now())
    },
    async deliveries(accountId: number, id: number, page: DeliveryPage) {
      await find(accountId, id)
      return listDeliveries(db, id, page)
    },
    async sendAgain(accountId: number, id: number, delivery: bigint) {
      await find(accountId, id)
      return sendAgain(db, id, delivery, now())
    },
    async replayGivenUp(accountId: number, id: number) {
      await find(accountId, id)
      return replay(db, id, 'given up', now())
    },
    setBalanceLow: (accountId: number, test: boolean, below: Units | null) => setBalanceLow(db, accountId, test, below),
  }
}
