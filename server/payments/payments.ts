import type { Database, Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import type { PaymentState, TransferLine } from './gateway.ts'
import type { HookMethods } from './hook-methods.ts'
import type { OpenGateways } from './methods.ts'
import type { RateTerms } from './rates.ts'

/** What the flows of payments work with. Each node makes one. */
export interface PaymentContext {
  readonly db: Database
  readonly now: () => Date
  readonly gateways: OpenGateways
  readonly secret: Secret
  /** One for the public internet, one that may also call into the operator's own network. */
  readonly outgoing: (privateNetwork: boolean) => Outgoing
  readonly hooks: HookMethods
  /** The address of the pages, without a slash at the end. */
  readonly siteUrl: () => string
  /** Who sells, as receipts say it. */
  readonly seller: () => Seller
  /** How old an exchange rate may be, and how much is added to it. */
  readonly rates: () => RateTerms
}

/** Frozen in each receipt. */
export interface Seller {
  readonly name: string
  readonly address: string | null
  readonly taxId: string | null
}

/** Where the payer goes, or what a transfer must say. */
export type NextStep =
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'transfer'; readonly lines: readonly TransferLine[]; readonly qr: string | null }

export interface FrozenRate {
  readonly rate: string
  readonly source: string
  readonly at: string
  readonly margin_basis_points: number
}

/** What a customer wants to pay. `asked` is a decimal text in the payer's currency. */
export interface PaymentRow {
  readonly id: bigint
  readonly accountId: number
  readonly bookId: number
  readonly methodId: number
  readonly reference: string
  readonly startKey: string
  readonly state: PaymentState
  readonly amount: Units
  readonly bonus: Units
  readonly couponId: number | null
  readonly asked: string
  readonly currency: string
  /** Of the account. */
  readonly accountCurrency: string
  readonly rate: FrozenRate | null
  readonly theirId: string | null
  readonly nextStep: NextStep | null
  readonly openedBy: string
  readonly createdAt: Date
  readonly until: Date
  readonly lookAt: Date | null
  readonly lookUntil: Date
  readonly looks: number
  readonly keepsCard: boolean
  readonly why: string | null
}

export const PAYMENTS = `
  select p.id, p.account_id as "accountId", p.book_id as "bookId", p.method_id as "methodId", p.reference, p.start_key as "startKey", p.state, p.amount,
    p.bonus, p.coupon_id as "couponId", trim_scale(p.asked)::text as asked, p.currency, b.currency as "accountCurrency", p.rate, p.their_id as "theirId",
    p.next_step as "nextStep", p.opened_by as "openedBy", p.created_at as "createdAt", p.until, p.look_at as "lookAt", p.look_until as "lookUntil",
    p.looks, p.keeps_card as "keepsCard", p.why
  from payments p join books b on b.id = p.book_id`

export async function findPayment(db: Queryable, id: bigint): Promise<PaymentRow | undefined> {
  return (await db.query<PaymentRow>({ name: 'payment', text: `${PAYMENTS} where p.id = $1`, values: [id] })).rows[0]
}

/** The payment of an account, as its owner may see it; undefined: there is none, or it is somebody else's. */
export async function findOwnPayment(db: Queryable, accountId: number, id: bigint): Promise<PaymentRow | undefined> {
  const payment = await findPayment(db, id)
  return payment?.accountId === accountId ? payment : undefined
}

/** By our reference, or by the gateway's id. */
export async function findHinted(
  db: Queryable,
  methodId: number,
  hint: { readonly theirId: string | null; readonly reference: string | null },
): Promise<PaymentRow | undefined> {
  const text = `${PAYMENTS} where p.method_id = $1 and (p.reference = $2 or p.their_id = $3) order by p.reference = $2 desc nulls last limit 1`
  return (await db.query<PaymentRow>({ name: 'hinted payment', text, values: [methodId, hint.reference, hint.theirId] })).rows[0]
}

/** The newest payments of an account, newest first. */
export async function listOwnPayments(db: Queryable, accountId: number, before: bigint | null, most: number): Promise<PaymentRow[]> {
  const text = `${PAYMENTS} where p.account_id = $1 and ($2::bigint is null or p.id < $2) order by p.id desc limit $3`
  return (await db.query<PaymentRow>({ name: 'own payments', text, values: [accountId, before, most] })).rows
}
