import { z } from 'zod'
import { mergeTickets, partTicket } from '../support/merge.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'
import { ticketNumber } from './ticket-fields.ts'

const theOne = { ticket: cli(ticketNumber(), { argument: true }).describe('number of the ticket') }

export const ticketMerge = act({
  name: 'ticket merge',
  does: 'let a ticket go on with another one of the same customer; both numbers lead there, and nothing is lost',
  permission: 'tickets.answer',
  input: z.object({ ...theOne, into: ticketNumber().describe('number of the ticket that goes on') }),
  async run({ tx, now, actor }, { ticket, into }) {
    const merged = await mergeTickets(tx, ticket, into, actor.who, now)
    const { accountId } = merged.into
    return {
      result: { ticket, into, account: accountId },
      subject: { account: accountId },
      before: { state: merged.from.state, goes_on_with: null },
      after: { state: 'closed', goes_on_with: String(into) },
    }
  },
  says: ({ ticket, into }) => `Ticket ${ticket} goes on with ticket ${into}`,
})

export const ticketPart = act({
  name: 'ticket part',
  does: 'take a ticket out again that was merged by mistake; it stays closed',
  permission: 'tickets.answer',
  input: z.object(theOne),
  async run({ tx, now, actor }, { ticket }) {
    const parted = await partTicket(tx, ticket, actor.who, now)
    const { accountId } = parted.ticket
    return {
      result: { ticket, from: parted.from, account: accountId },
      subject: { account: accountId },
      before: { goes_on_with: String(parted.from) },
      after: { goes_on_with: null },
    }
  },
  says: ({ ticket, from }) => `Ticket ${ticket} does not go on with ticket ${from} any more`,
})
