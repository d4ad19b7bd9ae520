import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Secret } from '../secret.ts'
import { type MailName, mailText, type MailValues } from './text.ts'

export interface MailRow {
  readonly id: bigint
  readonly accountId: number | null
  readonly recipient: string
  readonly name: MailName
  readonly locale: string
  readonly state: 'waiting' | 'sent' | 'given up'
  readonly attempts: number
  /** The result of the last attempt. */
  readonly words: string | null
  readonly createdAt: Date
  readonly endedAt: Date | null
}

const COLUMNS = `id, account_id as "accountId", recipient, name, locale, state, attempts, words, created_at as "createdAt", ended_at as "endedAt"`
const LIST = `select ${COLUMNS} from mails where $1::int is null or account_id = $1 order by id desc limit $2`

/** The newest mails first. */
export async function listMails(db: Queryable, accountId: number | null, most = 100): Promise<MailRow[]> {
  return (await db.query<MailRow>(LIST, [accountId, most])).rows
}

export interface OpenedMail extends MailRow {
  readonly subject: string
  readonly text: string
}

const READ = `select ${COLUMNS}, sealed_values as "sealedValues" from mails where id = $1`

/**
 * Opens a mail that still waits, as it will be sent. Without a mail server, this is where it is read. Throws a Refusal for a mail that was sent,
 * because its text is not stored any longer.
 */
export async function readMail(db: Queryable, secret: Secret, id: bigint): Promise<OpenedMail> {
  const { rows } = await db.query<MailRow & { sealedValues: Buffer | null }>(READ, [id])
  const mail = rows[0]
  if (!mail) throw refuse('unknown_mail', id)
  const { sealedValues, ...row } = mail
  if (!sealedValues) throw refuse('mail_ended', id, row.state)
  return { ...row, ...mailText(row.locale, row.name, JSON.parse(secret.open(sealedValues)) as MailValues) }
}
