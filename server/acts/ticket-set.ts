import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { sortTicket } from '../support/change-ticket.ts'
import { priorities } from '../support/kinds.ts'
import { setOrders } from '../support/open-ticket.ts'
import { act } from './act.ts'
import { orderIds, theTicket, ticketChange, ticketKind } from './ticket-fields.ts'

export const ticketSet = act({
  name: 'ticket set',
  does: 'change how urgent a ticket is, what it is about, and its orders; customers never see how urgent it is',
  permission: 'tickets.answer',
  overwrites: true,
  input: z.object({
    ...theTicket,
    priority: z
      .enum(priorities, `It must be one of: ${priorities.join(', ')}.`)
      .optional()
      .describe('what is urgent comes first'),
    kind: ticketKind().optional().describe('what it is about'),
    orders: orderIds().optional().describe('the orders that it is about, in place of those of now'),
  }),
  run(context, { ticket, priority, kind, orders }) {
    if (priority === undefined && kind === undefined && orders === undefined) throw refuse('nothing_to_change', '--priority high')
    return ticketChange(context, ticket, async (locked) => {
      await sortTicket(context.tx, locked, { priority, kind })
      if (orders !== undefined) await setOrders(context.tx, locked, orders)
    })
  },
  says: ({ ticket }) => `Ticket ${ticket} is changed`,
})
