import { z } from 'zod'
import { addNote } from '../customers/notes.ts'
import { act } from './act.ts'
import { id, reason } from './fields.ts'

export const accountNote = act({
  name: 'account note',
  does: 'write something down about an account; staff see it, the customer never does',
  permission: 'accounts.manage',
  input: z.object({
    account: id().describe('number of the account'),
    note: reason(4000).describe('what the others should know'),
  }),
  async run({ tx, now, actor }, { account, note }) {
    const number = await addNote(tx, account, { who: actor.who, note }, now)
    return { result: { account, note: number }, subject: { account }, after: { note } }
  },
  says: ({ account }) => `Noted about account ${account}`,
})
