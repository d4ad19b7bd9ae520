import type { Queryable } from '../db/pool.ts'

/** Whether the people of an account get a mail when money arrives. */
export async function mailsDeposits(db: Queryable, accountId: number): Promise<boolean> {
  const { rows } = await db.query<{ on: boolean }>('select mails_deposits as on from accounts where id = $1', [accountId])
  return rows[0]?.on ?? false
}

export async function setMailsDeposits(db: Queryable, accountId: number, on: boolean): Promise<void> {
  await db.query('update accounts set mails_deposits = $2 where id = $1', [accountId, on])
}
