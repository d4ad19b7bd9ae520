import { z } from 'zod'
import { assignTicket } from '../support/change-ticket.ts'
import { act } from './act.ts'
import { id } from './fields.ts'
import { theTicket, ticketChange } from './ticket-fields.ts'

export const ticketAssign = act({
  name: 'ticket assign',
  does: 'give a ticket to a member of staff, who gets the mails about it; without one, to nobody',
  permission: 'tickets.answer',
  overwrites: true,
  input: z.object({ ...theTicket, staff: id().nullable().default(null).describe('the id that "staff list" shows; none: nobody') }),
  run: (context, { ticket, staff }) => ticketChange(context, ticket, (locked) => assignTicket(context.tx, locked, staff)),
  says: ({ ticket }, { staff }) =>
    staff === null ? `Ticket ${ticket} is nobody's` : `Ticket ${ticket} is given to member of staff ${staff}`,
})
