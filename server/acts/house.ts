import type { Config } from '../config.ts'
import type { Site } from '../customers/account-context.ts'
import type { LongReads } from '../db/long-reads.ts'
import type { Database } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import type { PaymentContext } from '../payments/payments.ts'
import type { Secret } from '../secret.ts'
import type { Settings } from '../settings/settings.ts'
import type { SupplierRow } from '../suppliers/registry.ts'
import type { PriceSource, Supplier } from '../suppliers/supplier.ts'

/** What acts work with. Each is opened when an act first asks for it, because most acts need only the database. */
export interface House {
  readonly db: Database
  /** Where long lists and reports are read, which may be some seconds old. */
  readonly longReads: LongReads
  readonly now: () => Date
  readonly secret: () => Promise<Secret>
  /** The panel as customers know it, for the links in mails. */
  readonly site: () => Promise<Site>
  /** Whether mails leave this machine. */
  readonly sendsMail: boolean
  /** What a member of staff may move by hand in a day without a second person; null: any sum. */
  readonly dailySum: Units | null
  /** What the environment says. */
  readonly config: Config
  /** What an operator changes, as it holds now. */
  readonly settings: () => Settings
  readonly priceSource: (row: SupplierRow) => Promise<PriceSource | undefined>
  readonly supplier: (row: SupplierRow) => Promise<Supplier | undefined>
  readonly webhookOutgoing: () => Promise<Outgoing>
  readonly payments: () => Promise<PaymentContext>
}
