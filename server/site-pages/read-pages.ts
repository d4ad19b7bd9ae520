import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { languages } from '../texts/languages.ts'
import { isPageName, MOST_PAGES } from './names.ts'
import { languageFor } from './public-pages.ts'

/** A page as staff see it, public or not. */
export interface SitePage {
  readonly id: number
  readonly name: string
  readonly version: number
  readonly published: number | null
  readonly publishedAt: Date | null
  readonly acceptFrom: number | null
  readonly inFooter: boolean
  /** The languages that its newest version is written in, with the title in each. */
  readonly titles: Readonly<Record<string, string>>
}

/** What a page says in one language. */
export interface PageText {
  readonly language: string
  readonly title: string
  readonly text: string
}

const LANGUAGES = languages.map(({ code }) => code)

const COLUMNS = `
  p.id, p.name, p.version, p.published, p.published_at as "publishedAt", p.accept_from as "acceptFrom", p.in_footer as "inFooter",
  coalesce((select jsonb_object_agg(l.language, t.title) from unnest($1::text[]) as l(language) cross join lateral (
    select title from site_page_texts where page_id = p.id and language = l.language order by version desc limit 1
  ) t where t.title is not null), '{}') as titles`
const LIST = `select ${COLUMNS} from site_pages p order by p.id limit ${MOST_PAGES}`
const ONE = `select ${COLUMNS} from site_pages p where p.name = $2`

/** All pages, in the order in which they were made. */
export async function listPages(db: Queryable): Promise<SitePage[]> {
  return (await db.query<SitePage>({ name: 'site pages', text: LIST, values: [LANGUAGES] })).rows
}

/** Throws a Refusal when there is no such page. */
export async function findPage(db: Queryable, name: string): Promise<SitePage> {
  const { rows } = await db.query<SitePage>({ name: 'site page', text: ONE, values: [LANGUAGES, name] })
  if (!rows[0]) throw refuse('unknown_page', name)
  return rows[0]
}

// One look into the index per language, however many versions there are.
const TEXTS = `
  select l.language, t.title, t.text from unnest($3::text[]) with ordinality as l(language, place) cross join lateral (
    select title, text from site_page_texts where page_id = $1 and language = l.language and version <= $2 order by version desc limit 1
  ) t where t.title is not null order by l.place`

/** What a version of a page says, in each of these languages that it is written in. */
export async function readTexts(db: Queryable, page: number, version: number, codes: readonly string[] = LANGUAGES): Promise<PageText[]> {
  return (await db.query<PageText>({ name: 'texts of a page', text: TEXTS, values: [page, version, codes] })).rows
}

/** One change of a page. */
export interface PageVersion {
  readonly version: number
  readonly languages: readonly string[]
  readonly madeAt: Date
  readonly madeBy: string
}

const VERSIONS = `
  select version, array_agg(language order by language) as languages, max(made_at) as "madeAt", max(made_by) as "madeBy"
  from site_page_texts where page_id = $1 and version < $2 group by version order by version desc limit $3`
const BEHIND_ALL = 2_147_483_647

/** The changes of a page, the newest first. `before`: only those below this version. */
export async function listVersions(db: Queryable, page: number, before: number | null, most: number): Promise<PageVersion[]> {
  return (await db.query<PageVersion>({ name: 'versions of a page', text: VERSIONS, values: [page, before ?? BEHIND_ALL, most] })).rows
}

/** A page as a reader sees it. */
export interface ShownPage extends PageText {
  /** All languages that it is written in. */
  readonly languages: readonly string[]
}

const PUBLISHED = 'select id, published from site_pages where name = $1 and published is not null'

/** The published version of a page in the reader's language, or in the one that is closest; undefined: there is no such page. */
export async function readPublicPage(
  db: Queryable,
  name: string,
  language: string,
  offered: readonly string[],
): Promise<ShownPage | undefined> {
  if (!isPageName(name)) return undefined
  const { rows } = await db.query<{ id: number; published: number }>({ name: 'public page', text: PUBLISHED, values: [name] })
  if (!rows[0]) return undefined
  const texts = await readTexts(db, rows[0].id, rows[0].published)
  const titles = Object.fromEntries(texts.map(({ language: code, title }) => [code, title]))
  const shown = texts.find(({ language: code }) => code === languageFor(language, offered, titles))
  return shown && { ...shown, languages: Object.keys(titles) }
}
