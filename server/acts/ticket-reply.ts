import { z } from 'zod'
import { countUse } from '../support/saved-replies.ts'
import { writeAsStaff } from '../support/write.ts'
import { act } from './act.ts'
import { flag, id } from './fields.ts'
import { drawnAnew, message, pictures, theTicket, ticketChange } from './ticket-fields.ts'

export const ticketReply = act({
  name: 'ticket reply',
  does: 'answer the customer of a ticket',
  permission: 'tickets.answer',
  input: z.object({
    ...theTicket,
    text: message().describe('what the customer reads: plain text'),
    close: flag().describe('the ticket is closed with it; the customer may write again'),
    pictures: pictures(),
    saved: id().optional().describe('the saved reply that it was made from, which is counted'),
  }),
  prepare: (_, { pictures: given }) => drawnAnew(given),
  run: (context, { ticket, text, close, saved }, drawn) =>
    ticketChange(context, ticket, async (locked) => {
      const { tx, now, actor } = context
      await writeAsStaff(tx, locked, { who: actor.who, staffId: actor.staffId, text, pictures: drawn, form: null, close }, now)
      if (saved !== undefined) await countUse(tx, saved, now)
    }),
  says: ({ ticket }) => `Ticket ${ticket} is answered`,
})
