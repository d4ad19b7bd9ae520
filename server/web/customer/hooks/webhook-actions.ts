import type { Actor } from '../../../customers/account-log.ts'
import type { Units } from '../../../ledger/money.ts'

/** An account's webhook as its page shows it. */
export interface ShownWebhook {
  readonly id: number
  readonly url: string
  readonly events: readonly string[]
  /** Told of the orders of test keys. */
  readonly test: boolean
  readonly waiting: number
  readonly failingSince: Date | null
  /** What its newest attempt came to, while it fails. */
  readonly lastAnswer: string | null
  /** Until when the secret before signs too. */
  readonly oldSecretUntil: Date | null
  readonly balanceLow: Units | null
  readonly pausedAt: Date | null
  /** How often its secret was changed. */
  readonly rotations: number
  readonly createdAt: Date
}

/** A message and what came of it. */
export interface ShownDelivery {
  readonly id: bigint
  /** The header webhook-id. */
  readonly message: string
  readonly type: string
  readonly order: bigint | null
  readonly state: 'waiting' | 'delivered' | 'given up'
  readonly attempts: number
  readonly status: number | null
  readonly words: string | null
  readonly created: Date
  readonly due: Date | null
  /** The last attempt. */
  readonly tried: Date | null
  readonly tookMs: number | null
  readonly signature: string | null
  readonly body: string
}

export interface NewWebhook {
  readonly accountId: number
  readonly url: string
  readonly events: readonly string[]
  readonly test: boolean
  readonly form: string
}

/** What the pages of webhooks work with. Pages import no worker: whoever starts the node hands this over (server/webhooks/page-actions.ts). Each
 * act throws the Refusal `unknown_webhook` for one that is not the account's. */
export interface WebhookActions {
  readonly messageTypes: readonly string[]
  list(accountId: number): Promise<readonly ShownWebhook[]>
  find(accountId: number, id: number): Promise<ShownWebhook>
  add(webhook: NewWebhook, actor: Actor): Promise<{ webhook: number; secret: string }>
  edit(accountId: number, id: number, to: { url: string; events: readonly string[] }, actor: Actor): Promise<void>
  rotate(
    accountId: number,
    id: number,
    keepOldHours: number,
    by: { actor: Actor; rotations: number },
  ): Promise<{ secret: string; oldUntil: Date | null }>
  pause(accountId: number, id: number, actor: Actor): Promise<void>
  resume(accountId: number, id: number, meanwhile: boolean, actor: Actor): Promise<void>
  remove(accountId: number, id: number, actor: Actor): Promise<void>
  /** Sends a signed message now, and waits for what comes of it. */
  test(accountId: number, id: number): Promise<{ readonly arrived: boolean }>
  deliveries(
    accountId: number,
    id: number,
    page: { givenUp: boolean; most: number; before: bigint | null },
  ): Promise<readonly ShownDelivery[]>
  sendAgain(accountId: number, id: number, delivery: bigint): Promise<boolean>
  replayGivenUp(accountId: number, id: number): Promise<number>
  setBalanceLow(accountId: number, test: boolean, below: Units | null): Promise<void>
}
