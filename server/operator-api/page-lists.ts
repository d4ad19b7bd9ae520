import { z } from 'zod'
import { isPageName } from '../site-pages/names.ts'
import { findPage, listPages, listVersions, readTexts } from '../site-pages/read-pages.ts'
import { count, moment, word, yesNo } from './columns.ts'
import { list, type List, NO_FILTER, number, pageOf } from './list.ts'

const pageName = z.string().refine(isPageName).describe('the name of a page')

/** The operator's own pages, with their history. */
export const pageLists: readonly List[] = [
  list({
    name: 'pages',
    does: 'your own pages of the site, public or not, in the order in which they were made',
    permission: 'pages.read',
    filters: NO_FILTER,
    row: z.object({
      page: word(),
      version: count(),
      published: count().nullable(),
      published_at: moment().nullable(),
      accept_from: count().nullable(),
      in_footer: yesNo(),
      languages: z.array(word()).readonly(),
    }),
    async read(db, _, page) {
      return pageOf(
        page,
        await listPages(db),
        ({ id }) => id,
        (row) => ({
          page: row.name,
          version: row.version,
          published: row.published,
          published_at: row.publishedAt,
          accept_from: row.acceptFrom,
          in_footer: row.inFooter,
          languages: Object.keys(row.titles),
        }),
      )
    },
  }),
  list({
    name: 'page-texts',
    does: 'what a page says in each language, in Markdown, in a version of it',
    permission: 'pages.read',
    filters: z.object({ page: pageName, version: number.optional().describe('in this version; without it, the newest') }),
    row: z.object({ language: word(), title: word(), text: word() }),
    async read(db, { page: name, version }) {
      const found = await findPage(db, name)
      return { rows: await readTexts(db, found.id, Math.min(version ?? found.version, found.version)), next: null }
    },
  }),
  list({
    name: 'page-versions',
    does: 'the versions of a page, the newest first: which languages changed, who wrote, and when',
    permission: 'pages.read',
    filters: z.object({ page: pageName }),
    row: z.object({ version: count(), languages: z.array(word()).readonly(), at: moment(), who: word() }),
    async read(db, { page: name }, { cursor, most }) {
      const found = await findPage(db, name)
      const rows = await listVersions(db, found.id, cursor === null ? null : Number(cursor), most)
      return {
        rows: rows.map(({ version, languages, madeAt, madeBy }) => ({ version, languages, at: madeAt, who: madeBy })),
        next: rows.length < most ? null : BigInt(rows.at(-1)!.version),
      }
    },
  }),
]
