import { z } from 'zod'
import { addStaffKey } from '../staff/staff-keys.ts'
import { act } from './act.ts'
import { text, texts } from './fields.ts'
import { rowOf } from './rows.ts'

export const staffKeyAdd = act({
  name: 'staff-key add',
  does: 'add a key; it is shown only now',
  permission: 'staff.manage',
  secrets: ['key'],
  input: z.object({
    label: text().describe('its owner, shown in the timelines of orders and in the log'),
    supplier: texts('<name...>').optional().describe('only the orders of these suppliers; without it: all orders worked by hand'),
  }),
  async run({ tx, now }, { label, supplier = null }) {
    const added = await addStaffKey(tx, { label, suppliers: supplier }, now)
    return { result: added, after: await rowOf(tx, 'staff keys', added.id) }
  },
  says: (is) => `Staff key ${is.id}  ${is.key}\nThe key is shown this once: keep it.`,
})
