import type { Queryable } from '../db/pool.ts'

/** What can be told of a ticket. Nothing tells it yet: it is kept for webhooks. */
export type TicketNews = 'opened' | 'replied' | 'closed' | 'reopened' | 'merged'

const ADD = 'insert into ticket_news (ticket_id, what, side, message_id, at) values ($1, $2, $3, $4, $5)'

/** Notes news of a ticket in the transaction that makes them. */
export async function tellOfTicket(
  tx: Queryable,
  ticketId: bigint,
  { what, side, messageId }: { readonly what: TicketNews; readonly side: 'customer' | 'staff'; readonly messageId: bigint | null },
  now: Date,
): Promise<void> {
  await tx.query(ADD, [ticketId, what, side, messageId, now])
}
