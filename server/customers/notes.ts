import type { Queryable } from '../db/pool.ts'
import { findAccount } from './accounts.ts'

/** What a member of staff wrote down about an account. Customers never see it, and nobody changes it. */
export interface AccountNote {
  readonly id: bigint
  readonly at: Date
  readonly who: string
  readonly note: string
}

const ADD = 'insert into account_notes (account_id, at, who, note) values ($1, $2, $3, $4) returning id'

export async function addNote(tx: Queryable, accountId: number, told: { who: string; note: string }, now: Date): Promise<bigint> {
  await findAccount(tx, accountId)
  return (await tx.query<{ id: bigint }>(ADD, [accountId, now, told.who, told.note])).rows[0]!.id
}

const NOTES = `
  select id, at, who, note from account_notes
  where account_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`

/** A page of the notes, newest first. */
export async function listNotes(db: Queryable, accountId: number, page: { before: bigint | null; most: number }): Promise<AccountNote[]> {
  return (await db.query<AccountNote>({ name: 'account notes', text: NOTES, values: [accountId, page.before, page.most] })).rows
}
