import { randomUUID } from 'node:crypto'
import { type Database, type Transaction, transaction } from '../db/pool.ts'
import { addAccount, findAccount } from '../customers/accounts.ts'
import type { Units } from '../ledger/money.ts'
import { formatUnits } from '../ledger/money.ts'
import { openBook, post } from '../ledger/post.ts'
import { refuse } from '../refusal.ts'
import { readAmount } from './amounts.ts'
import { credit } from './credit.ts'
import { methodByHand } from './methods.ts'
import { tellOfDepositByHand } from './news.ts'
import type { Seller } from './payments.ts'

export interface MovedByHand {
  readonly amount: Units
  readonly note: string
  /** Names the payment: it is booked once, however often it is reported. */
  readonly reference: string | null
  /** Who books it. */
  readonly by?: string
  readonly seller?: Seller
  /** The balance that an account begins with: nobody is told of it. */
  readonly isOpening?: true
}

const NOBODY: Seller = { name: '', address: null, taxId: null }

/**
 * Books money in, or (below zero) a correction out of it, once per reference. Money in is a receipt like that of any gateway, so it is numbered and can be
 * matched with what a gateway reports later. Answers the new balance. Throws a Refusal when the reference was booked with another amount.
 */
export function fund(
  db: Database | Transaction,
  accountId: number,
  movement: MovedByHand,
  now: Date,
): Promise<{ line: bigint; balance: Units; currency: string }> {
  return transaction(db, async (tx) => {
    const account = await findAccount(tx, accountId)
    const bookId = account.bookId ?? (await openBook(tx, account, false))
    const line =
      movement.amount < 0n
        ? await post(tx, { bookId, cause: 'correction', at: now, ...movement })
        : await receive(tx, { bookId, currency: account.currency, movement }, now)
    const after = await findAccount(tx, accountId)
    return { line, balance: after.wallet ?? 0n, currency: account.currency }
  })
}

/** Opens an account with its first key and, where there is one, its first deposit. The key is shown here and never again. */
export function addFundedAccount(
  db: Database | Transaction,
  account: { email: string; currency: string; balance: Units; note: string; by?: string; seller?: Seller; dryRun?: boolean },
  now: Date,
): Promise<{ account: number; key: string }> {
  if (account.balance < 0n) throw refuse('negative_balance')
  return transaction(db, async (tx) => {
    const added = await addAccount(tx, account, now)
    const { balance: amount, dryRun: _dryRun, ...told } = account
    if (amount > 0n) await fund(tx, added.account, { ...told, amount, reference: null, isOpening: true }, now)
    return added
  })
}

interface Receiving {
  readonly bookId: number
  readonly currency: string
  readonly movement: MovedByHand
}

const LOCK_BOOK = 'select from books where id = $1 for no key update'
const BOOKED = `
  select line, amount from transfers where book_id = $1 and reference = $2 and order_id is null`

async function receive(tx: Transaction, { bookId, currency, movement }: Receiving, now: Date): Promise<bigint> {
  const { amount, note, reference, by = 'staff', seller = NOBODY, isOpening } = movement
  if (amount === 0n) throw refuse('zero_amount')
  if (reference !== null) {
    await tx.query(LOCK_BOOK, [bookId])
    const [booked] = (await tx.query<{ line: bigint; amount: bigint }>(BOOKED, [bookId, reference])).rows
    if (booked && booked.amount !== amount) throw refuse('reference_reused', reference)
    if (booked) return booked.line
  }
  const id = reference === null ? randomUUID() : `${bookId} ${reference}`
  const { line, credited, receiptId } = await credit(
    tx,
    {
      methodId: await methodByHand(tx),
      receipt: { id, amount: readAmount(formatUnits(amount))!, currency, fee: null, at: now, late: false },
      paymentId: null,
      bookId,
      units: amount,
      bonus: 0n,
      reference,
      note,
      why: null,
      evidence: {},
      by,
    },
    seller,
    now,
  )
  if (credited && !isOpening) await tellOfDepositByHand(tx, bookId, receiptId, now)
  return line!
}
