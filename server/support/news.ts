import type { Queryable } from '../db/pool.ts'

/** What can be told of a ticket. An answer that closes it is two: `replied` and `closed`. */
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

/** News with what they are about, for whoever tells them. */
export interface ToldTicketNews {
  readonly id: bigint
  readonly ticketId: bigint
  readonly accountId: number
  readonly what: TicketNews
  readonly side: 'customer' | 'staff'
  readonly messageId: bigint | null
  /** The ticket that goes on with it by now. */
  readonly mergedInto: bigint | null
  readonly at: Date
}

const MOST = 500
const CLAIM = `
  with told as (
    update ticket_news set told_at = $1
    where id in (select id from ticket_news where told_at is null order by id limit ${MOST} for update skip locked)
    returning *
  )
  select n.id, n.ticket_id as "ticketId", t.account_id as "accountId", n.what, n.side, n.message_id as "messageId", t.merged_into as "mergedInto", n.at
  from told n join tickets t on t.id = n.ticket_id order by n.id`

/** News that nobody has told yet, marked as told in this transaction: whoever rolls back leaves them to be told. */
export async function claimTicketNews(tx: Queryable, now: Date): Promise<ToldTicketNews[]> {
  return (await tx.query<ToldTicketNews>({ name: 'ticket news to tell', text: CLAIM, values: [now] })).rows
}
