import { type CustomRate, listCustomRates } from '../../../catalog/custom-rates.ts'
import { type LogLine as OwnLine, readAccountLog } from '../../../customers/account-log.ts'
import { type Account, findAccount } from '../../../customers/accounts.ts'
import { type AccountMoney, readGroupOf, readMoney } from '../../../customers/find-accounts.ts'
import { type KeyRow, listKeys } from '../../../customers/keys.ts'
import { type AccountNote, listNotes } from '../../../customers/notes.ts'
import { type User, usersOf } from '../../../customers/users.ts'
import { type BrowsedLine, linesOfAccount } from '../../../ledger/browse.ts'
import { findPayments } from '../../../payments/find-payments.ts'
import { type MethodRow, readMethods } from '../../../payments/methods.ts'
import type { PaymentRow } from '../../../payments/payments.ts'
import { type Referral, referralOf } from '../../../referrals/referrals.ts'
import { type LogLine, readLog, WHOLE_LOG } from '../../../staff/log.ts'
import type { DeskContext } from '../desk.ts'

/** All that the page of a customer shows. A part that the reader may not see is undefined. */
export interface Customer {
  readonly account: Account
  /** Who brought the account; undefined: nobody did. */
  readonly referral: Referral | undefined
  readonly group: { readonly id: number; readonly name: string } | undefined
  readonly money: readonly AccountMoney[] | undefined
  readonly lines: readonly BrowsedLine[] | undefined
  readonly payments: readonly PaymentRow[] | undefined
  readonly methods: readonly MethodRow[]
  readonly people: readonly User[]
  readonly keys: readonly KeyRow[]
  readonly webhooks: Awaited<ReturnType<ReturnType<DeskContext['web']['programs']>['webhooks']['list']>>
  readonly rates: readonly CustomRate[] | undefined
  readonly notes: readonly AccountNote[]
  readonly ownLog: readonly OwnLine[]
  readonly log: readonly LogLine[] | undefined
}

const FEW = 10

/** Throws a Refusal when there is no such account. */
export async function readCustomer({ db, now, staff, web }: DeskContext, id: number): Promise<Customer> {
  const account = await findAccount(db, id)
  const page = { before: null, most: FEW }
  const { may } = staff
  const [referral, group, money, lines, payments, methods, people, keys, webhooks, rates, notes, ownLog, log] = await Promise.all([
    referralOf(db, id),
    readGroupOf(db, id),
    may.has('money.read') ? readMoney(db, id) : undefined,
    may.has('money.read') ? linesOfAccount(db, id, { cause: null, until: null, play: false }, page) : undefined,
    may.has('payments.read') ? findPayments(db, { account: id }, page) : undefined,
    readMethods(db),
    usersOf(db, id),
    listKeys(db, id, now),
    web.programs().webhooks.list(id),
    may.has('services.read') ? listCustomRates(db, id) : undefined,
    listNotes(db, id, { before: null, most: 50 }),
    readAccountLog(db, id, { before: null, most: 20 }),
    may.has('log.read') ? readLog(db, { ...WHOLE_LOG, account: id }, { before: null, most: 20 }) : undefined,
  ])
  return { account, referral, group, money, lines, payments, methods, people, keys, webhooks, rates, notes, ownLog, log }
}
