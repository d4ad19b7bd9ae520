import type { z } from 'zod'
import type { Gateway, PaymentState } from '../../server/payments/gateway.ts'

/**
 * What the suites of payments know of a gateway: itself, and a fake of its other side. The fake is a real HTTP server on this machine that keeps payments,
 * answers the gateway's own calls and signs its webhooks as the real one does. One file per gateway in `cases/`.
 */
export interface GatewayCase<Settings extends z.ZodObject = z.ZodObject> {
  readonly gateway: Gateway<Settings>
  /** A currency for most scenarios, and others with their usual numbers of digits that the gateway takes: `['USD', 'JPY', 'KWD']`. */
  readonly currencies: readonly [string, ...string[]]
  /** How old a signed call may be; undefined: what it signs has no time. */
  readonly signatureMinutes?: number
  /** The signature is over the query and headers alone: the body says nothing that is believed. */
  readonly leavesBodyUnsigned?: true
  /** The other side keeps no key: the same ask makes another page, which leads to the same payment. */
  readonly keepsNoKey?: true
  /** A refund is known by its id alone: the same key gives back once, and is not kept with it. */
  readonly refundsKeepNoKey?: true
  openFake(): Promise<GatewayFake<Settings>>
}

/** A call as the fake would send it to our hook path. */
export interface HookCall {
  readonly method: 'POST' | 'GET'
  /** With the leading `?`, or empty. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PayOptions {
  /** What the payer pays, like `103.00`; by default what was asked. */
  readonly amount?: string
  /** Another currency than the one that was asked. */
  readonly currency?: string
  /** The receipt is reported as late, after the payment's time. */
  readonly late?: boolean
}

/** The other side. Every method works on the payment that was started under this reference; for rails that start nothing, they make it up. */
export interface GatewayFake<Settings extends z.ZodObject = z.ZodObject> {
  /** The settings that reach this fake, with its secrets. */
  readonly settings: z.input<Settings>
  /** The same with the secret of the webhooks replaced by another one, while the other side still signs with the old one too where it does so. */
  rotate(): z.input<Settings>
  /** How many payments were made at the other side, also by starts whose answer was lost. */
  started(): number
  /** The payer pays; answers the id of the receipt as `look` or the call will name it. Paying twice makes two receipts where the rail allows it. */
  pay(reference: string, options?: PayOptions): string
  /** The payment moves to this state without money (`expired`, `failed`, `seen`). */
  become(reference: string, state: PaymentState): void
  /** All or a part of a receipt goes back; answers the id of the reversal. Undefined: the gateway has no reversals that it tells of. */
  refund?(receiptId: string, amount?: string): string
  chargeback?(receiptId: string): string
  winBack?(reversalId: string): void
  /** The calls that it sends for what has happened to this payment so far, newest last; each signed now (or at `at`). */
  hooks(reference: string, options?: { readonly at?: Date }): readonly HookCall[]
  /** An authentic call about a payment of somebody else's installation, and one of an unknown kind. */
  foreign(): readonly HookCall[]
  /** Signs any body as its own (with its time), for calls that say odd things. */
  sign(body: string, options?: { readonly at?: Date }): HookCall
  /** While true, calls to it are cut before an answer. */
  isAway: boolean
  /** The next call is carried out, and its answer is lost. */
  loseNextAnswer(): void
  /** The calls that it had: method and path. */
  readonly calls: readonly string[]
  close(): Promise<void>
}
