import { numberArray } from '../db/arrays.ts'
import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { onOneLine } from '../text.ts'
import { closeTicket } from './change-ticket.ts'
import { LONGEST_SUBJECT, MOST_ORDERS, type TicketKind } from './kinds.ts'
import { ownOrders } from './own-orders.ts'
import { lockTicket } from './tickets.ts'
import { checkedWords, messageOfForm, type Writing, writeAsCustomer, writeAsStaff } from './write.ts'

/** A ticket as it is opened, with its first message. */
export interface NewTicket extends Writing {
  readonly accountId: number
  readonly kind: TicketKind
  readonly subject: string
  readonly orders: readonly bigint[]
  /** The language of the customer; null: that which the account has chosen, if any. */
  readonly locale: string | null
}

/** How many tickets of an account may be open at once, and be opened by it in an hour. */
const MOST_OPEN = 50
const MOST_AN_HOUR = 20

// The lock makes the tickets of an account be opened one after another: those of one form, and those that are counted.
const LOCK_ACCOUNT = 'select pg_advisory_xact_lock(7312, $1)'
const OF_FORM = 'select id from tickets where account_id = $1 and form = $2'
const COUNTS = `
  select (select count(*) from (select from tickets where account_id = $1 and opened_at > $2::timestamptz - interval '1 hour' limit ${MOST_AN_HOUR}) o)::int as "anHour",
    (select count(*) from (select from tickets where account_id = $1 and merged_into is null and state <> 'closed' limit ${MOST_OPEN}) o)::int as open`

/** Opens a ticket for its customer. The same form opens one. Throws a Refusal for orders that are not theirs, and for too many tickets. */
export async function openByCustomer(tx: Queryable, ticket: NewTicket, now: Date): Promise<bigint> {
  await tx.query(LOCK_ACCOUNT, [ticket.accountId])
  const earlier = await ticketOfForm(tx, ticket)
  if (earlier !== undefined) return earlier
  const { anHour, open } = (await tx.query<{ anHour: number; open: number }>(COUNTS, [ticket.accountId, now])).rows[0]!
  if (anHour >= MOST_AN_HOUR || open >= MOST_OPEN) throw refuse('too_many_tickets', anHour >= MOST_AN_HOUR ? MOST_AN_HOUR : MOST_OPEN)
  checkedWords(ticket)
  const id = await addTicket(tx, { ...ticket, locale: ticket.locale ?? (await localeOf(tx, ticket.accountId)) }, now)
  await writeAsCustomer(tx, await lockTicket(tx, id), { ...ticket, form: null }, now, 'opened')
  return id
}

/** Opens a ticket for staff who write to a customer first: the customer has the turn. A dry run takes no number. */
export async function openByStaff(
  tx: Queryable,
  ticket: Omit<NewTicket, 'locale'> & { readonly staffId: number | null; readonly dryRun: boolean },
  now: Date,
): Promise<bigint> {
  checkedWords(ticket)
  await tx.query(LOCK_ACCOUNT, [ticket.accountId])
  const earlier = await ticketOfForm(tx, ticket)
  if (earlier !== undefined) return earlier
  const id = await addTicket(tx, { ...ticket, locale: await localeOf(tx, ticket.accountId) }, now)
  await writeAsStaff(tx, await lockTicket(tx, id), { ...ticket, form: null, close: false }, now, 'opened')
  return id
}

const LOCALE = 'select locale from users where account_id = $1 order by id limit 1'

/** The language that the first person of an account has chosen. */
async function localeOf(tx: Queryable, accountId: number): Promise<string | null> {
  return (await tx.query<{ locale: string | null }>(LOCALE, [accountId])).rows[0]?.locale ?? null
}

/** The ticket that this form or call has opened for an account before. */
export async function ticketOfForm(tx: Queryable, { accountId, form }: Pick<NewTicket, 'accountId' | 'form'>): Promise<bigint | undefined> {
  return form === null ? undefined : (await tx.query<{ id: bigint }>(OF_FORM, [accountId, form])).rows[0]?.id
}

const ADD = `
  insert into tickets (account_id, kind, subject, state, waiting_since, locale, form, opened_at, changed_at)
  values ($1, $2, $3, 'waiting', $4, $5, $6, $4, $4) returning id`
// A sequence is not rolled back, and customers see the number: a dry run takes none.
const TRY = `
  insert into tickets (id, account_id, kind, subject, state, waiting_since, locale, form, opened_at, changed_at)
  overriding system value
  select greatest((select max(id) from tickets), pg_sequence_last_value(pg_get_serial_sequence('tickets', 'id')::regclass), 0) + 1, $1, $2, $3, 'waiting', $4, $5, $6, $4, $4
  returning id`

async function addTicket(tx: Queryable, ticket: NewTicket & { readonly dryRun?: boolean }, now: Date): Promise<bigint> {
  const subject = onOneLine(ticket.subject)
  if (subject.length > LONGEST_SUBJECT) throw refuse('ticket_subject_too_long', LONGEST_SUBJECT)
  const values = [ticket.accountId, ticket.kind, subject, now, ticket.locale, ticket.form]
  const { id } = (await tx.query<{ id: bigint }>(ticket.dryRun ? TRY : ADD, values)).rows[0]!
  await setOrders(tx, { id, accountId: ticket.accountId }, ticket.orders)
  return id
}

const REMOVE = 'delete from ticket_orders where ticket_id = $1 and order_id <> all($2::bigint[])'
const CHOOSE = 'insert into ticket_orders (ticket_id, order_id) select $1, unnest($2::bigint[]) on conflict do nothing'

/** Makes a ticket be about these orders. Throws a Refusal when one is not of its account. */
export async function setOrders(
  tx: Queryable,
  { id, accountId }: { readonly id: bigint; readonly accountId: number },
  orders: readonly bigint[],
): Promise<void> {
  if (orders.length > MOST_ORDERS) throw refuse('ticket_has_too_many_orders', MOST_ORDERS)
  const own = new Set((await ownOrders(tx, accountId, orders)).map((order) => order.id))
  const foreign = orders.find((order) => !own.has(order))
  if (foreign !== undefined) throw refuse('order_of_nobody', foreign)
  const wanted = numberArray(orders)
  await tx.query(REMOVE, [id, wanted])
  await tx.query(CHOOSE, [id, wanted])
}

/** Messages of its customer that a ticket takes in an hour. */
const MOST_MESSAGES_AN_HOUR = 30
const LATELY = `
  select count(*)::int as count from (
    select from ticket_messages where ticket_id = $1 and side = 'customer' and at > $2::timestamptz - interval '1 hour' limit ${MOST_MESSAGES_AN_HOUR}) m`

/** Adds what the customer writes to an own ticket, or to the one that goes on with it. Answers the ticket. Throws a Refusal for another's. */
export async function replyByCustomer(
  tx: Queryable,
  own: { readonly accountId: number; readonly ticketId: bigint },
  writing: Writing,
  now: Date,
): Promise<bigint> {
  const ticket = await lockTicket(tx, own.ticketId)
  if (ticket.accountId !== own.accountId) throw refuse('unknown_ticket', own.ticketId)
  if ((await messageOfForm(tx, ticket.id, writing.form)) !== undefined) return ticket.id
  const { count } = (await tx.query<{ count: number }>(LATELY, [ticket.id, now])).rows[0]!
  if (count >= MOST_MESSAGES_AN_HOUR) throw refuse('too_many_ticket_messages', MOST_MESSAGES_AN_HOUR)
  await writeAsCustomer(tx, ticket, writing, now)
  return ticket.id
}

/** Closes an own ticket, or the one that goes on with it; one that is closed stays so. Throws a Refusal for another's. */
export async function closeByCustomer(
  tx: Queryable,
  own: { readonly accountId: number; readonly ticketId: bigint },
  who: string,
  now: Date,
): Promise<void> {
  const ticket = await lockTicket(tx, own.ticketId)
  if (ticket.accountId !== own.accountId) throw refuse('unknown_ticket', own.ticketId)
  await closeTicket(tx, ticket, { side: 'customer', who }, now)
}
