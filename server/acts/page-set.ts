import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { setPage } from '../site-pages/write-pages.ts'
import { act, changed } from './act.ts'
import { cli, whole } from './fields.ts'
import { pageText, pageTitle, thePage } from './page-fields.ts'
import { languageCode } from './ticket-fields.ts'

export const pageSet = act({
  name: 'page set',
  does: 'write a page of your own in one language, in Markdown: terms, privacy, questions; readers see it when it is published',
  permission: 'pages.manage',
  input: z.object({
    ...thePage,
    language: languageCode().describe('the language of title and text'),
    title: pageTitle().nullable().optional().describe('title; none, with no text: the page is not written in this language any more'),
    text: pageText().nullable().optional().describe('text in Markdown; HTML in it is shown as text'),
    seen: cli(whole(), { placeholder: '<version>' })
      .optional()
      .describe('the newest version that you have seen: a page that somebody else has changed since is not changed'),
  }),
  async run({ tx, now, actor }, { page, language, title, text, seen }) {
    if (title === undefined && text === undefined) throw refuse('nothing_to_change', '--title "Terms of service"')
    const writer = { who: actor.who, now }
    const { version, before, after } = await setPage(tx, { name: page, language, title, text, seen }, writer)
    return { result: { page, language, version }, ...changed(before, after) }
  },
  says: ({ page, language, version }) =>
    `Page ${page}, version ${version}, is written in ${language}: "docket page publish ${page}" shows it`,
})
