import type { Logger } from 'pino'
import type { AccountContext } from '../customers/account-context.ts'
import type { CallCounts } from '../customers/calls.ts'
import type { OrderContext } from '../ordering/call.ts'
import type { WebhookActions } from './customer/hooks/webhook-actions.ts'
import type { House } from './house.ts'
import type { Site } from './site.tsx'
import type { VisitorSettings } from './visitor.ts'

export interface WebSettings extends VisitorSettings {
  readonly house: House
  readonly allowGet: boolean
  /** Requests per minute, which the documents tell; null: not limited. */
  readonly rateLimit: { readonly perKey: number; readonly perAddress: number } | null
  readonly bodyLimitBytes: number
  /** How to pay in, in the operator's words. */
  readonly fundsNote: string | undefined
  /** Strangers are told which categories are on sale, and how many services of each. */
  readonly frontCategories: boolean
  /** Shows waiting mails to whoever sits at this machine. */
  readonly mailboxPage: boolean
  readonly log: Logger
}

/** What each page's route is given. */
export interface Web {
  readonly settings: WebSettings
  readonly site: () => Promise<Site>
  /** What signing in works with; there once the node is ready. */
  readonly accounts: () => AccountContext
  /** What ordering works with, the same as for the API. */
  readonly orders: () => OrderContext
  readonly programs: () => ProgramContext
}

/** What the pages for programmers work with beside these. */
export interface ProgramContext {
  readonly calls: CallCounts
  readonly webhooks: WebhookActions
}
