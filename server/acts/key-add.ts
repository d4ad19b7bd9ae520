import { z } from 'zod'
import { addKey } from '../customers/keys.ts'
import { act } from './act.ts'
import { flag, id, text } from './fields.ts'
import { limitFields, limitsOf } from './key-limits.ts'
import { rowOf } from './rows.ts'

export const keyAdd = act({
  name: 'key add',
  does: 'add a key; it is shown only now',
  permission: 'accounts.manage',
  secrets: ['key'],
  input: z.object({
    account: id().describe('number of the account'),
    label: text(200).default('').describe('a name, to tell keys apart'),
    test: flag().describe('a test key: test money, simulated work'),
    ...limitFields,
  }),
  async run({ tx, now }, { account, label, test, ...limits }) {
    const added = await addKey(tx, account, { test, label, limits: limitsOf(limits) }, now)
    return { result: { id: added.id, key: added.key }, subject: { account }, after: await rowOf(tx, 'api keys', added.id) }
  },
  says: (is) => `Key ${is.id}  ${is.key}\nThe key is shown this once: keep it.`,
})
