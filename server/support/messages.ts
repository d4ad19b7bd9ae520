import type { Queryable } from '../db/pool.ts'

/** A message of a ticket. A `note` is for staff only; the text of an `event` is one of `events`, for two of them with the number of another ticket behind it. */
export interface TicketMessage {
  readonly id: bigint
  /** The ticket that it was written in, which may have been merged since. */
  readonly ticketId: bigint
  readonly side: 'customer' | 'staff' | 'note' | 'event'
  /** Who wrote it, as staff know them. */
  readonly who: string
  readonly text: string
  readonly at: Date
  readonly pictures: readonly TicketPicture[]
}

export interface TicketPicture {
  readonly id: bigint
  /** It was deleted, because its ticket ended long ago. */
  readonly isGone: boolean
}

/** What happened to a ticket besides messages; behind `merged` and `parted` stands the number of the other ticket. */
export const events = ['closed', 'closed by itself', 'reopened', 'merged', 'parted'] as const
export type TicketEvent = (typeof events)[number]

// The newest of a ticket and of those that were merged into it, in the order in which they were written.
const MESSAGES = `
  select m.id, m.ticket_id as "ticketId", m.side, m.who, m.text, m.at, p.pictures from (
    select * from ticket_messages m
    where m.ticket_id in (select id from tickets where id = $1 or merged_into = $1) and ($2 or m.side <> 'note') and ($3::bigint is null or m.id < $3)
    order by m.id desc limit $4
  ) m
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('id', p.id::text, 'isGone', p.picture is null) order by p.id), '[]') as pictures
    from ticket_pictures p where p.message_id = m.id
  ) p
  order by m.id`

interface MessageRow extends Omit<TicketMessage, 'pictures'> {
  readonly pictures: readonly { readonly id: string; readonly isGone: boolean }[]
}

/** The newest messages of a ticket, in the order of time; `withNotes`: also what only staff read. */
export async function readMessages(
  db: Queryable,
  ticketId: bigint,
  { withNotes, before, most }: { readonly withNotes: boolean; readonly before: bigint | null; readonly most: number },
): Promise<TicketMessage[]> {
  const { rows } = await db.query<MessageRow>({ name: 'messages of a ticket', text: MESSAGES, values: [ticketId, withNotes, before, most] })
  return rows.map(({ pictures, ...row }) => ({ ...row, pictures: pictures.map(({ id, isGone }) => ({ id: BigInt(id), isGone })) }))
}

const TEXT_OF_FORM =
  'select text from ticket_messages where ticket_id in (select id from tickets where id = $1 or merged_into = $1) and form = $2'
const FIRST_TEXT = 'select text from ticket_messages where ticket_id = $1 order by id limit 1'

/** What a form or a call wrote in a ticket; `first`: what the ticket was opened with. */
export async function readText(db: Queryable, ticketId: bigint, form: 'first' | { readonly form: string }): Promise<string | undefined> {
  const query = form === 'first' ? { text: FIRST_TEXT, values: [ticketId] } : { text: TEXT_OF_FORM, values: [ticketId, form.form] }
  return (await db.query<{ text: string }>(query)).rows[0]?.text
}

const PICTURE = `
  select p.picture from ticket_pictures p join ticket_messages m on m.id = p.message_id join tickets t on t.id = m.ticket_id
  where p.id = $1 and coalesce(t.merged_into, t.id) = $2 and ($3 or m.side <> 'note')`

/** A picture of a ticket; `withNotes`: also of what only staff read. Undefined: there is none, or not any more. */
export async function readPicture(
  db: Queryable,
  ticketId: bigint,
  pictureId: bigint,
  { withNotes }: { readonly withNotes: boolean },
): Promise<{ readonly picture: Buffer; readonly mediaType: string } | undefined> {
  const { rows } = await db.query<{ picture: Buffer | null }>({
    name: 'picture of a ticket',
    text: PICTURE,
    values: [pictureId, ticketId, withNotes],
  })
  const picture = rows[0]?.picture
  return picture ? { picture, mediaType: 'image/jpeg' } : undefined
}
