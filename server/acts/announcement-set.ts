import { z } from 'zod'
import { addAnnouncement, findAnnouncement, readWordings, setAnnouncement, writeAnnouncement } from '../announcements/announcements.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import {
  announcementText,
  announcementTitle,
  changeOf,
  shownAnnouncement,
  shownWording,
  theAnnouncement,
  whereAndWhen,
} from './announcement-fields.ts'
import { languageCode } from './ticket-fields.ts'

export const announcementAdd = act({
  name: 'announcement add',
  does: 'begin an announcement to customers; nobody sees it before it is published',
  permission: 'pages.manage',
  input: z.object({
    language: languageCode().default('en').describe('the language of title and text'),
    title: announcementTitle().describe('title, one line'),
    text: announcementText().describe('text in Markdown; HTML in it is shown as text'),
    ...whereAndWhen,
  }),
  async run({ tx, now, actor }, { language, title, text, ...rest }) {
    const writer = { who: actor.who, now }
    const announcement = await addAnnouncement(tx, writer)
    await setAnnouncement(tx, announcement, changeOf(rest))
    await writeAnnouncement(tx, announcement, { language, title, text }, writer)
    const after = { ...shownAnnouncement(await findAnnouncement(tx, announcement)), language, title, text }
    return { result: { announcement, title }, after }
  },
  says: ({ announcement, title }) => `Announcement ${announcement}: ${title}. "docket announcement publish ${announcement}" shows it`,
})

export const announcementWrite = act({
  name: 'announcement write',
  does: 'write what an announcement says in one language; a new version, and readers see it at once when it is public',
  permission: 'pages.manage',
  overwrites: true,
  input: z.object({
    ...theAnnouncement,
    language: languageCode().describe('the language of title and text'),
    title: announcementTitle().nullable().describe('title, one line; none, with no text: it is not written in this language any more'),
    text: announcementText().nullable().describe('text in Markdown; HTML in it is shown as text'),
  }),
  async run({ tx, now, actor }, { announcement, language, title, text }) {
    const before = await writeAnnouncement(tx, announcement, { language, title, text }, { who: actor.who, now })
    const after = (await readWordings(tx, announcement)).find((each) => each.language === language)
    return { result: { announcement, language }, ...changed(shownWording(before), shownWording(after)) }
  },
  says: ({ announcement, language }) => `Announcement ${announcement} is written in ${language}`,
})

export const announcementSet = act({
  name: 'announcement set',
  does: 'change for whom an announcement is, where it is told, and from when until when',
  permission: 'pages.manage',
  overwrites: true,
  input: z.object({ ...theAnnouncement, ...whereAndWhen }),
  async run({ tx }, { announcement, ...rest }) {
    const change = changeOf(rest)
    if (Object.values(change).every((value) => value === undefined)) throw refuse('nothing_to_change', '--audience owing')
    const before = await setAnnouncement(tx, announcement, change)
    const after = await findAnnouncement(tx, announcement)
    return { result: { announcement }, ...changed(shownAnnouncement(before), shownAnnouncement(after)) }
  },
  says: ({ announcement }) => `Announcement ${announcement} is changed`,
})
