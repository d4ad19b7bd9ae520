import type { Queryable } from '../db/pool.ts'

/** An announcement as one reader sees it, in the reader's language where it is written in that, else in English, else in any. */
export interface Shown {
  readonly id: number
  readonly language: string
  readonly title: string
  readonly text: string
  readonly from: Date
  readonly until: Date | null
}

/** Those that are public now and are for the account $1 at $2. Only the few live ones are looked at, and never an order: who ordered was noted before. */
const LIVE = `
  from announcements a
  cross join lateral (
    select w.* from (
      select distinct on (language) language, version, title, text from announcement_texts where announcement_id = a.id order by language, version desc
    ) w where w.title is not null order by w.language <> $3, w.language <> 'en', w.language limit 1
  ) t
  where a.published_at is not null and a.ended_at is null and a.from_at <= $2 and (a.until_at is null or a.until_at > $2)
    and case a.audience
      when 'all' then true
      when 'owing' then exists (select from books b where b.account_id = $1 and not b.play and b.owed < 0)
      else exists (select from announcement_audience w where w.account_id = $1 and w.announcement_id = a.id)
    end`
const COLUMNS = 'select a.id, t.language, t.title, t.text, a.from_at as "from", a.until_at as "until"'
const ON_PAGES = `
  ${COLUMNS} ${LIVE} and a.on_pages
    and ($4::int is null or not exists (select from announcement_dismissals d where d.user_id = $4 and d.announcement_id = a.id))
  order by a.id desc limit $5`
const TO_PROGRAMS = `${COLUMNS} ${LIVE} and a.to_programs order by a.id desc limit $4`
const TO_MAIL = `
  ${COLUMNS} ${LIVE} and a.by_mail and not exists (select from announcement_mails m where m.user_id = $4 and m.announcement_id = a.id) order by a.id limit $5`

interface Reader {
  readonly accountId: number
  readonly language: string
}

/** Those for the pages of a customer, the newest first. With a user: without those that the user has dismissed. */
export async function announcementsOnPages(
  db: Queryable,
  { accountId, language, userId }: Reader & { readonly userId: number | null },
  now: Date,
  most: number,
): Promise<Shown[]> {
  const values = [accountId, now, language, userId, most]
  return (await db.query<Shown>({ name: 'announcements on pages', text: ON_PAGES, values })).rows
}

const MOST_TO_PROGRAMS = 50

/** Those that programs of a customer are told of. */
export async function announcementsToPrograms(db: Queryable, { accountId, language }: Reader, now: Date): Promise<Shown[]> {
  const values = [accountId, now, language, MOST_TO_PROGRAMS]
  return (await db.query<Shown>({ name: 'announcements to programs', text: TO_PROGRAMS, values })).rows
}

/** Those that a user has not got by mail. */
export async function announcementsToMail(
  db: Queryable,
  { accountId, language, userId }: Reader & { readonly userId: number },
  now: Date,
  most: number,
): Promise<Shown[]> {
  return (await db.query<Shown>(TO_MAIL, [accountId, now, language, userId, most])).rows
}

const DISMISS = `
  insert into announcement_dismissals (user_id, announcement_id, at) select $1, a.id, $3 from announcements a where a.id = $2 on conflict do nothing`

/** Shows it to this user no more. A number that is none changes nothing. */
export async function dismissAnnouncement(tx: Queryable, userId: number, id: number, now: Date): Promise<void> {
  await tx.query(DISMISS, [userId, id, now])
}
