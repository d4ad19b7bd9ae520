import { z } from 'zod'
import { checkIsOfNoPanel } from '../children/keys.ts'
import { listKeys, revokeKey } from '../customers/keys.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf } from './rows.ts'

export const keyRevoke = act({
  name: 'key revoke',
  does: 'refuse a key from now on, on every node',
  permission: 'accounts.manage',
  input: z.object({ key: cli(id(), { argument: true }).describe('the id that "key list" shows') }),
  async run({ tx, now }, { key: number }) {
    const before = await rowOf(tx, 'api keys', number)
    const account = (await listKeys(tx, null, now)).find((row) => row.id === number)?.accountId
    await checkIsOfNoPanel(tx, number)
    await revokeKey(tx, number, now)
    return { result: { id: number, revoked: true }, subject: { account }, ...changed(before, await rowOf(tx, 'api keys', number)) }
  },
  says: (is) => `Key ${is.id} is revoked`,
})
