import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { asStored, type WantedWording, type Wording, type Writer, type WrittenVersion } from '../wording.ts'

/** News of the operator's own for those who order by program. */
export interface ChangelogEntry {
  readonly id: number
  readonly at: Date
  readonly madeBy: string
  readonly removedAt: Date | null
  /** In all languages that it is written in. */
  readonly wordings: readonly Wording[]
}

const COLUMNS = `
  e.id, e.at, e.made_by as "madeBy", e.removed_at as "removedAt",
  (select coalesce(jsonb_agg(jsonb_build_object('language', w.language, 'title', w.title, 'text', w.text) order by w.language), '[]') from (
    select distinct on (language) language, title, text from changelog_texts where entry_id = e.id order by language, version desc
  ) w where w.title is not null) as wordings
  from changelog_entries e`
const ALL = `select ${COLUMNS} where $1::int is null or e.id < $1 order by e.id desc limit $2`
const SHOWN = `
  select ${COLUMNS} where e.removed_at is null and e.at < $1 and e.at >= $2 order by e.at desc, e.id desc limit $3`
const ONE = `select ${COLUMNS} where e.id = $1`

/** All of them, also those that were removed, the newest first; `before`: the last one of the page before. */
export async function listChangelogEntries(
  db: Queryable,
  { before, most }: { readonly before: number | null; readonly most: number },
): Promise<ChangelogEntry[]> {
  return (await db.query<ChangelogEntry>({ name: 'changelog entries', text: ALL, values: [before, most] })).rows
}

/** What readers see of a stretch of time, the newest first. */
export async function readChangelogEntries(
  db: Queryable,
  { before, since, most }: { readonly before: Date; readonly since: Date; readonly most: number },
): Promise<ChangelogEntry[]> {
  return (await db.query<ChangelogEntry>({ name: 'shown changelog entries', text: SHOWN, values: [before, since, most] })).rows
}

/** Throws a Refusal when there is no such entry. */
export async function findChangelogEntry(db: Queryable, id: number): Promise<ChangelogEntry> {
  const [found] = (await db.query<ChangelogEntry>({ name: 'changelog entry', text: ONE, values: [id] })).rows
  if (!found) throw refuse('unknown_changelog_entry', id)
  return found
}

const WRITTEN =
  'select language, version, title, at, who from changelog_texts where entry_id = $1 order by at desc, language, version desc limit $2'

/** Every version in every language, the newest first. */
export async function listWrittenEntry(db: Queryable, id: number, most: number): Promise<WrittenVersion[]> {
  return (await db.query<WrittenVersion>(WRITTEN, [id, most])).rows
}

const ADD = 'insert into changelog_entries (at, made_by) values ($1, $2) returning id'

/** Adds an entry, of this moment or of an earlier day; readers see it at once. */
export async function addChangelogEntry(tx: Queryable, at: Date | undefined, wording: Wording, writer: Writer): Promise<number> {
  if (at && at > writer.now) throw refuse('changelog_entry_in_future')
  const { rows } = await tx.query<{ id: number }>(ADD, [at ?? writer.now, writer.who])
  await write(tx, rows[0]!.id, wording, undefined, writer)
  return rows[0]!.id
}

const LOCK = 'select from changelog_entries where id = $1 for update'

async function lockEntry(tx: Queryable, id: number): Promise<ChangelogEntry> {
  await tx.query(LOCK, [id])
  const entry = await findChangelogEntry(tx, id)
  if (entry.removedAt) throw refuse('changelog_entry_removed', id)
  return entry
}

/** Writes an entry in one language, as a new version; null: it is not written in that language any more. Answers what it said before. */
export async function writeChangelogEntry(tx: Queryable, id: number, wanted: WantedWording, writer: Writer): Promise<Wording | undefined> {
  const before = (await lockEntry(tx, id)).wordings.find(({ language }) => language === wanted.language)
  await write(tx, id, wanted, before, writer)
  return before
}

const REMOVE = 'update changelog_entries set removed_at = $2 where id = $1'

/** Shows an entry to nobody any more, for good. */
export async function removeChangelogEntry(tx: Queryable, id: number, now: Date): Promise<void> {
  await lockEntry(tx, id)
  await tx.query(REMOVE, [id, now])
}

const WRITE = `
  insert into changelog_texts (entry_id, language, version, title, text, at, who)
  select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 from changelog_texts where entry_id = $1 and language = $2`

async function write(tx: Queryable, id: number, wanted: WantedWording, before: Wording | undefined, { who, now }: Writer): Promise<void> {
  const stored = asStored(wanted, before, 'changelog_entry_needs_title_and_text')
  if (stored) await tx.query(WRITE, [id, wanted.language, stored.title, stored.text, now, who])
}
