import { z } from 'zod'
import { addChangelogEntry, findChangelogEntry, removeChangelogEntry, writeChangelogEntry } from '../announcements/changelog.ts'
import { LONGEST_TEXT, LONGEST_TITLE } from '../wording.ts'
import { act, changed } from './act.ts'
import { shownWording } from './announcement-fields.ts'
import { beginning, cli, id } from './fields.ts'
import { languageCode } from './ticket-fields.ts'
import { wordingText, wordingTitle } from './wording-fields.ts'

const theEntry = {
  entry: cli(id(), { argument: true }).describe('number of the entry: "docket changelog list" shows all'),
}

export const changelogAdd = act({
  name: 'changelog add',
  does: 'add news for those who order by program to the changelog; it is public at once',
  permission: 'pages.manage',
  input: z.object({
    language: languageCode().default('en').describe('the language of title and text'),
    title: wordingTitle(LONGEST_TITLE).describe('title, one line'),
    text: wordingText(LONGEST_TEXT).describe('text in Markdown; HTML in it is shown as text'),
    on_day: beginning().optional().describe('the day (UTC) or moment that it is told of; without it, now'),
  }),
  async run({ tx, now, actor }, { on_day: at, ...wording }) {
    const entry = await addChangelogEntry(tx, at, wording, { who: actor.who, now })
    return { result: { entry, title: wording.title }, after: { at: at ?? now, ...wording } }
  },
  says: ({ entry, title }) => `Entry ${entry} is in the changelog: ${title}`,
})

export const changelogWrite = act({
  name: 'changelog write',
  does: 'write an entry of the changelog in a language; a new version, which readers see at once',
  permission: 'pages.manage',
  overwrites: true,
  input: z.object({
    ...theEntry,
    language: languageCode().describe('the language of title and text'),
    title: wordingTitle(LONGEST_TITLE)
      .nullable()
      .describe('title, one line; none, with no text: it is not written in this language any more'),
    text: wordingText(LONGEST_TEXT).nullable().describe('text in Markdown; HTML in it is shown as text'),
  }),
  async run({ tx, now, actor }, { entry, ...wording }) {
    const before = await writeChangelogEntry(tx, entry, wording, { who: actor.who, now })
    const after = (await findChangelogEntry(tx, entry)).wordings.find(({ language }) => language === wording.language)
    return { result: { entry, language: wording.language }, ...changed(shownWording(before), shownWording(after)) }
  },
  says: ({ entry, language }) => `Entry ${entry} is written in ${language}`,
})

export const changelogRemove = act({
  name: 'changelog remove',
  does: 'take an entry out of the changelog, for good',
  permission: 'pages.manage',
  input: z.object(theEntry),
  async run({ tx, now }, { entry }) {
    await removeChangelogEntry(tx, entry, now)
    return { result: { entry }, before: { removed: null }, after: { removed: now } }
  },
  says: ({ entry }) => `Entry ${entry} is removed`,
})
