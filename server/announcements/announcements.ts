import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { asStored, type WantedWording, type Wording as PlainWording, type Writer, type WrittenVersion } from '../wording.ts'

export const audiences = ['all', 'ordered', 'owing'] as const
export type Audience = (typeof audiences)[number]

/** One announcement, whatever it says. */
export interface Announcement {
  readonly id: number
  readonly audience: Audience
  readonly serviceId: number | null
  readonly onPages: boolean
  readonly byMail: boolean
  readonly toPrograms: boolean
  readonly from: Date | null
  readonly until: Date | null
  readonly madeAt: Date
  readonly madeBy: string
  readonly publishedAt: Date | null
  readonly endedAt: Date | null
}

/** What it says in one language. */
export interface Wording extends PlainWording {
  readonly version: number
}

const COLUMNS = `
  a.id, a.audience, a.service_id as "serviceId", a.on_pages as "onPages", a.by_mail as "byMail", a.to_programs as "toPrograms", a.from_at as "from",
  a.until_at as "until", a.made_at as "madeAt", a.made_by as "madeBy", a.published_at as "publishedAt", a.ended_at as "endedAt"
  from announcements a`

/** Throws a Refusal when there is no such announcement. */
export async function findAnnouncement(db: Queryable, id: number): Promise<Announcement> {
  const [found] = (await db.query<Announcement>(`select ${COLUMNS} where a.id = $1`, [id])).rows
  if (!found) throw refuse('unknown_announcement', id)
  return found
}

export interface ListedAnnouncement extends Announcement {
  /** In the first language that it is written in. */
  readonly title: string | null
  readonly languages: readonly string[]
}

const NEWEST = `select distinct on (language) language, version, title, text from announcement_texts where announcement_id = a.id order by language, version desc`

/** The newest first; `before`: the last one of the page before. */
export async function listAnnouncements(
  db: Queryable,
  { before, most }: { readonly before: number | null; readonly most: number },
): Promise<ListedAnnouncement[]> {
  const text = `
    select t.title, coalesce(t.languages, '{}') as languages, ${COLUMNS}
    left join lateral (select (array_agg(title order by language <> 'en', language))[1] as title, array_agg(language order by language) as languages
      from (${NEWEST}) w where title is not null) t on true
    where $1::int is null or a.id < $1 order by a.id desc limit $2`
  return (await db.query<ListedAnnouncement>(text, [before, most])).rows
}

/** What it says now, by language. */
export async function readWordings(db: Queryable, id: number): Promise<Wording[]> {
  const text = `select w.* from announcements a cross join lateral (${NEWEST}) w where a.id = $1 and w.title is not null`
  return (await db.query<Wording>(text, [id])).rows
}

export interface Written extends WrittenVersion {
  readonly text: string | null
}

const HISTORY = `
  select language, version, title, text, at, who from announcement_texts where announcement_id = $1 order by at desc, language, version desc limit $2`

/** Every version of every language, the newest first. */
export async function listWritten(db: Queryable, id: number, most: number): Promise<Written[]> {
  return (await db.query<Written>(HISTORY, [id, most])).rows
}

/** What staff set of an announcement; what is not given stays. */
export interface AnnouncementChange {
  readonly audience?: Audience | undefined
  readonly serviceId?: number | null | undefined
  readonly onPages?: boolean | undefined
  readonly byMail?: boolean | undefined
  readonly toPrograms?: boolean | undefined
  readonly from?: Date | null | undefined
  readonly until?: Date | null | undefined
}

const ADD = 'insert into announcements (made_at, made_by) values ($1, $2) returning id'

export async function addAnnouncement(tx: Queryable, { who, now }: Writer): Promise<number> {
  return (await tx.query<{ id: number }>(ADD, [now, who])).rows[0]!.id
}

const LOCK = 'select from announcements where id = $1 for update'
const SET = `
  update announcements set audience = $2, service_id = $3, on_pages = $4, by_mail = $5, to_programs = $6, from_at = $7, until_at = $8,
    looked_after = case when (audience, service_id, from_at) is distinct from ($2, $3, $7::timestamptz) then 0 else looked_after end,
    looked_at = case when (audience, service_id, from_at) is distinct from ($2, $3, $7::timestamptz) then null else looked_at end
  where id = $1`
// Who ordered another service is not meant any more.
const FORGET_AUDIENCE = 'delete from announcement_audience where announcement_id = $1'
const HAS_SERVICE = 'select exists (select from services where id = $1) as found'

/** Sets what is given, and answers how it was. Throws a Refusal when it has ended, or when the values do not fit together. */
export async function setAnnouncement(tx: Queryable, id: number, change: AnnouncementChange): Promise<Announcement> {
  await tx.query(LOCK, [id])
  const before = await findAnnouncement(tx, id)
  if (before.endedAt) throw refuse('announcement_ended', id)
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as AnnouncementChange
  const after = { ...before, ...given }
  const serviceId = after.audience === 'ordered' ? (after.serviceId ?? null) : null
  if (after.audience === 'ordered' && serviceId === null) throw refuse('announcement_needs_service')
  if (serviceId !== null && !(await tx.query<{ found: boolean }>(HAS_SERVICE, [serviceId])).rows[0]!.found)
    throw refuse('unknown_service', serviceId)
  if (after.from && after.until && after.until <= after.from) throw refuse('announcement_ends_before_it_begins')
  if (before.publishedAt && !after.from) throw refuse('announcement_needs_beginning')
  const { audience, onPages, byMail, toPrograms, from, until } = after
  await tx.query(SET, [id, audience, serviceId, onPages, byMail, toPrograms, from, until])
  if (audience !== before.audience || serviceId !== before.serviceId) await tx.query(FORGET_AUDIENCE, [id])
  return before
}

const WRITE = `
  insert into announcement_texts (announcement_id, language, version, title, text, at, who)
  select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 from announcement_texts where announcement_id = $1 and language = $2`

/** Writes what it says in a language, as a new version; null: it is not written in that language any more. Answers what it said before. */
export async function writeAnnouncement(
  tx: Queryable,
  id: number,
  wanted: WantedWording,
  { who, now }: Writer,
): Promise<Wording | undefined> {
  await tx.query(LOCK, [id])
  const { endedAt } = await findAnnouncement(tx, id)
  if (endedAt) throw refuse('announcement_ended', id)
  const before = (await readWordings(tx, id)).find(({ language }) => language === wanted.language)
  const stored = asStored(wanted, before, 'announcement_needs_title_and_text')
  if (stored) await tx.query(WRITE, [id, wanted.language, stored.title, stored.text, now, who])
  return before
}

const PUBLISH = `update announcements set published_at = $2::timestamptz, from_at = coalesce(from_at, $2) where id = $1`

/** Shows it from its beginning on; without one, from now. */
export async function publishAnnouncement(tx: Queryable, id: number, now: Date): Promise<Announcement> {
  await tx.query(LOCK, [id])
  const before = await findAnnouncement(tx, id)
  if (before.endedAt) throw refuse('announcement_ended', id)
  if (before.publishedAt) throw refuse('announcement_published', id)
  if ((await readWordings(tx, id)).length === 0) throw refuse('announcement_says_nothing', id)
  if (before.until && before.until <= (before.from ?? now)) throw refuse('announcement_ends_before_it_begins')
  await tx.query(PUBLISH, [id, now])
  return before
}

const END = 'update announcements set ended_at = $2 where id = $1'

/** Shows it to nobody any more, for good. */
export async function endAnnouncement(tx: Queryable, id: number, now: Date): Promise<Announcement> {
  await tx.query(LOCK, [id])
  const before = await findAnnouncement(tx, id)
  if (before.endedAt) throw refuse('announcement_ended', id)
  await tx.query(END, [id, now])
  return before
}
