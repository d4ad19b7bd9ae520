import type { Actor } from '../../../customers/account-log.ts'
import type { Units } from '../../../ledger/money.ts'

/** A webhook of the account, as its page shows it. */
export interface ShownWebhook {
  readonly id: number
  readonly url: string
  readonly events: readonly string[]
  /** The webhook receives the events of test keys' orders. */
  readonly test: boolean
  readonly waiting: number
  readonly failingSince: Date | null
  /** The outcome of its newest attempt, if that failed. */
  readonly lastAnswer: string | null
  /** Messages are also signed with the previous secret until then. */
  readonly oldSecretUntil: Date | null
  readonly balanceLow: Units | null
  readonly pausedAt: Date | null
  /** The number of times its secret was changed. */
  readonly rotations: number
  readonly createdAt: Date
}

/** A message and its outcome. */
export interface ShownDelivery {
  readonly id: bigint
  /** The value of the header webhook-id. */
  readonly message: string
  readonly type: string
  readonly order: bigint | null
  readonly state: 'waiting' | 'delivered' | 'given up'
  readonly attempts: number
  readonly status: number | null
  readonly words: string | null
  readonly created: Date
  readonly due: Date | null
  /** When the last attempt was made. */
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

/** The operations of the webhook pages. Pages import no worker, so main.ts passes this in (server/webhooks/page-actions.ts implements it). Each
 * operation throws the Refusal `unknown_webhook` if the webhook is not the account's. */
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
  /** Sends a signed message now and waits for the outcome. */
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
