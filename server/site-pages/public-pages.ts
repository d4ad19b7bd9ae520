import type { Queryable } from '../db/pool.ts'
import { languages } from '../texts/languages.ts'
import { MOST_PAGES, TERMS } from './names.ts'

/** A page of the operator's own that readers see. */
export interface PublicPage {
  readonly name: string
  /** The version that readers see. */
  readonly version: number
  readonly publishedAt: Date
  /** Whoever has accepted only older versions than this one is asked again; null: nobody is. */
  readonly acceptFrom: number | null
  readonly inFooter: boolean
  /** Its title in each language that it is written in, by the language's code. */
  readonly titles: Readonly<Record<string, string>>
}

const READ = `
  select p.name, p.published as version, p.published_at as "publishedAt", p.accept_from as "acceptFrom", p.in_footer as "inFooter",
    (select jsonb_object_agg(l.language, t.title) from unnest($1::text[]) as l(language) cross join lateral (
       select title from site_page_texts where page_id = p.id and language = l.language and version <= p.published order by version desc limit 1
     ) t where t.title is not null) as titles
  from site_pages p where p.published is not null order by p.id limit ${MOST_PAGES}`

/** All public pages in the order in which they were made, without their texts: what each node remembers. */
export async function readPublicPages(db: Queryable): Promise<readonly PublicPage[]> {
  const { rows } = await db.query<PublicPage & { titles: PublicPage['titles'] | null }>({
    name: 'public pages',
    text: READ,
    values: [languages.map(({ code }) => code)],
  })
  return rows.map((row) => ({ ...row, titles: row.titles ?? {} }))
}

/** The terms that customers accept; undefined: the house has none. */
export function termsOf(pages: readonly PublicPage[]): PublicPage | undefined {
  return pages.find(({ name }) => name === TERMS)
}

/** The language in which a reader gets a page: their own, else one that its readers often know too, else the first that it is written in. */
export function languageFor(wanted: string, offered: readonly string[], titles: PublicPage['titles']): string | undefined {
  const base = wanted.split('-', 1)[0]!
  const related = offered.filter((code) => code !== wanted && code.split('-', 1)[0] === base)
  return [wanted, ...related, 'en', ...offered, ...Object.keys(titles)].find((code) => Object.hasOwn(titles, code))
}
