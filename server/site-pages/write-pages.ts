import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { onOneLine, plainLines } from '../text.ts'
import { isPageName, MOST_PAGES } from './names.ts'
import { findPage, type PageText, readTexts, type SitePage } from './read-pages.ts'

/** Who writes, and when. */
export interface Writer {
  readonly who: string
  readonly now: Date
}

/** A title and a text; null: the page is not written in the language any more. */
export type Wording = Pick<PageText, 'title' | 'text'> | null

const LOCK = 'select id from site_pages where name = $1 for no key update'
// One after another, so that there are never more than that.
const LOCK_ALL = 'lock table site_pages in share row exclusive mode'
const ADD = `
  insert into site_pages (name, version, made_at) select $1, 0, $2 where (select count(*) from site_pages) < ${MOST_PAGES}
  on conflict (name) do nothing`

/** Holds a page until the end of the transaction. Throws a Refusal when there is no such page. */
async function lockPage(tx: Queryable, name: string): Promise<SitePage> {
  await tx.query(LOCK, [name])
  return findPage(tx, name)
}

async function addPage(tx: Queryable, name: string, now: Date): Promise<void> {
  if (!isPageName(name)) throw refuse('incorrect_page_name', name)
  await tx.query(LOCK_ALL)
  await tx.query(ADD, [name, now])
  const { rowCount } = await tx.query(LOCK, [name])
  if (rowCount === 0) throw refuse('too_many_pages', MOST_PAGES)
}

/** The wording of a language before and after a change; `version`: the newest one then. */
export interface PageChange {
  readonly version: number
  readonly before: Wording
  readonly after: Wording
}

interface Wanted {
  readonly name: string
  readonly language: string
  readonly title?: string | null | undefined
  readonly text?: string | null | undefined
  /** The newest version that the writer has seen; a page that somebody else has changed since is not changed. */
  readonly seen?: number | undefined
}

/**
 * Writes what a page says in one language, as a new version; a page that does not exist is made. Title and text that are not given stay; both null:
 * the page is not written in the language any more. Readers see nothing of it until that version is published.
 */
export async function setPage(tx: Queryable, { name, language, title, text, seen }: Wanted, writer: Writer): Promise<PageChange> {
  const isNew = (await tx.query(LOCK, [name])).rowCount === 0
  if (isNew) await addPage(tx, name, writer.now)
  const page = await findPage(tx, name)
  if (seen !== undefined && page.version > seen) throw refuse('page_changed_meanwhile', name, page.version)
  const before = wordingOf((await readTexts(tx, page.id, page.version, [language]))[0])
  const after = changedWording(before, title, text)
  if (isSame(before, after)) return { version: page.version, before, after }
  const version = page.version + 1
  await write(tx, page.id, version, [{ language, wording: after }], writer)
  return { version, before, after }
}

function wordingOf(text: PageText | undefined): Wording {
  return text === undefined ? null : { title: text.title, text: text.text }
}

function changedWording(before: Wording, title: string | null | undefined, text: string | null | undefined): Wording {
  if (title === null && text === null) return null
  const wanted = {
    title: title === undefined ? (before?.title ?? '') : onOneLine(title ?? '').trim(),
    text: text === undefined ? (before?.text ?? '') : plainLines(text ?? '').trim(),
  }
  if (wanted.title === '' || wanted.text === '') throw refuse('page_needs_title_and_text')
  return wanted
}

function isSame(one: Wording, other: Wording): boolean {
  return one?.title === other?.title && one?.text === other?.text
}

const WRITE = `
  insert into site_page_texts (page_id, language, version, title, text, made_at, made_by)
  select $1, t.language, $2, t.title, t.text, $4, $5 from jsonb_to_recordset($3::jsonb) as t(language text, title text, text text)`
const COUNT_UP = 'update site_pages set version = $2 where id = $1'

async function write(
  tx: Queryable,
  page: number,
  version: number,
  texts: readonly { readonly language: string; readonly wording: Wording }[],
  { who, now }: Writer,
): Promise<void> {
  const rows = texts.map(({ language, wording }) => ({ language, title: wording?.title ?? null, text: wording?.text ?? null }))
  await tx.query(COUNT_UP, [page, version])
  await tx.query(WRITE, [page, version, JSON.stringify(rows), now, who])
}

/** Makes what an older version says the newest version again, in all languages. Answers how many languages differ; with none nothing is written. */
export async function restorePage(
  tx: Queryable,
  name: string,
  to: number,
  writer: Writer,
): Promise<{ readonly before: number; readonly version: number; readonly languages: readonly string[] }> {
  const page = await lockPage(tx, name)
  if (to > page.version) throw refuse('unknown_page_version', name, to)
  const [old, newest] = [await readTexts(tx, page.id, to), await readTexts(tx, page.id, page.version)]
  const codes = new Set([...old, ...newest].map(({ language }) => language))
  const wordingIn = (texts: readonly PageText[], code: string) => wordingOf(texts.find(({ language }) => language === code))
  const differing = [...codes]
    .filter((code) => !isSame(wordingIn(old, code), wordingIn(newest, code)))
    .map((language) => ({ language, wording: wordingIn(old, language) }))
  if (differing.length > 0) await write(tx, page.id, page.version + 1, differing, writer)
  const version = differing.length > 0 ? page.version + 1 : page.version
  return { before: page.version, version, languages: differing.map(({ language }) => language) }
}

const PUBLISH = `
  update site_pages set published = $2, published_at = $3, in_footer = coalesce($4, in_footer), accept_from = case when $5 then $2 else accept_from end
  where id = $1`

interface Publishing {
  readonly version?: number | undefined
  readonly inFooter?: boolean | undefined
  /** Customers who accepted an older version are asked again. */
  readonly acceptAgain: boolean
}

/** Shows a version of a page to readers, by default the newest. Answers the page before and after. */
export async function publishPage(
  tx: Queryable,
  name: string,
  { version, inFooter, acceptAgain }: Publishing,
  now: Date,
): Promise<{ readonly before: SitePage; readonly after: SitePage }> {
  const before = await lockPage(tx, name)
  const shown = version ?? before.version
  if (shown > before.version) throw refuse('unknown_page_version', name, shown)
  if ((await readTexts(tx, before.id, shown)).length === 0) throw refuse('page_says_nothing', name, shown)
  await tx.query(PUBLISH, [before.id, shown, now, inFooter ?? null, acceptAgain])
  return { before, after: await findPage(tx, name) }
}

const REMOVE = 'update site_pages set published = null, published_at = null where id = $1'

/** Takes a page off the site. Its history stays, and it can be published again. */
export async function removePage(tx: Queryable, name: string): Promise<{ readonly before: SitePage; readonly after: SitePage }> {
  const before = await lockPage(tx, name)
  await tx.query(REMOVE, [before.id])
  return { before, after: await findPage(tx, name) }
}
