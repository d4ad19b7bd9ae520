import type { Queryable } from '../db/pool.ts'
import { after } from '../loops/time.ts'
import { refuse } from '../refusal.ts'
import { LONGEST_TEXT } from './kinds.ts'
import type { TicketEvent } from './messages.ts'
import { tellOfTicket } from './news.ts'
import type { Ticket } from './tickets.ts'
import { plainWords } from './words.ts'

/** What somebody writes in a ticket. */
export interface Writing {
  /** As staff know the writer. */
  readonly who: string
  readonly text: string
  /** JPEGs that we have drawn ourselves. */
  readonly pictures: readonly Buffer[]
  /** The writer's own name for the form or the call: sent again, it is one message. */
  readonly form: string | null
}

const ADD = `
  insert into ticket_messages (ticket_id, side, staff_id, who, text, form, at) values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (ticket_id, form) where form is not null do nothing returning id`
// Also of a ticket that was merged into it since.
const OF_FORM = 'select id from ticket_messages where ticket_id in (select id from tickets where id = $1 or merged_into = $1) and form = $2'
const ADD_PICTURES = 'insert into ticket_pictures (message_id, picture, at) select $1, t.picture, $3 from unnest($2::bytea[]) as t(picture)'

/** Throws a Refusal for a message that says nothing, or too much. */
export function checkedWords({ text, pictures }: Pick<Writing, 'text' | 'pictures'>): string {
  const words = plainWords(text)
  if (words.length > LONGEST_TEXT) throw refuse('ticket_text_too_long', LONGEST_TEXT)
  if (words === '' && pictures.length === 0) throw refuse('ticket_needs_text')
  return words
}

/** The message that this form or call has written in a ticket before. */
export async function messageOfForm(tx: Queryable, ticketId: bigint, form: string | null): Promise<bigint | undefined> {
  return form === null ? undefined : (await tx.query<{ id: bigint }>(OF_FORM, [ticketId, form])).rows[0]?.id
}

/** Adds a message to a ticket that is locked. `isNew` is false when the same form was sent before: then nothing else may follow from it. */
async function addMessage(
  tx: Queryable,
  ticketId: bigint,
  { side, staffId, ...writing }: Writing & { readonly side: 'customer' | 'staff' | 'note'; readonly staffId: number | null },
  now: Date,
): Promise<{ readonly id: bigint; readonly isNew: boolean }> {
  const values = [ticketId, side, staffId, writing.who, checkedWords(writing), writing.form, now]
  const id = (await tx.query<{ id: bigint }>(ADD, values)).rows[0]?.id
  if (id === undefined) return { id: (await messageOfForm(tx, ticketId, writing.form))!, isNew: false }
  if (writing.pictures.length > 0) await tx.query(ADD_PICTURES, [id, writing.pictures, now])
  return { id, isNew: true }
}

/** A mail follows when nobody has looked for so long; while one is unread, not before a day has passed. */
const CUSTOMER_MAIL_SECONDS = 120
const STAFF_MAIL_SECONDS = 300
const NEXT_MAIL = `interval '24 hours'`

const BY_CUSTOMER = `
  update tickets set state = 'waiting', waiting_since = coalesce(waiting_since, $2), closed_at = null, changed_at = $2, seen_by_customer = $3,
    pictures_gone = false,
    staff_mail_due = coalesce(staff_mail_due, greatest($4, staff_mailed_at + ${NEXT_MAIL}))
  where id = $1`

/** Adds what the customer writes to a ticket that is locked: staff have the turn. A closed ticket is open again. Answers the number of the message, which
 * is told as `what`. */
export async function writeAsCustomer(
  tx: Queryable,
  ticket: Ticket,
  writing: Writing,
  now: Date,
  what: 'opened' | 'replied' = 'replied',
): Promise<bigint> {
  const { id, isNew } = await addMessage(tx, ticket.id, { ...writing, side: 'customer', staffId: null }, now)
  if (!isNew) return id
  await tx.query(BY_CUSTOMER, [ticket.id, now, id, after(now, STAFF_MAIL_SECONDS)])
  await tellOfTicket(tx, ticket.id, { what, side: 'customer', messageId: id }, now)
  return id
}

const BY_STAFF = `
  update tickets set state = case when $4 then 'closed' else 'answered' end, waiting_since = null, closed_at = case when $4 then $2::timestamptz end,
    changed_at = $2, seen_by_staff = $3, staff_mail_due = null, staff_mailed_at = null,
    customer_mail_due = coalesce(customer_mail_due, greatest($5, customer_mailed_at + ${NEXT_MAIL}))
  where id = $1`

/** Adds an answer of staff to a ticket that is locked: the customer has the turn, or with `close` nobody. */
export async function writeAsStaff(
  tx: Queryable,
  ticket: Ticket,
  { staffId, close, ...writing }: Writing & { readonly staffId: number | null; readonly close: boolean },
  now: Date,
  what: 'opened' | 'replied' = 'replied',
): Promise<bigint> {
  const { id, isNew } = await addMessage(tx, ticket.id, { ...writing, side: 'staff', staffId }, now)
  if (!isNew) return id
  await tx.query(BY_STAFF, [ticket.id, now, id, close, after(now, CUSTOMER_MAIL_SECONDS)])
  await tellOfTicket(tx, ticket.id, { what, side: 'staff', messageId: id }, now)
  if (close) {
    await addEvent(tx, ticket.id, 'closed', writing.who, now)
    await tellOfTicket(tx, ticket.id, { what: 'closed', side: 'staff', messageId: null }, now)
  }
  return id
}

/** Adds what only staff read. The customer waits on. */
export async function writeNote(
  tx: Queryable,
  ticket: Ticket,
  writing: Writing & { readonly staffId: number | null },
  now: Date,
): Promise<bigint> {
  return (await addMessage(tx, ticket.id, { ...writing, side: 'note' }, now)).id
}

const EVENT = `insert into ticket_messages (ticket_id, side, who, text, at) values ($1, 'event', $2, $3, $4)`

/** Notes among the messages what happened. */
export async function addEvent(
  tx: Queryable,
  ticketId: bigint,
  event: TicketEvent | `${TicketEvent} ${bigint}`,
  who: string,
  now: Date,
): Promise<void> {
  await tx.query(EVENT, [ticketId, who, event, now])
}
