import type { z } from 'zod'
import type { Decimal } from '../ledger/money.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import type { Amount } from './amounts.ts'

/**
 * The port of every way to pay in. A gateway is one file in `gateways/`: it says what it needs (`settings`), starts a payment, tells whether a call is
 * authentic, and looks up what has really been paid. It knows no account, no book and no database: `credit.ts` alone moves money, by the receipts
 * that a gateway reports.
 */
export interface Gateway<Settings extends z.ZodObject = z.ZodObject> {
  /** Like `stripe`: the name of its file, of its rows and of its texts. */
  readonly name: string
  /** How it is called for people, a proper name like `Stripe Checkout`. */
  readonly title: string
  /** The fields of its form. A field marked by `sealed()` is stored sealed and never shown again. */
  readonly settings: Settings
  /** The currencies it can ask for; `any`: whatever the operator says. */
  readonly currencies: readonly string[] | 'any'
  /**
   * `exactly`: the payer can pay nothing but what was asked (cards, Pix, UPI), so any other amount waits for a person.
   * `what comes`: the payer types the amount (transfers, crypto), so what came is credited.
   */
  readonly collects: 'exactly' | 'what comes'
  /** How long a payment may stay open, in minutes. */
  readonly openMinutes: number
  /** Takes the settings into use. Opens no connection. */
  open(settings: z.output<Settings>, context: GatewayContext): OpenGateway
}

export interface GatewayContext {
  readonly outgoing: Outgoing
  readonly now: () => Date
}

/** What a customer wants to pay. */
export interface Ask extends Amount {
  /** Our name for the payment, unique: 12 letters and digits without those that look alike. A transfer carries it as its text. */
  readonly reference: string
  /** The same key asks for the same payment again, after an answer was lost. */
  readonly key: string
  readonly email: string | null
  /** Like `en` or `pt-BR`. */
  readonly language: string
  /** One line for the payer, like `Balance of account 12`. */
  readonly about: string
  /** Where the payer comes back to; the visit proves nothing. */
  readonly returnUrl: string
  /** Where the gateway calls us. */
  readonly hookUrl: string
  readonly until: Date
  /** The payer agreed that the gateway keeps their card, for payments at which they are not there. */
  readonly keepsCard?: boolean
}

/** A card that the gateway keeps. The id is the gateway's, and is worth nothing without its key. */
export interface SavedCard {
  readonly id: string
  /** For people, like `visa 4242`. */
  readonly label: string
}

/** One line of a transfer's data, to be copied by the payer. `name` is a key of `locales`: `payments.transfer.<name>`. */
export interface TransferLine {
  readonly name: 'bank' | 'account' | 'holder' | 'amount' | 'reference' | 'address' | 'network' | 'code'
  readonly text: string
}

/** What the payer does next, or why the payment could not be started. */
export type Started =
  | { readonly kind: 'redirect'; readonly theirId: string; readonly url: string }
  /** `qr` is the text to draw as a QR code; null: there is none. */
  | { readonly kind: 'transfer'; readonly theirId: string | null; readonly lines: readonly TransferLine[]; readonly qr: string | null }
  /** The gateway said no. `words` are for staff. */
  | { readonly kind: 'refused'; readonly words: string }
  /** The gateway is away, or its answer was lost: the same ask may be sent again. */
  | { readonly kind: 'unknown'; readonly words: string }

/** A call to our hook path as it arrived. */
export interface Call {
  readonly method: string
  readonly body: Buffer
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  readonly address: string
}

/** Which payment to look at. At least one of the two is there. */
export interface Hint {
  readonly theirId: string | null
  readonly reference: string | null
}

/**
 * Whether a call is authentic, and what it is about. `forged`: it is answered 401 and leaves nothing. `heard` without hints: it is authentic but tells us
 * nothing (unknown, old, foreign events): answered with 200, and nothing is done.
 */
export type Heard =
  | { readonly kind: 'forged'; readonly why: string }
  | {
      readonly kind: 'heard'
      /** Their id of the event, the same when it is sent again; null: they have none. */
      readonly eventId: string | null
      readonly hints: readonly Hint[]
      /** Set by gateways that cannot be asked: the call itself is all there is to know. */
      readonly told?: Standing
    }

/** The words a gateway wants as answer to its call; null: an empty 200. */
export interface HookAnswer {
  readonly contentType: string
  readonly text: string
}

/** Money that arrived. The id is the gateway's own and never changes: a receipt is credited once. */
export interface Receipt extends Amount {
  readonly id: string
  readonly at: Date
  /** What the gateway keeps of it, in the same currency; null: not known. */
  readonly fee: Decimal | null
  /** What the gateway says it was worth in the currency that was asked, where another one was paid (crypto). */
  readonly worth: Amount | null
  /** It came after the payment's time: the rate of its arrival counts. */
  readonly late: boolean
}

/** Money that went back to the payer, or was taken by a dispute. */
export interface Reversal extends Amount {
  readonly id: string
  readonly receiptId: string
  readonly kind: 'refund' | 'chargeback'
  /** `won back`: the dispute was decided for us, and the money is there again. */
  readonly state: 'taken' | 'won back'
  readonly at: Date
  /** The key of our own `giveBack` that made it; null: it was made elsewhere. */
  readonly key: string | null
}

export type PaymentState = 'open' | 'seen' | 'paid' | 'expired' | 'failed' | 'review'

/** Everything the gateway knows of one payment. States only describe: nothing but `receipts` credits, nothing but `reversals` takes back. */
export interface Standing {
  readonly theirId: string | null
  /** Ours, as the gateway kept it; null: the payment belongs to somebody else's installation. */
  readonly reference: string | null
  readonly state: PaymentState
  readonly receipts: readonly Receipt[]
  readonly reversals: readonly Reversal[]
  /** Their own words for the state, for staff and in evidence. */
  readonly words: string
  /** Where the payer agreed to it: what `chargeSaved` takes. */
  readonly savedCard?: SavedCard
}

/** `begun`: the payment exists, and a look tells what became of it. `refused`: the card was declined, or its owner must be there. */
export type Charged =
  | { readonly kind: 'begun'; readonly theirId: string }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

export type Looked =
  | { readonly kind: 'standing'; readonly standing: Standing }
  /** The gateway has no such payment. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly words: string }

export type GivenBack =
  | { readonly kind: 'given back'; readonly reversalId: string }
  /** It is under way and will be heard of by a look. */
  | { readonly kind: 'under way'; readonly reversalId: string | null }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

/** One line of what a gateway says it paid out or took in, for reconciliation. */
export interface ReportedReceipt extends Amount {
  readonly id: string
  readonly at: Date
  readonly fee: Decimal | null
  readonly reference: string | null
}

export type Tested = { readonly ok: true; readonly words: string } | { readonly ok: false; readonly words: string }

/** A gateway with its settings. All but `heard` may call out; it is kept open, because it remembers tokens and certificates; none throws for what the other side does. */
export interface OpenGateway {
  /** Asks something harmless with the settings, so that a wrong key is seen before a customer meets it. */
  test(): Promise<Tested>
  start(ask: Ask): Promise<Started>
  /**
   * Fetches what `heard` needs for this call and cannot know beforehand: the certificate that the other side signs with. Called before `heard`. It asks
   * hosts of the other side alone, remembers what it got, is bounded in number and size, and never throws. Undefined: nothing is needed.
   */
  prepare?(call: Call): Promise<void>
  /** Pure: no database, no network. Secrets are compared in constant time; a signature is checked over the raw bytes. */
  heard(call: Call): Heard
  /** What it wants to read after an authentic call. */
  readonly hookAnswer: HookAnswer | null
  /**
   * Asks for a payment, and completes what is left to us (a capture). Undefined: this gateway cannot be asked. `wants` is what we asked for, so that
   * whatever completes a payment completes no other amount.
   */
  look?(asked: Hint & { readonly wants: Amount | null }): Promise<Looked>
  /** Gives money back to where it came from, all or a part of a receipt. The same key gives back once. */
  giveBack?(receipt: { readonly id: string; readonly theirId: string | null } & Amount, key: string): Promise<GivenBack>
  /** Charges a card that was kept, while the payer is away. The same key of an ask charges once. */
  chargeSaved?(ask: Ask, savedCardId: string): Promise<Charged>
  /** The receipts of a day (UTC) as the gateway reports them; null: it could not be asked now. */
  reported?(day: { readonly from: Date; readonly until: Date }): Promise<readonly ReportedReceipt[] | null>
}

/** A gateway with the types of its own settings, for the file that declares it. */
export function gateway<Settings extends z.ZodObject>(declared: Gateway<Settings>): Gateway<Settings> {
  return declared
}
