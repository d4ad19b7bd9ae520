import { z } from 'zod'
import { addStaffKey } from '../staff/staff-keys.ts'
import { refuse } from '../refusal.ts'
import { act, demand } from './act.ts'
import { amount, flag, text, texts } from './fields.ts'
import { rowOf } from './rows.ts'

export const staffKeyAdd = act({
  name: 'staff-key add',
  does: 'add a key; it is shown only now',
  permission: 'staff.manage',
  secrets: ['key'],
  input: z.object({
    label: text().describe('its owner, shown in the timelines of orders and in the log'),
    supplier: texts('<name...>').optional().describe('only the orders of these suppliers; without it: all orders worked by hand'),
    funds: amount()
      .optional()
      .describe('how much it may book into accounts a day, in each currency, over payments/add; without it: nothing'),
    tickets: flag().describe('it reads and answers tickets of customers'),
  }),
  async run(context, { label, supplier = null, funds = null, tickets }) {
    const { tx, now } = context
    if (tickets) demand(context, 'staff-key add', 'tickets.answer')
    if (funds !== null) demand(context, 'staff-key add', 'money.fund')
    if (funds !== null && funds <= 0n) throw refuse('zero_amount')
    const added = await addStaffKey(tx, { label, suppliers: supplier, fundsADay: funds, tickets }, now)
    return { result: added, after: await rowOf(tx, 'staff keys', added.id) }
  },
  says: (is) => `Staff key ${is.id}  ${is.key}\nThe key is shown this once: keep it.`,
})
