import { findAccount } from '../../../customers/accounts.ts'
import type { Queryable } from '../../../db/pool.ts'
import { type OwnBook, readBooks, readSpan, readSummary, type Summary } from '../../../ledger/statement.ts'
import type { DeskContext } from '../desk.ts'
import { numberIn } from './asked.ts'

/** A month of an account's book. */
export interface StatementView {
  /** Null: the address names none. */
  readonly account: { readonly id: number; readonly email: string } | null
  /** Like 2026-03. */
  readonly month: string
  /** Undefined: no account, or one without a book. */
  readonly book: OwnBook | undefined
  readonly summary: Summary | undefined
}

/** Throws a Refusal when there is no such account. */
export async function readStatement({ db, house, query, now }: DeskContext): Promise<StatementView> {
  const asked = query.get('month') ?? ''
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? asked : now.toISOString().slice(0, 7)
  const id = numberIn(query.get('account') ?? undefined)
  if (id === null) return { account: null, month, book: undefined, summary: undefined }
  const account = await findAccount(db, id)
  return { account, month, ...(await house.longReads.read(db, (old) => readMonth(old, id, month))) }
}

async function readMonth(db: Queryable, account: number, month: string): Promise<Pick<StatementView, 'book' | 'summary'>> {
  const book = (await readBooks(db, account)).find(({ play }) => !play)
  const summary = book && (await readSummary(db, book.id, await readSpan(db, book.id, beginningOf(month, 0), beginningOf(month, 1))))
  return { book, summary }
}

function beginningOf(month: string, later: number): Date {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number - 1 + later, 1))
}

/** The month before or after. */
export function monthBeside(month: string, step: number): string {
  return beginningOf(month, step).toISOString().slice(0, 7)
}
