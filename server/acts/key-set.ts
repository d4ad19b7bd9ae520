import { z } from 'zod'
import { checkIsOfNoPanel } from '../children/keys.ts'
import { listKeys, setKeyLimits } from '../customers/keys.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { ANY, limitFields, limitsOf } from './key-limits.ts'
import { rowOf } from './rows.ts'

export const keySet = act({
  name: 'key set',
  does: `change the limits of a key; "${ANY}" takes a limit away`,
  permission: 'accounts.manage',
  overwrites: true,
  changesCatalogue: true,
  input: z.object({ key: cli(id(), { argument: true }).describe('the id that "key list" shows'), ...limitFields }),
  async run({ tx, now }, { key: number, ...limits }) {
    if (Object.values(limits).every((value) => value === undefined)) throw refuse('nothing_to_change', '--daily-cap 50')
    const found = (await listKeys(tx, null, now)).find((row) => row.id === number)
    if (!found) throw refuse('unknown_key', number)
    await checkIsOfNoPanel(tx, number)
    const before = await rowOf(tx, 'api keys', number)
    await setKeyLimits(tx, number, limitsOf(limits, found), now)
    const result = { id: number, changed: true }
    return { result, subject: { account: found.accountId }, ...changed(before, await rowOf(tx, 'api keys', number)) }
  },
  says: (is) => `Key ${is.id} is changed`,
})
