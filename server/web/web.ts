import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { AccountContext } from '../customers/account-context.ts'
import type { LongReads } from '../db/long-reads.ts'
import type { CallCounts } from '../customers/calls.ts'
import type { Queryable } from '../db/pool.ts'
import type { OrderContext } from '../ordering/call.ts'
import type { PaymentContext } from '../payments/payments.ts'
import type { Remembered } from '../requests/remember-briefly.ts'
import type { LiveSettings } from '../settings/settings.ts'
import type { ProviderContext } from '../sign-in-providers/context.ts'
import type { Incident } from '../status/incidents.ts'
import type { Standing } from '../status/standing.ts'
import type { WebhookActions } from './customer/hooks/webhook-actions.ts'
import type { OldKeys } from './customer/keys/old-keys.ts'
import type { ChangelogPage } from './changelog/read-changelog.ts'
import type { House } from './house.ts'
import type { Site } from './site.tsx'
import type { VisitorSettings } from './visitor.ts'

export interface WebSettings extends VisitorSettings {
  readonly house: House
  readonly allowGet: boolean
  /** Requests per minute, for the documentation; null: not limited. */
  readonly rateLimit: { readonly perKey: number; readonly perAddress: number } | null
  readonly bodyLimitBytes: number
  /** How to pay in, as the operator has written it. */
  readonly fundsNote: string | undefined
  /** Visitors who are not signed in see which categories are on sale, and how many services each has. */
  readonly frontCategories: boolean
  /** The currency of new accounts, in which strangers see prices and panels are sold. */
  readonly currency: string
  /** Shows waiting mails to users of this machine. */
  readonly mailboxPage: boolean
  readonly log: Logger
  /** Reads what an operator has just saved, so that the next page shows it. */
  readonly readAgain: (db: Queryable) => Promise<void>
}

/** The settings of the pages. What an operator may change is asked for each time, because it changes while the node runs. */
export function webSettingsOf(config: Config, live: LiveSettings, log: Logger): WebSettings {
  const { publicUrl, trustProxy, allowGet, bodyLimitBytes, mailboxPage } = config
  const now = live.current
  return {
    readAgain: (db) => live.refresh(db),
    publicUrl,
    trustProxy,
    allowGet,
    bodyLimitBytes,
    mailboxPage,
    log,
    get house() {
      return now()
    },
    get languages() {
      return now().languages
    },
    get shownCurrencies() {
      return now().shownCurrencies
    },
    get child() {
      return now().child
    },
    get referrals() {
      return now().referrals
    },
    get rateLimit() {
      return now().rateLimit
    },
    get fundsNote() {
      return now().fundsNote
    },
    get pages() {
      return now().pages
    },
    get frontCategories() {
      return now().frontCategories
    },
    get frontServices() {
      return now().frontServices
    },
    get statusPage() {
      return now().statusPage
    },
    get currency() {
      return now().currency
    },
  }
}

/** The dependencies that each page's route receives. */
export interface Web {
  readonly settings: WebSettings
  readonly site: () => Promise<Site>
  /** The dependencies of signing in; they exist once the node is ready. */
  readonly accounts: () => AccountContext
  /** The dependencies of ordering, the same as those of the API. */
  readonly orders: () => OrderContext
  readonly programs: () => ProgramContext
  /** What payments work with, the same as that of the API and of the calls of gateways. */
  readonly payments: () => PaymentContext
  /** What signing in by a provider works with. */
  readonly providers: () => ProviderContext
  readonly longReads: () => LongReads
  /** How the house does, and what is or was disturbed: each remembered for some seconds. */
  readonly standing: () => Promise<Remembered<Standing>>
  readonly openIncidents: () => Promise<Remembered<readonly Incident[]>>
  readonly newestIncidents: () => Promise<Remembered<readonly Incident[]>>
  /** The newest page of the changelog as strangers read it, remembered in the same way. */
  readonly newestChanges: () => Promise<Remembered<ChangelogPage>>
}

/** The further dependencies of the pages for programmers. */
export interface ProgramContext {
  readonly calls: CallCounts
  readonly webhooks: WebhookActions
  readonly oldKeys: OldKeys
}
