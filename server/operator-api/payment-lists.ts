import { z } from 'zod'
import { tierText } from '../acts/payment-fields.ts'
import { formatUnits } from '../ledger/money.ts'
import { findPayments, paymentStates, searchPayments } from '../payments/find-payments.ts'
import { type MethodRow, readMethods } from '../payments/methods.ts'
import { listOwing } from '../payments/owing.ts'
import type { PaymentRow } from '../payments/payments.ts'
import { givebacksOf } from '../payments/read-payment.ts'
import { listReceipts, type ReceiptRow, receiptStates } from '../payments/receipts.ts'
import { endOfDay } from '../staff/days.ts'
import { amount, anyFields, big, count, decimal, moment, word, yesNo } from './columns.ts'
import { list, type List, nextOf, number } from './list.ts'

const account = number.max(2_147_483_647)
const day = z.iso.date('It must be a day like 2026-12-31.')

const GIVEN_BACK = z.object({
  amount: decimal(), state: word(), words: word().nullable(), reason: word(), asked_by: word(), asked: moment(), ended: moment().nullable(),
}) // prettier-ignore

/** Money that comes in. */
export const paymentLists: readonly List[] = [
  list({
    name: 'payments',
    does: 'payments of customers, the newest first; or those of a reference, of an id of theirs or of a receipt',
    permission: 'payments.read',
    filters: z.object({
      state: z.enum(paymentStates).optional().describe('only those in this state'),
      method: account.optional().describe('only those of this way to pay'),
      account: account.optional().describe('only those of this account'),
      currency: z.string().max(20).optional().describe('only those that are paid in this currency'),
      from: day.optional().describe('begun since the beginning of this day (UTC)'),
      until: day.optional().describe('begun up to its end'),
      find: z.string().max(200).optional().describe('those of this reference or id, alone'),
    }),
    row: z.object({
      payment: big(),
      account: count(),
      method: count(),
      reference: word(),
      state: z.enum(paymentStates),
      why: word().nullable(),
      asked: decimal(),
      currency: word(),
      amount: amount(),
      bonus: amount(),
      account_currency: word(),
      rate: z.object({ rate: decimal(), source: word(), at: moment(), margin_basis_points: count() }).nullable(),
      their_id: word().nullable(),
      opened_by: word(),
      created: moment(),
      until: moment(),
    }),
    async read(db, { find, from, until, ...filter }, { cursor, most }) {
      if (find !== undefined) return { rows: (await searchPayments(db, find)).map(shownPayment), next: null }
      const time = {
        from: from === undefined ? undefined : new Date(`${from}T00:00:00Z`),
        until: until === undefined ? undefined : endOfDay(until),
      }
      const rows = await findPayments(db, { ...filter, ...time }, { before: cursor, most })
      return { rows: rows.map(shownPayment), next: nextOf(rows, most, (row) => row.id) }
    },
  }),
  list({
    name: 'payment-receipts',
    does: 'money that came in, deposits by hand included, the newest first, with what was booked and what went back',
    permission: 'payments.read',
    filters: z.object({
      state: z.enum(receiptStates).optional().describe('only those in this state'),
      method: account.optional().describe('only those of this way to pay'),
      account: account.optional().describe('only those of this account'),
      without_payer: z.enum(['yes']).optional().describe('only those of which nobody knows who sent them'),
    }),
    row: z.object({
      receipt: big(),
      payment: big().nullable(),
      account: count().nullable(),
      method: count(),
      their_id: word(),
      amount: decimal(),
      currency: word(),
      fee: decimal().nullable(),
      at: moment(),
      late: yesNo(),
      state: z.enum(receiptStates),
      why: word().nullable(),
      evidence: anyFields(),
      credited: amount().nullable(),
      bonus: amount(),
      taken_back: amount(),
      account_currency: word().nullable(),
      line: big().nullable(),
      document: word().nullable(),
      same_as: big().nullable(),
      decided: moment().nullable(),
      decided_by: word().nullable(),
      given_back: z.array(GIVEN_BACK).readonly(),
    }),
    async read(db, { without_payer: withoutPayer, ...filter }, { cursor, most }) {
      const rows = await listReceipts(db, { ...filter, withoutPayer: withoutPayer === 'yes' }, { before: cursor, most })
      const givebacks = await givebacksOf(
        db,
        rows.map(({ id }) => id),
      )
      const shown = rows.map((row) => ({
        ...shownReceipt(row),
        given_back: givebacks
          .filter(({ receiptId }) => receiptId === row.id)
          .map(({ amount, state, words, askedBy, askedAt, endedAt, reason }) => ({ amount, state, words, reason, asked_by: askedBy, asked: askedAt, ended: endedAt })),
      })) // prettier-ignore
      return { rows: shown, next: nextOf(rows, most, (row) => row.id) }
    },
  }),
  list({
    name: 'payment-methods',
    does: 'ways to pay, in the order of the funds page; never their secrets',
    permission: 'payments.read',
    filters: z.object({}),
    row: z.object({
      method: count(),
      gateway: word(),
      name: word(),
      words: word().nullable(),
      position: count(),
      on: yesNo(),
      settings: anyFields(),
      currency: word().nullable(),
      least: decimal().nullable(),
      most: decimal().nullable(),
      fee_basis_points: count(),
      fee_fixed: decimal(),
      bonuses: z.array(word()).readonly(),
      private_network: yesNo(),
      worked: moment().nullable(),
      fault: word().nullable(),
    }),
    async read(db) {
      return { rows: (await readMethods(db)).map(shownMethod), next: null }
    },
  }),
  list({
    name: 'owing-accounts',
    does: 'accounts that owe what was taken back after it had been spent',
    permission: 'money.read',
    filters: z.object({}),
    row: z.object({ account: count(), email: word(), owed: amount(), currency: word(), suspended: yesNo() }),
    async read(db, _, { cursor, most }) {
      const rows = await listOwing(db, { after: cursor === null ? null : Number(cursor), most })
      const shown = rows.map(({ bookId: _book, owed, ...row }) => ({ ...row, owed: formatUnits(owed) }))
      return { rows: shown, next: nextOf(rows, most, (row) => row.bookId) }
    },
  }),
]

export function shownPayment(row: PaymentRow) {
  return {
    payment: row.id,
    account: row.accountId,
    method: row.methodId,
    reference: row.reference,
    state: row.state,
    why: row.why,
    asked: row.asked,
    currency: row.currency,
    amount: formatUnits(row.amount),
    bonus: formatUnits(row.bonus),
    account_currency: row.accountCurrency,
    rate: row.rate,
    their_id: row.theirId,
    opened_by: row.openedBy,
    created: row.createdAt,
    until: row.until,
  }
}

function shownReceipt(row: ReceiptRow) {
  const units = (amount: bigint | null) => (amount === null ? null : formatUnits(amount))
  return {
    receipt: row.id,
    payment: row.paymentId,
    account: row.account,
    method: row.methodId,
    their_id: row.theirId,
    amount: row.amount,
    currency: row.currency,
    fee: row.fee,
    at: row.at,
    late: row.late,
    state: row.state,
    why: row.why,
    evidence: row.evidence,
    credited: units(row.units),
    bonus: formatUnits(row.bonusUnits),
    taken_back: formatUnits(row.reversedUnits),
    account_currency: row.accountCurrency,
    line: row.line,
    document: row.document,
    same_as: row.sameAs,
    decided: row.decidedAt,
    decided_by: row.decidedBy,
  }
}

export function shownMethod(row: MethodRow) {
  return {
    method: row.id,
    gateway: row.gateway,
    name: row.name,
    words: row.words,
    position: row.position,
    on: row.isOn,
    settings: row.settings,
    currency: row.currency,
    least: row.least,
    most: row.most,
    fee_basis_points: row.feeBasisPoints,
    fee_fixed: row.feeFixed,
    bonuses: row.bonuses.map(tierText),
    private_network: row.privateNetwork,
    worked: row.workedAt,
    fault: row.fault,
  }
}
