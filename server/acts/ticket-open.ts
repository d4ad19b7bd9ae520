import { z } from 'zod'
import { findAccount } from '../customers/accounts.ts'
import { openByStaff } from '../support/open-ticket.ts'
import { act } from './act.ts'
import { id, text } from './fields.ts'
import { message, orderIds, ticketKind } from './ticket-fields.ts'

export const ticketOpen = act({
  name: 'ticket open',
  does: 'write to a customer first, about orders of theirs or about none',
  permission: 'tickets.answer',
  input: z.object({
    account: id().describe('number of the account'),
    subject: text(200).default('').describe('in a few words'),
    text: message().describe('what the customer reads'),
    kind: ticketKind().default('other').describe('what it is about'),
    orders: orderIds().default([]).describe('the orders that it is about'),
  }),
  async run({ tx, now, actor, dryRun }, { account, subject, text: words, kind, orders }) {
    await findAccount(tx, account)
    const ticket = await openByStaff(
      tx,
      {
        accountId: account,
        kind,
        subject,
        orders,
        text: words,
        pictures: [],
        form: null,
        who: actor.who,
        staffId: actor.staffId,
        dryRun,
      },
      now,
    )
    return { result: { ticket, account }, subject: { account }, after: { kind, subject, orders: orders.map(String) } }
  },
  says: ({ ticket, account }) => `Ticket ${ticket} is opened for account ${account}`,
})
