import type { Queryable } from '../db/pool.ts'
import type { TicketKind, TicketState } from './kinds.ts'

/** What webhooks tell of a ticket. */
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
export interface ToldTicket {
  readonly id: bigint
  readonly ticketId: bigint
  /** The book of the account's own money. */
  readonly bookId: number
  readonly what: TicketNews
  readonly side: 'customer' | 'staff'
  readonly messageId: bigint | null
  readonly at: Date
  readonly kind: TicketKind
  readonly state: TicketState
  readonly mergedInto: bigint | null
}

const MOST = 500
const CLAIM = `
  with told as (
    update ticket_news set told_at = $1
    where id in (select id from ticket_news where told_at is null order by id limit ${MOST} for update skip locked)
    returning *
  )
  select n.id, n.ticket_id as "ticketId", b.id as "bookId", n.what, n.side, n.message_id as "messageId", n.at, t.kind, t.state, t.merged_into as "mergedInto"
  from told n join tickets t on t.id = n.ticket_id join books b on b.account_id = t.account_id and not b.play
  order by n.id`

/** News that nobody has told yet, marked as told in this transaction: whoever rolls back leaves them to be told. */
export async function claimTicketNews(tx: Queryable, now: Date): Promise<ToldTicket[]> {
  return (await tx.query<ToldTicket>({ name: 'ticket news to tell', text: CLAIM, values: [now] })).rows
}
