import type { Queryable } from '../db/pool.ts'
import type { Secret } from '../secret.ts'
import type { MailName, MailValues } from './text.ts'

export interface NewMail {
  readonly accountId: number | null
  /** Null: no recipient. The same statement inserts no row then, so that the time does not show whether an address is known. */
  readonly recipient: string | null
  readonly name: MailName
  readonly locale: string
  readonly values: MailValues
}

/** A mail that could not be sent for a day is given up. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000

const QUEUE = `
  insert into mails (account_id, recipient, name, locale, sealed_values, due_at, give_up_at, created_at)
  select $1::int, $2, $3, $4, $5, $6::timestamptz, $7, $6 where $2::text is not null`

/** Queues a mail in the transaction that causes it: both are committed, or neither. */
export async function queueMail(tx: Queryable, secret: Secret, mail: NewMail, now: Date): Promise<void> {
  const sealed = secret.seal(JSON.stringify(mail.values))
  const giveUpAt = new Date(now.getTime() + GIVE_UP_AFTER_MS)
  await tx.query(QUEUE, [mail.accountId, mail.recipient, mail.name, mail.locale, sealed, now, giveUpAt])
}
