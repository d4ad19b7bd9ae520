import type { FastifyReply } from 'fastify'
import { ticketAssign } from '../../../acts/ticket-assign.ts'
import { ticketNote } from '../../../acts/ticket-note.ts'
import { ticketReply } from '../../../acts/ticket-reply.ts'
import { ticketSet } from '../../../acts/ticket-set.ts'
import { readStaffOrders } from '../../../fulfilment/all-orders.ts'
import { readStepsOfOrders } from '../../../fulfilment/staff.ts'
import { readOrderDetails } from '../../../fulfilment/staff-order.ts'
import { isAnswer, refuse } from '../../../refusal.ts'
import { noteWriting, othersWriting } from '../../../staff/presence.ts'
import { readStaffWho } from '../../../staff/people.ts'
import { noteSeen } from '../../../support/change-ticket.ts'
import { readMessages, readPicture } from '../../../support/messages.ts'
import { listSavedReplies } from '../../../support/saved-replies.ts'
import { openSpeedUps } from '../../../support/speed-up.ts'
import { findTicket, listTickets, listTicketsOf, mergedInto, ordersOfTicket, type Ticket } from '../../../support/tickets.ts'
import { formOf } from '../../picture-forms.ts'
import { sendPicture } from '../../send-picture.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { pictureFault } from '../../ui/picture-fault.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { numberIn, TICKETS } from './asked.ts'
import { routeQueue } from './queue-routes.ts'
import { repliesFor, replyValuesOf } from './reply-values.ts'

/** Routes the tickets of customers: the queue, one of them, and the saved replies. */
export function routeTickets(desk: Desk) {
  routeQueue(desk)
  desk.page('/tickets/:id', 'tickets.read', (context) => onTicket(context, (ticket) => showTicket(context, ticket)))
  desk.page('/tickets/:id/pictures/:picture', 'tickets.read', showPicture)
  desk.form('/tickets/:id/reply', 'tickets.answer', (context) => onTicket(context, (ticket) => takeReply(context, ticket)))
  desk.form('/tickets/:id/sort', 'tickets.answer', (context) => onTicket(context, (ticket) => takeSort(context, ticket)))
  desk.form('/tickets/:id/writing', 'tickets.answer', takeWriting)
  desk.page('/saved-replies', 'tickets.read', showReplies)
}

/** Goes on with a ticket. One that was merged leads to the one that goes on with it. */
async function onTicket(context: DeskContext, goOn: (ticket: Ticket) => Promise<FastifyReply>): Promise<FastifyReply> {
  const id = numberIn(context.params['id'])
  const ticket = id === null ? undefined : await findTicket(context.db, id)
  if (!ticket) throw refuse('unknown_ticket', id ?? 0n)
  return ticket.mergedInto === null ? goOn(ticket) : context.reply.redirect(`${TICKETS}/${ticket.mergedInto}`, 303)
}

const MOST_MESSAGES = 200
const ORDERS_IN_FULL = 3
const OTHER_TICKETS = 8

/** What was written and refused, to be shown again. */
interface Written {
  readonly text: string
  readonly saved: string
  readonly fault: string
}

async function showTicket(context: DeskContext, ticket: Ticket, written?: Written): Promise<FastifyReply> {
  const { ticketPage } = await import('./ticket.tsx')
  const { db, now, staff, query, house } = context
  const before = numberIn(query.get('before'))
  const ids = staff.may.has('orders.read') ? await ordersOfTicket(db, ticket.id) : []
  const inFull = ids.slice(0, ORDERS_IN_FULL)
  const [messages, orders, details, steps, merged, others, people, writing, replies, hurried, site] = await Promise.all([
    readMessages(db, ticket.id, { withNotes: true, before, most: MOST_MESSAGES + 1 }),
    readStaffOrders(db, ids),
    readOrderDetails(db, inFull),
    readStepsOfOrders(db, inFull),
    mergedInto(db, ticket.id),
    listTicketsOf(db, ticket.accountId, { behind: null, most: OTHER_TICKETS + 1 }),
    readStaffWho(db, 'tickets.answer'),
    othersWriting(db, `${TICKETS}/${ticket.id}`, staff.staffId, now),
    staff.may.has('tickets.answer') ? listSavedReplies(db) : [],
    openSpeedUps(db, ids),
    house.site(),
  ])
  const newest = messages.at(-1)
  if (before === null && newest && staff.may.has('tickets.answer')) await noteSeen(db, 'staff', ticket.id, newest.id)
  const shown = messages.slice(-MOST_MESSAGES)
  const values = replyValuesOf({ ticket, orders, me: staff.name, site: site.name })
  const own = repliesFor(replies, ticket.locale, values)
  const chosen = own.find(({ id }) => String(id) === query.get('saved'))
  const view = {
    ticket,
    messages: shown,
    older: messages.length > MOST_MESSAGES ? shown[0]!.id : null,
    isNewest: before === null,
    orders,
    details,
    steps,
    hurried,
    merged,
    others: others.filter(({ id }) => id !== ticket.id).slice(0, OTHER_TICKETS),
    people,
    writing,
    replies: own,
    text: written?.text ?? chosen?.text ?? '',
    saved: written?.saved ?? (chosen === undefined ? '' : String(chosen.id)),
    fault: written?.fault,
  }
  return context.send(ticketPage(context, view), written === undefined ? 200 : UNPROCESSABLE)
}

async function showPicture(context: DeskContext): Promise<FastifyReply> {
  const number = numberIn(context.params['picture'])
  return onTicket(context, async (ticket) => {
    const found = number === null ? undefined : await readPicture(context.db, ticket.id, number, { withNotes: true })
    if (!found) throw refuse('unknown_picture')
    return sendPicture(context.reply, found)
  })
}

/** Sends an answer or keeps a note, without a preview: what is written is seen as it is written. */
async function takeReply(context: DeskContext, ticket: Ticket): Promise<FastifyReply> {
  const { fields, pictures: given, tooBusy } = formOf(context.request)
  const { text = '', saved = '', once = '', what } = fields
  const requestKey = /^[0-9a-f-]{36}$/.test(once) ? `desk ${once}` : undefined
  const here = `${TICKETS}/${ticket.id}`
  try {
    if (tooBusy) throw refuse('pictures_busy')
    const pictures = given.length === 0 ? {} : { pictures: given.map((picture) => picture.toString('base64')) }
    if (what === 'note') {
      const noted = await runOnDesk(context, ticketNote, { ticket: String(ticket.id), note: text, ...pictures }, { requestKey })
      return leadBack(context, here, noted)
    }
    const input = {
      ticket: String(ticket.id),
      text,
      close: what === 'close',
      ...pictures,
      ...(/^\d{1,9}$/.test(saved) && { saved: Number(saved) }),
    }
    const sent = await runOnDesk(context, ticketReply, input, { requestKey })
    return leadBack(context, what === 'next' ? await nextAddress(context, ticket) : here, sent)
  } catch (error) {
    const { texts } = context.ui.frame
    const fault = pictureFault(texts, error) ?? (isAnswer(error) ? refusalText(texts, error) : undefined)
    if (fault === undefined) throw error
    return showTicket(context, ticket, { text, saved, fault })
  }
}

/** Where the next ticket is that waits for the reader or for nobody; the queue, if none does. */
async function nextAddress({ db, staff }: DeskContext, { id }: Ticket): Promise<string> {
  const first = (assignee: number) => listTickets(db, { state: 'waiting', kind: null, assignee }, { behind: null, most: 2 })
  const waiting = (await Promise.all([first(staff.staffId), first(0)])).flat().find((ticket) => ticket.id !== id)
  return waiting ? `${TICKETS}/${waiting.id}` : TICKETS
}

/** Changes who answers, and how the ticket is sorted, as far as the form says something else than what stands. */
async function takeSort(context: DeskContext, ticket: Ticket): Promise<FastifyReply> {
  const { assignee, priority, kind } = context.request.body as Readonly<Record<string, string | undefined>>
  let line: bigint | null = null
  if (assignee !== undefined && assignee !== String(ticket.assignee ?? '')) {
    const staff = /^\d{1,9}$/.test(assignee) ? Number(assignee) : null
    line = (await runOnDesk(context, ticketAssign, { ticket: String(ticket.id), staff })).line
  }
  const sorted = {
    ...(priority !== undefined && priority !== ticket.priority && { priority }),
    ...(kind !== undefined && kind !== ticket.kind && { kind }),
  }
  if (Object.keys(sorted).length > 0) line = (await runOnDesk(context, ticketSet, { ticket: String(ticket.id), ...sorted })).line
  return leadBack(context, `${TICKETS}/${ticket.id}`, { line })
}

/** A sign that somebody is writing an answer, for the others who have the ticket open. */
async function takeWriting({ db, now, staff, params, reply }: DeskContext): Promise<FastifyReply> {
  const id = numberIn(params['id'])
  if (id !== null) await noteWriting(db, `${TICKETS}/${id}`, staff.staffId, now)
  return reply.send({})
}

async function showReplies(context: DeskContext): Promise<FastifyReply> {
  const { repliesPage } = await import('./saved-replies.tsx')
  return context.send(repliesPage(context, await listSavedReplies(context.db)))
}
