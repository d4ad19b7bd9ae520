import { z } from 'zod'
import { findIncident, type Incident, openIncident, parts, settleIncident, updateIncident, writeIncident } from '../status/incidents.ts'
import { LONGEST_TEXT, LONGEST_TITLE } from '../wording.ts'
import { act, changed } from './act.ts'
import { shownWording } from './announcement-fields.ts'
import { beginning, cli, id, whole } from './fields.ts'
import { languageCode } from './ticket-fields.ts'
import { wordingText, wordingTitle } from './wording-fields.ts'

const theIncident = {
  incident: cli(id(), { argument: true }).describe('number of the incident: "docket incident list" shows all'),
}

const title = () => wordingTitle(LONGEST_TITLE)
const text = () => wordingText(LONGEST_TEXT)
const language = () => languageCode().default('en').describe('the language of title and text')

const A_PART = `It must be some of ${parts.join(', ')}.`

export const incidentOpen = act({
  name: 'incident open',
  does: 'tell everybody of a disturbance, on the status page and above the pages of customers; it is public at once',
  permission: 'pages.manage',
  input: z.object({
    language: language(),
    title: title().describe('title, one line'),
    text: text().describe('text in Markdown; HTML in it is shown as text'),
    affects: cli(z.array(z.enum(parts, A_PART)).max(parts.length, A_PART), { placeholder: '<list>' })
      .optional()
      .describe(`what is disturbed: some of ${parts.join(', ')}, separated by commas`),
    began: beginning().optional().describe('when it began; without it, now'),
  }),
  async run({ tx, now, actor }, { affects = [], began, ...wording }) {
    const incident = await openIncident(tx, { affects, began, wording }, { who: actor.who, now })
    return { result: { incident, title: wording.title }, after: { ...shown(await findIncident(tx, incident)), ...wording } }
  },
  says: ({ incident, title: called }) => `Incident ${incident} is open: ${called}`,
})

export const incidentUpdate = act({
  name: 'incident update',
  does: 'tell more of an incident, also of one that is settled or that the figures found',
  permission: 'pages.manage',
  input: z.object({
    ...theIncident,
    language: language(),
    title: title().describe('title, one line'),
    text: text().describe('text in Markdown; HTML in it is shown as text'),
  }),
  async run({ tx, now, actor }, { incident, ...wording }) {
    const number = await updateIncident(tx, incident, wording, { who: actor.who, now })
    return { result: { incident, number }, after: { number, ...wording } }
  },
  says: ({ incident, number }) => `Text ${number} of incident ${incident} is public`,
})

export const incidentWrite = act({
  name: 'incident write',
  does: 'write one of the texts of an incident in a language; a new version, which readers see at once',
  permission: 'pages.manage',
  overwrites: true,
  input: z.object({
    ...theIncident,
    number: cli(whole(1, 100), { argument: true }).describe('number of the text: the first is 1'),
    language: languageCode().describe('the language of title and text'),
    title: title().nullable().describe('title, one line; none, with no text: it is not written in this language any more'),
    text: text().nullable().describe('text in Markdown; HTML in it is shown as text'),
  }),
  async run({ tx, now, actor }, { incident, number, ...wording }) {
    const before = await writeIncident(tx, incident, number, wording, { who: actor.who, now })
    const { updates } = await findIncident(tx, incident)
    const after = updates.find((update) => update.number === number)?.wordings.find((each) => each.language === wording.language)
    return { result: { incident, number, language: wording.language }, ...changed(shownWording(before), shownWording(after)) }
  },
  says: ({ incident, number, language: code }) => `Text ${number} of incident ${incident} is written in ${code}`,
})

export const incidentSettle = act({
  name: 'incident settle',
  does: 'tell everybody that a disturbance is over',
  permission: 'pages.manage',
  input: z.object(theIncident),
  async run({ tx, now }, { incident }) {
    const before = shown(await findIncident(tx, incident))
    await settleIncident(tx, incident, now)
    return { result: { incident }, ...changed(before, shown(await findIncident(tx, incident))) }
  },
  says: ({ incident }) => `Incident ${incident} is settled`,
})

/** An incident as the log tells it. */
function shown({ cause, affects, began, settled }: Incident) {
  return { cause, affects, began, settled }
}
