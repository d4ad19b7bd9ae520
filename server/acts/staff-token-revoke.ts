import { z } from 'zod'
import { findTokenRow, revokeToken } from '../staff/tokens.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf } from './rows.ts'

export const staffTokenRevoke = act({
  name: 'staff-token revoke',
  does: 'refuse a token from now on, on every node',
  permission: 'staff.manage',
  input: z.object({ token: cli(id(), { argument: true }).describe('the id that "staff-token list" shows') }),
  async run({ tx, now }, { token }) {
    await findTokenRow(tx, token)
    const before = await rowOf(tx, 'staff tokens', token)
    await revokeToken(tx, token, now)
    return { result: { id: token, revoked: true }, ...changed(before, await rowOf(tx, 'staff tokens', token)) }
  },
  says: (is) => `Token ${is.id} is revoked`,
})
