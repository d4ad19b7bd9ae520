import { z } from 'zod'
import { writeNote } from '../support/write.ts'
import { act } from './act.ts'
import { drawnAnew, message, pictures, theTicket } from './ticket-fields.ts'
import { lockTicket } from '../support/tickets.ts'

export const ticketNote = act({
  name: 'ticket note',
  does: 'write a note in a ticket; staff see it, the customer never does, and waits on',
  permission: 'tickets.answer',
  input: z.object({ ...theTicket, note: message().describe('what the others should know'), pictures: pictures() }),
  prepare: (_, { pictures: given }) => drawnAnew(given),
  async run({ tx, now, actor }, { ticket, note }, drawn) {
    const locked = await lockTicket(tx, ticket)
    await writeNote(tx, locked, { who: actor.who, staffId: actor.staffId, text: note, pictures: drawn, form: null }, now)
    return { result: { ticket: locked.id, account: locked.accountId }, subject: { account: locked.accountId }, after: { note } }
  },
  says: ({ ticket }) => `Noted in ticket ${ticket}`,
})
