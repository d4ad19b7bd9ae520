import { ticketKindWords } from '../../contract/tickets.ts'
import { ticketKinds } from '../support/kinds.ts'
import { readMessages } from '../support/messages.ts'
import { ordersOfTicket, type Ticket } from '../support/tickets.ts'
import type { ApiDependencies } from './dependencies.ts'

/** A ticket in a list, as contract/tickets.ts describes it. */
export function listedTicketOf({ payments }: ApiDependencies, { id, kind, subject, state, openedAt, changedAt }: Ticket): object {
  return {
    ticket: Number(id),
    kind: ticketKindWords[ticketKinds.indexOf(kind)],
    subject,
    state,
    created: openedAt.toISOString(),
    changed: changedAt.toISOString(),
    page: `${payments.siteUrl()}/support/${id}`,
  }
}

const MESSAGES_PER_CALL = 100

/** A ticket with its newest messages, or those before one of them. What only staff read is never among them. */
export async function ticketOf(api: ApiDependencies, ticket: Ticket, before: bigint | null = null): Promise<object> {
  const { db } = api.context
  const [orders, found] = await Promise.all([
    ordersOfTicket(db, ticket.id),
    readMessages(db, ticket.id, { withNotes: false, before, most: MESSAGES_PER_CALL + 1 }),
  ])
  const shown = found.slice(-MESSAGES_PER_CALL)
  return {
    ...listedTicketOf(api, ticket),
    orders: orders.map(Number),
    messages: shown.flatMap(({ id, side, text, at, pictures }) =>
      side === 'event' ? [] : [{ message: Number(id), from: side, text, at: at.toISOString(), pictures: pictures.length }],
    ),
    older: found.length > MESSAGES_PER_CALL ? Number(shown[0]!.id) : null,
  }
}
