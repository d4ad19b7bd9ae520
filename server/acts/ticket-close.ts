import { z } from 'zod'
import { closeTicket, reopenTicket } from '../support/change-ticket.ts'
import { act } from './act.ts'
import { theTicket, ticketChange } from './ticket-fields.ts'

export const ticketClose = act({
  name: 'ticket close',
  does: 'close a ticket without an answer; the customer may write again',
  permission: 'tickets.answer',
  input: z.object(theTicket),
  run: (context, { ticket }) =>
    ticketChange(context, ticket, (locked) => closeTicket(context.tx, locked, { side: 'staff', who: context.actor.who }, context.now)),
  says: ({ ticket }) => `Ticket ${ticket} is closed`,
})

export const ticketReopen = act({
  name: 'ticket reopen',
  does: 'open a closed ticket again: it waits for an answer',
  permission: 'tickets.answer',
  input: z.object(theTicket),
  run: (context, { ticket }) =>
    ticketChange(context, ticket, (locked) => reopenTicket(context.tx, locked, { side: 'staff', who: context.actor.who }, context.now)),
  says: ({ ticket }) => `Ticket ${ticket} is open again`,
})
