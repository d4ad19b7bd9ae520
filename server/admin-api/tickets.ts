import { z } from 'zod'
import { type Queryable, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Staff } from '../staff/staff-keys.ts'
import { LONGEST_SUBJECT, LONGEST_TEXT, MOST_ORDERS, type TicketState } from '../support/kinds.ts'
import { readMessages, type TicketMessage } from '../support/messages.ts'
import { openByStaff, ticketOfForm } from '../support/open-ticket.ts'
import {
  findLivingTicket,
  findTicket,
  type ListedTicket,
  listNewestTickets,
  listTickets,
  listTicketsById,
  listTicketsOf,
  lockTicket,
  ordersOfTicket,
  type Ticket,
  type TicketPage,
} from '../support/tickets.ts'
import { messageOfForm, writeAsStaff } from '../support/write.ts'
import { type Handler, nameOf, noteCall } from './context.ts'
import { idsIn, maybeText, maybeWhole, maybeWords, read, readIds, readLimit, type UncheckedInput } from './input.ts'
import { MOST_SKIPPED, pagination } from './paging.ts'
import { findUser } from './payment-input.ts'
import { dateText, seconds } from './shown-order.ts'

const MOST_LISTED = 100
const MOST_MESSAGES = 500
const filters = z.object({ status: maybeText, ticket_status: maybeText, offset: maybeWhole(0, MOST_SKIPPED) })

/** The published words for whose turn it is. */
const published: Readonly<Record<TicketState, string>> = { waiting: 'pending', answered: 'answered', closed: 'closed' }

/**
 * `GET /tickets`. Published: `limit`, `offset` and a status; `count` is the number on this page, `list` has the tickets. Those that wait come with the
 * longest wait first, all others with the newest first. Ours: `ids`, and `username` for those of one customer.
 */
export const listTicketsForBots: Handler = async ({ db }, { staff, input }) => {
  demandTickets(staff)
  const asked = read(filters, input)
  const limit = readLimit(input, MOST_LISTED)
  const offset = asked.offset ?? 0
  const state = stateOf(asked.status ?? asked.ticket_status)
  // One more than the page shows whether there is a next page.
  const found = await findTickets(db, input, state, { behind: null, skip: offset, most: limit + 1 })
  const list = found.slice(0, limit).map((ticket) => showTicket(ticket, ticket.orders))
  return { count: list.length, list, pagination: pagination('/tickets', input, { offset, limit, more: found.length > limit }) }
}

async function findTickets(
  db: Queryable,
  input: UncheckedInput,
  state: TicketState | null,
  page: TicketPage & { readonly skip: number },
): Promise<ListedTicket[]> {
  if (isGiven(input['ids'])) {
    const named = await listTicketsById(db, readIds(input, 'ids').ids)
    return named.filter((ticket) => state === null || ticket.state === state).slice(page.skip, page.skip + page.most)
  }
  if (isGiven(input['username'])) return listTicketsOf(db, (await findUser(db, input)).account, page, state)
  return state === null ? listNewestTickets(db, page) : listTickets(db, { state, kind: null, assignee: null }, page)
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== ''
}

function demandTickets({ tickets }: Staff): void {
  if (!tickets) throw refuse('staff_key_may_not_answer')
}

function stateOf(word: string | undefined): TicketState | null {
  if (word === undefined || word === 'all') return null
  const state = (Object.keys(published) as TicketState[]).find(
    (each) => published[each] === word.toLowerCase() || each === word.toLowerCase(),
  )
  if (!state) throw refuse('incorrect_field', 'status')
  return state
}

function showTicket(ticket: Ticket, orders: readonly bigint[]) {
  return {
    id: ticket.id,
    ticket_id: ticket.id,
    user: { id: ticket.accountId, username: ticket.email },
    subject: ticket.subject === '' ? ticket.kind : ticket.subject,
    status: published[ticket.state],
    created: dateText(ticket.openedAt),
    created_timestamp: seconds(ticket.openedAt),
    last_update: dateText(ticket.changedAt),
    last_update_timestamp: seconds(ticket.changedAt),
    // Ours: what it is about, and who has it.
    kind: ticket.kind,
    priority: ticket.priority,
    staff: ticket.assigneeName,
    orders,
    waiting_timestamp: ticket.waitingSince && seconds(ticket.waitingSince),
  }
}

/** `GET /tickets/{id}`: the ticket with its messages, the newest 500, oldest first. The number of a merged ticket leads to the one that goes on. */
export const readTicketForBots: Handler = async ({ db }, { staff, id }) => {
  demandTickets(staff)
  const ticket = await findLivingTicket(db, id!)
  if (!ticket) throw refuse('unknown_ticket', id!)
  const messages = await readMessages(db, ticket.id, { withNotes: true, before: null, most: MOST_MESSAGES })
  return { ...showTicket(ticket, await ordersOfTicket(db, ticket.id)), messages: messages.flatMap(showMessage) }
}

function showMessage({ id, side, who, text, at, pictures }: TicketMessage) {
  if (side === 'event') return []
  return [
    {
      id,
      // A note is for staff, and no bot may repeat it to the customer.
      is_staff: side !== 'customer',
      is_note: side === 'note',
      sender_name: who,
      message: text,
      pictures: pictures.length,
      created: dateText(at),
      created_timestamp: seconds(at),
    },
  ]
}

const text = z.string().trim().min(1).max(LONGEST_TEXT)
const addFields = z.object({ subject: maybeWords, message: text })
const replyFields = z.object({ message: text, close: z.union([z.boolean(), z.enum(['true', 'false', '0', '1', 'yes', 'no'])]).optional() })

/** `POST /tickets/add`. Published: `username`, `subject`, `message`; the answer has the ticket's number. Ours: `orders`. */
export const addTicketForBots: Handler = async (context, { staff, input, headers }) => {
  demandTickets(staff)
  const { subject = '', message } = readWords(addFields, input)
  const user = await findUser(context.db, input)
  const orders = ordersIn(input)
  return transaction(context.db, async (tx) => {
    const now = context.now()
    const form = formOf(staff, headers)
    const earlier = await ticketOfForm(tx, { accountId: user.account, form })
    if (earlier !== undefined) return shownNow(tx, earlier)
    const words = { subject: subject.slice(0, LONGEST_SUBJECT), text: message, pictures: [], form }
    const ticket = { ...words, accountId: user.account, kind: 'other', orders, who: nameOf(staff), staffId: null, dryRun: false } as const
    const id = await openByStaff(tx, ticket, now)
    await noteCall(
      tx,
      staff,
      { call: 'tickets/add', account: user.account, input: { subject, message, orders }, result: { ticket: id } },
      now,
    )
    return shownNow(tx, id)
  })
}

/** `POST /tickets/{id}/reply`. Published: `message`. The customer has the turn then. Ours: `close`. */
export const replyForBots: Handler = async (context, { staff, input, id, headers }) => {
  demandTickets(staff)
  const { message, close } = readWords(replyFields, input)
  return transaction(context.db, async (tx) => {
    const now = context.now()
    const ticket = await lockTicket(tx, id!)
    const form = formOf(staff, headers)
    const earlier = await messageOfForm(tx, ticket.id, form)
    if (earlier !== undefined) return { ...(await shownNow(tx, ticket.id)), message_id: earlier }
    const closes = close === true || close === 'true' || close === '1' || close === 'yes'
    const words = { who: nameOf(staff), staffId: null, text: message, pictures: [], form, close: closes }
    const messageId = await writeAsStaff(tx, ticket, words, now)
    const told = { ticket: ticket.id, message, close: closes }
    await noteCall(tx, staff, { call: 'tickets/reply', account: ticket.accountId, input: told, result: { message: messageId } }, now)
    return { ...(await shownNow(tx, ticket.id)), message_id: messageId }
  })
}

/** Throws a Refusal that names the field that is missing. */
function readWords<T>(schema: z.ZodType<T>, input: UncheckedInput): T {
  const message = input['message']
  if (message === undefined || message === null || message === '') throw refuse('field_required', 'message')
  if (typeof message === 'string' && message.length > LONGEST_TEXT) throw refuse('ticket_text_too_long', LONGEST_TEXT)
  return read(schema, input)
}

function ordersIn(input: UncheckedInput): bigint[] {
  const given = input['orders']
  if (given === undefined || given === null || given === '') return []
  const { ids, wrong } = idsIn(given, 'orders')
  if (wrong.length > 0) throw refuse('incorrect_field', 'orders')
  if (ids.length > MOST_ORDERS) throw refuse('ticket_has_too_many_orders', MOST_ORDERS)
  return [...ids]
}

/** With the header `Idempotency-Key`, a call that is sent again writes nothing again. */
function formOf({ keyId }: Staff, headers: Readonly<Record<string, unknown>>): string | null {
  const { key } = read(z.object({ key: maybeText }), { key: headers['idempotency-key'] })
  return key === undefined ? null : `staff key ${keyId} ${key}`
}

async function shownNow(tx: Queryable, id: bigint): Promise<object> {
  const ticket = (await findTicket(tx, id))!
  return showTicket(ticket, await ordersOfTicket(tx, id))
}
