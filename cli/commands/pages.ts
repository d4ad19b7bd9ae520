import type { Command } from 'commander'
import { pagePublish, pageRemove } from '../../server/acts/page-publish.ts'
import { pageRestore } from '../../server/acts/page-restore.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { refuse } from '../../server/refusal.ts'
import { findPage, listPages, listVersions, readTexts } from '../../server/site-pages/read-pages.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

const MOST_VERSIONS = 100

export function addPageCommands(program: Command) {
  const page = program.command('page').description('pages of your own, like terms: list, show, history, set, publish, restore, remove')
  addList(page)
  addShow(page)
  addHistory(page)
  for (const act of [pageSet, pagePublish, pageRestore, pageRemove]) addAct(page, act)
}

function addList(page: Command) {
  page
    .command('list')
    .description('all pages, with the version that readers see')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const pages = (await listPages(db)).map(({ name, version, published, inFooter, titles }) => ({
          page: name,
          version,
          published,
          in_footer: inFooter,
          languages: Object.keys(titles),
        }))
        const rows = pages.map((row) => [
          row.page,
          String(row.version),
          row.published === null ? 'not public' : String(row.published),
          row.languages.join(', '),
        ])
        print(
          options.json,
          pages,
          rows.length ? table(['page', 'newest', 'public', 'languages'], rows) : 'No page yet: docket page set terms --language en …',
        )
      }),
    )
}

interface ShowOptions extends Json {
  readonly number?: string
  readonly language?: string
}

function addShow(page: Command) {
  page
    .command('show')
    .description('what a page says')
    .argument('<name>', 'name of the page')
    .option('--number <version>', 'in this version; without it, the newest')
    .option('--language <language>', 'in this language alone')
    .option('--json', 'answer in JSON')
    .action((name: string, { number, language, json }: ShowOptions) =>
      withDatabase(async (db) => {
        const found = await findPage(db, name)
        const asked = number === undefined ? found.version : Number(number)
        if (!(asked >= 1 && asked <= found.version)) throw refuse('unknown_page_version', name, asked)
        const texts = await readTexts(db, found.id, asked, language === undefined ? undefined : [language])
        const told = texts.map((text) => `[${text.language}] ${text.title}\n\n${text.text}`).join('\n\n')
        print(json, { page: name, version: asked, texts }, told)
      }),
    )
}

function addHistory(page: Command) {
  page
    .command('history')
    .description(`the newest ${MOST_VERSIONS} versions of a page: who wrote which languages, and when`)
    .argument('<name>', 'name of the page')
    .option('--json', 'answer in JSON')
    .action((name: string, options: Json) =>
      withDatabase(async (db) => {
        const versions = await listVersions(db, (await findPage(db, name)).id, null, MOST_VERSIONS)
        const shown = versions.map((row) => ({ version: row.version, languages: row.languages, at: row.madeAt, who: row.madeBy }))
        const rows = shown.map((row) => [String(row.version), row.languages.join(', '), row.at.toISOString(), row.who])
        print(options.json, shown, table(['version', 'languages', 'at', 'who'], rows))
      }),
    )
}
