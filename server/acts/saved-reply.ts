import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { addSavedReply, findSavedReply, removeSavedReply, type SavedReply, setSavedReply } from '../support/saved-replies.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { languageCode, message } from './ticket-fields.ts'

const replyName = () =>
  cli(z.string().trim().min(1, 'It must not be empty.').max(100, 'It must have at most 100 characters.'), { placeholder: '<name>' })
const theReply = { reply: cli(id(), { argument: true }).describe('number of the saved reply') }
const VALUES = 'with values like {order}, {customer}, {status}, which are filled in'

function shown({ name, text, locale }: Pick<SavedReply, 'name' | 'text' | 'locale'>): object {
  return { name, text, language: locale }
}

export const savedReplyAdd = act({
  name: 'saved-reply add',
  does: 'save a text that is sent often',
  permission: 'tickets.answer',
  input: z.object({
    name: replyName().describe('what it is called'),
    text: message().describe(`the text, ${VALUES}`),
    language: languageCode().nullable().default(null).describe('of customers who write this language; none: of all'),
  }),
  async run({ tx, now }, { name, text, language }) {
    const reply = await addSavedReply(tx, { name, text, locale: language }, now)
    return { result: { reply, name }, after: shown(await findSavedReply(tx, reply)) }
  },
  says: ({ reply, name }) => `Saved reply ${reply}: ${name}`,
})

export const savedReplySet = act({
  name: 'saved-reply set',
  does: 'change a saved reply',
  permission: 'tickets.answer',
  overwrites: true,
  input: z.object({
    ...theReply,
    name: replyName().optional().describe('what it is called'),
    text: message().optional().describe(`the text, ${VALUES}`),
    language: languageCode().nullable().optional().describe('of customers who write this language; none: of all'),
  }),
  async run({ tx }, { reply, name, text, language }) {
    if (name === undefined && text === undefined && language === undefined) throw refuse('nothing_to_change', '--name "Refill"')
    const before = await setSavedReply(tx, reply, { name, text, locale: language })
    return { result: { reply }, ...changed(shown(before), shown(await findSavedReply(tx, reply))) }
  },
  says: ({ reply }) => `Saved reply ${reply} is changed`,
})

export const savedReplyRemove = act({
  name: 'saved-reply remove',
  does: 'remove a saved reply; what was sent stays as it was sent',
  permission: 'tickets.answer',
  input: z.object(theReply),
  async run({ tx }, { reply }) {
    return { result: { reply }, before: shown(await removeSavedReply(tx, reply)), after: null }
  },
  says: ({ reply }) => `Saved reply ${reply} is removed`,
})
