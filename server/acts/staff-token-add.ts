import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { addToken } from '../staff/tokens.ts'
import { act } from './act.ts'
import { id, moment, text } from './fields.ts'
import { rowOf } from './rows.ts'

export const staffTokenAdd = act({
  name: 'staff-token add',
  does: 'make a token for programs of a member of staff (/operator/v1); it may do what its owner may, and is shown only now',
  permission: 'staff.manage',
  secrets: ['token'],
  input: z.object({
    staff: id().describe('the id that "staff list" shows'),
    label: text(100).default('').describe('a name, to tell tokens apart'),
    expires: moment().optional().describe('its last day, like 2026-12-31, or a moment'),
  }),
  async run({ tx, now, actor }, { staff, label, expires = null }) {
    // Whoever made one for somebody else could act under their name.
    if (actor.staffId !== null && actor.staffId !== staff) throw refuse('own_tokens_only')
    const added = await addToken(tx, { staffId: staff, label, expiresAt: expires }, now)
    return { result: added, after: await rowOf(tx, 'staff tokens', added.id) }
  },
  says: (is) => `Token ${is.id}  ${is.token}\nThe token is shown this once: keep it.`,
})
