import type { Site } from '../customers/account-context.ts'
import { BEGIN_BY_INDEX, type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import type { Secret } from '../secret.ts'
import { announcementsToMail } from './live.ts'

/** A mail moves the next one a day away; whoever got none is looked at again in an hour. */
const DAY_MS = 24 * 3_600_000
const HOUR_MS = 3_600_000
const MOST_READERS = 50
const MOST_IN_A_MAIL = 10

const WANT = `
  insert into announcement_readers (user_id, since, due_at) values ($1, $2, $2) on conflict (user_id) do nothing`
const WANT_NOT = 'delete from announcement_readers where user_id = $1'
const WANTS = 'select exists (select from announcement_readers where user_id = $1) as wants'

/** Whether a user gets announcements by mail. Nobody does who has not asked for it. */
export async function wantsAnnouncements(db: Queryable, userId: number): Promise<boolean> {
  return (await db.query<{ wants: boolean }>(WANTS, [userId])).rows[0]!.wants
}

export async function setWantsAnnouncements(db: Queryable, userId: number, wants: boolean, now: Date): Promise<void> {
  await (wants ? db.query(WANT, [userId, now]) : db.query(WANT_NOT, [userId]))
}

const FOR = 'announcements by mail'

/** The text in the address by which a user gets no more of these mails. Nobody can make one for somebody else. */
export function unsubscribeToken(secret: Secret, userId: number): string {
  return secret.seal(JSON.stringify({ for: FOR, userId })).toString('base64url')
}

/** Whose text it is; undefined for any other. */
export function userOfToken(secret: Secret, token: string): number | undefined {
  try {
    const opened = JSON.parse(secret.open(Buffer.from(token, 'base64url'))) as { for: string; userId: number }
    return opened.for === FOR ? opened.userId : undefined
  } catch {
    return undefined
  }
}

interface MailContext {
  readonly db: Database
  readonly now: () => Date
  readonly secret: Secret
  readonly site: Site
}

interface DueReader {
  readonly userId: number
  readonly accountId: number
  readonly email: string
  readonly locale: string | null
}

const CLAIM = `
  with due as (select user_id from announcement_readers where due_at <= $1 order by due_at, user_id limit $2 for update skip locked),
  later as (update announcement_readers r set due_at = $3 from due d where r.user_id = d.user_id returning r.user_id)
  select u.id as "userId", u.account_id as "accountId", u.email, u.locale
  from later d join users u on u.id = d.user_id join accounts a on a.id = u.account_id and a.suspended_at is null`
const HAS_LIVE = `
  select exists (select from announcements where published_at is not null and ended_at is null and by_mail and from_at <= $1 and (until_at is null or until_at > $1)) as live`
const NOTE = 'insert into announcement_mails (user_id, announcement_id, at) select $1, unnest($2::int[]), $3 on conflict do nothing'
const NEXT = 'update announcement_readers set due_at = $2 where user_id = any($1)'

/**
 * Mails what is new to those who want it: one mail with everything, at most one a day. What a user has got is noted in the transaction that queues the
 * mail, so each is told once, on any number of nodes. Answers how many it looked at.
 */
export async function mailAnnouncements(context: MailContext): Promise<number> {
  const now = context.now()
  if (!(await context.db.query<{ live: boolean }>(HAS_LIVE, [now])).rows[0]!.live) return 0
  return transaction(
    context.db,
    async (tx) => {
      const { rows } = await tx.query<DueReader>(CLAIM, [now, MOST_READERS, new Date(now.getTime() + HOUR_MS)])
      const told: number[] = []
      for (const reader of rows) if (await mailTo(tx, context, reader, now)) told.push(reader.userId)
      await tx.query(NEXT, [told, new Date(now.getTime() + DAY_MS)])
      return rows.length
    },
    BEGIN_BY_INDEX,
  )
}

async function mailTo(tx: Transaction, { secret, site }: MailContext, reader: DueReader, now: Date): Promise<boolean> {
  const locale = reader.locale ?? 'en'
  const { userId, accountId } = reader
  const news = await announcementsToMail(tx, { accountId, language: locale, userId }, now, MOST_IN_A_MAIL)
  if (news.length === 0) return false
  const values = {
    site: site.name,
    news: news.map(({ title, text }) => `${title}\n\n${text}`).join('\n\n—\n\n'),
    link: `${site.url}/announcements`,
    unsubscribe: `${site.url}/announcements/unsubscribe/${unsubscribeToken(secret, userId)}`,
  }
  await queueMail(tx, secret, { accountId, recipient: reader.email, name: 'announcements', locale, values }, now)
  await tx.query(NOTE, [userId, news.map(({ id }) => id), now])
  return true
}
