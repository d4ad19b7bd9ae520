import { z } from 'zod'
import {
  type AccountCursor,
  accountOrders,
  type AccountOrder,
  accountStates,
  balanceStates,
  findAccounts,
  type FoundAccount,
} from '../customers/find-accounts.ts'
import { listNotes } from '../customers/notes.ts'
import type { Queryable } from '../db/pool.ts'
import { browseLines, type BrowsedLine, linesOfAccount, linesOfReference } from '../ledger/browse.ts'
import { formatUnits, parseUnits } from '../ledger/money.ts'
import { readOwed } from '../ledger/owed.ts'
import { causes } from '../ledger/sums.ts'
import { linesOfOrder } from '../orders/lines-of-order.ts'
import { readOwedOnDay } from '../reports/owed-on-day.ts'
import { listApprovals } from '../staff/approvals.ts'
import { endOfDay } from '../staff/days.ts'
import { listMoved } from '../staff/moved-by-hand.ts'
import { amount, anyFields, big, count, decimal, moment, word, yesNo } from './columns.ts'
import { list, type List, nextOf, number } from './list.ts'

const account = number.max(2_147_483_647)
const day = z.iso.date('It must be a day like 2026-12-31.')
const money = z.string().regex(/^\d{1,12}(\.\d{1,5})?$/, 'It must be an amount, like 100 or 0.25.')

/** Customers and their money. */
export const customerLists: readonly List[] = [
  list({
    name: 'accounts',
    does: 'accounts with their balances, the newest first, or those with the highest balance or spending',
    permission: 'accounts.read',
    filters: z.object({
      text: z.string().max(254).default('').describe('a number, words of an e-mail address, or the first characters of a key'),
      state: z.enum(accountStates).optional().describe('only active or only suspended ones'),
      balance: z.enum(balanceStates).optional().describe('zero, or below the balance at which the customer asked to be told'),
      group: account.optional().describe('only those of this group of customers'),
      spent: money.optional().describe('only those that spent at least so much'),
      order: z.enum(accountOrders).default('newest').describe('what they are sorted by'),
    }),
    row: z.object({
      account: count(),
      email: word(),
      balance: amount(),
      currency: word(),
      spent: amount(),
      discount_percent: z.number(),
      suspended: yesNo(),
      created: moment(),
    }),
    async read(db, { text, state = null, balance = null, group = null, spent, order }, { cursor, most }) {
      const filter = { text, state, balance, group, spent: spent === undefined ? null : parseUnits(spent) }
      const after = cursor === null ? null : await cursorBehind(db, Number(cursor), order)
      const found = await findAccounts(db, filter, { order, after, most })
      return { rows: found.map(shownAccount), next: nextOf(found, most, (row) => row.id) }
    },
  }),
  list({
    name: 'account-notes',
    does: 'what staff wrote down about an account, the newest first',
    permission: 'accounts.read',
    filters: z.object({ account: account.describe('number of the account') }),
    row: z.object({ note: big(), at: moment(), who: word(), words: word() }),
    async read(db, { account: id }, { cursor, most }) {
      const notes = await listNotes(db, id, { before: cursor, most })
      return {
        rows: notes.map(({ id: note, note: words, ...row }) => ({ note, ...row, words })),
        next: nextOf(notes, most, (row) => row.id),
      }
    },
  }),
  list({
    name: 'transfers',
    does: 'lines of all books or of one account, the newest first; or those of an order, or of the name of a payment',
    permission: 'money.read',
    filters: z.object({
      account: account.optional().describe('only the lines of this account'),
      cause: z.enum(causes).optional().describe('only lines of this cause'),
      until: day.optional().describe('only lines up to the end of this day (UTC)'),
      order: number.optional().describe('the lines of this order, alone'),
      reference: z.string().max(200).optional().describe('the payments and corrections of this name, alone'),
    }),
    row: z.object({
      account: count(),
      line: big(),
      at: moment(),
      cause: word(),
      from: word(),
      to: word(),
      amount: amount(),
      balance_after: amount(),
      currency: word(),
      order: big().nullable(),
      reference: word().nullable(),
      note: word().nullable(),
    }),
    async read(db, { account: id, cause = null, until, order, reference }, { cursor, most }) {
      if (order !== undefined) return { rows: (await linesOfOrder(db, BigInt(order))).map(shownLine), next: null }
      if (reference !== undefined) return { rows: (await linesOfReference(db, reference)).map(shownLine), next: null }
      const filter = { cause, until: until === undefined ? null : endOfDay(until), play: false }
      if (id === undefined) {
        const { lines, next } = await browseLines(db, filter, { before: cursor, most })
        return { rows: lines.map(shownLine), next }
      }
      const lines = await linesOfAccount(db, id, filter, { before: cursor, most })
      return { rows: lines.map(shownLine), next: nextOf(lines, most, (row) => row.line) }
    },
  }),
  list({
    name: 'owed',
    does: 'what all customers together have on their books, in each currency; now, or at the end of a day (UTC)',
    permission: 'money.read',
    filters: z.object({ day: day.optional().describe('at the end of this day') }),
    row: z.object({ currency: word(), owed: amount(), books: count().nullable() }),
    async read(db, { day: asked }) {
      const owed = asked === undefined ? await readOwed(db) : await readOwedOnDay(db, asked)
      return { rows: owed.map((row) => ({ ...row, owed: formatUnits(row.owed) })), next: null }
    },
  }),
  list({
    name: 'moved-by-hand',
    does: 'deposits and corrections that staff booked, the newest first',
    permission: 'money.read',
    filters: z.object({ from: day.optional().describe('since the beginning of this day'), until: day.optional().describe('to its end') }),
    row: z.object({
      line: big(),
      at: moment(),
      who: word(),
      account: count(),
      currency: word(),
      amount: decimal(),
      note: word(),
      agreed_by: word().nullable(),
      book_line: word().nullable(),
    }),
    async read(db, { from, until }, { cursor, most }) {
      const time = { from: new Date(from ?? 0), until: until === undefined ? new Date('9999-12-31') : endOfDay(until) }
      const moved = await listMoved(db, time, { before: cursor, most })
      const rows = moved.map(({ agreedBy, bookLine, ...row }) => ({ ...row, agreed_by: agreedBy, book_line: bookLine }))
      return { rows, next: nextOf(moved, most, (row) => row.line) }
    },
  }),
  list({
    name: 'approvals',
    does: 'what waits for a second person, and what was decided, the newest first',
    permission: 'money.read',
    filters: z.object({ waiting: z.enum(['yes']).optional().describe('only what nobody has decided') }),
    row: z.object({
      approval: count(),
      act: word(),
      with: anyFields(),
      asked_by: word(),
      why: word(),
      asked: moment(),
      decided: moment().nullable(),
      decided_by: word().nullable(),
      accepted: yesNo().nullable(),
    }),
    async read(db, { waiting }, { cursor, most }) {
      const found = await listApprovals(db, { waiting: waiting === 'yes', before: cursor === null ? null : Number(cursor), most })
      const rows = found.map((row) => ({
        approval: row.id,
        act: row.act,
        with: row.input,
        asked_by: row.askedBy,
        why: row.why,
        asked: row.askedAt,
        decided: row.decidedAt,
        decided_by: row.decidedBy,
        accepted: row.accepted,
      }))
      return { rows, next: nextOf(found, most, (row) => row.id) }
    },
  }),
]

/** The place behind an account, as it stands now. */
async function cursorBehind(db: Queryable, id: number, order: AccountOrder): Promise<AccountCursor> {
  const { rows } = await db.query<{ wallet: bigint; sales: bigint }>(
    'select wallet, sales from books where account_id = $1 and not play', [id]) // prettier-ignore
  const { wallet, sales } = rows[0] ?? { wallet: 0n, sales: 0n }
  return { id, amount: order === 'balance' ? wallet : sales }
}

function shownAccount({ id, email, wallet, currency, spent, discountBasisPoints, suspended, createdAt }: FoundAccount) {
  return {
    account: id,
    email,
    balance: formatUnits(wallet),
    currency,
    spent: formatUnits(spent),
    discount_percent: discountBasisPoints / 100,
    suspended,
    created: createdAt,
  }
}

function shownLine(row: BrowsedLine) {
  return {
    account: row.account,
    line: row.line,
    at: row.at,
    cause: row.cause,
    from: row.takenFrom,
    to: row.givenTo,
    amount: formatUnits(row.amount),
    balance_after: formatUnits(row.walletAfter),
    currency: row.currency,
    order: row.orderId,
    reference: row.reference,
    note: row.note,
  }
}
