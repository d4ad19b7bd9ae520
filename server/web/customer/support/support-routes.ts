import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Transaction, transaction } from '../../../db/pool.ts'
import { refuse } from '../../../refusal.ts'
import { closeTicket, noteSeen, reopenTicket } from '../../../support/change-ticket.ts'
import { readMessages, readPicture } from '../../../support/messages.ts'
import { replyByCustomer } from '../../../support/open-ticket.ts'
import { redrawnAll } from '../../../support/pictures.ts'
import {
  findTicket,
  listTicketsById,
  listTicketsOf,
  lockTicket,
  mergedInto,
  ordersOfTicket,
  type Ticket,
  ticketsOfOrder,
} from '../../../support/tickets.ts'
import { sendPicture } from '../../send-picture.ts'
import { sendOwnPage } from '../../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import type { Web } from '../../web.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { ticketFaults } from './faults.ts'
import { namedOrders } from './named-orders.ts'
import { isOnce } from './new-form.ts'
import { routeNewTicket } from './new-routes.ts'
import { acceptPictures, formOf } from '../../picture-forms.ts'

/** Routes the tickets of customers, and what is done for their orders without one. */
export function routeSupport(pages: FastifyInstance, web: Web) {
  pages.get('/support', onOwn(web, showTickets))
  pages.get(
    '/support/:id',
    onOwn(web, (context) => onTicket(context, (ticket) => showTicket(context, ticket))),
  )
  pages.get('/support/:id/pictures/:picture', onOwn(web, showPicture))
  pages.post('/support/:id/close', onOwn(web, takeClose))
  pages.post('/support/:id/reopen', onOwn(web, takeReopen))
  // In a scope of its own, because few pages of customers accept pictures.
  void pages.register(async (own: FastifyInstance) => {
    acceptPictures(own)
    own.post('/support/:id/reply', onOwn(web, takeReply))
    routeNewTicket(own, web)
  })
}

const TICKETS_PER_PAGE = 30
const MOST_MESSAGES = 100
const MOST_OF_ORDER = 20

async function showTickets(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, query, session, orders } = context
  const { ticketsPage } = await import('./tickets-page.tsx')
  const find = (query.get('find') ?? '').trim().replace(/^#/, '').slice(0, 40)
  const behind = numberIn(query, 'behind')
  const found =
    find === ''
      ? await listTicketsOf(orders.db, session.accountId, { behind, most: TICKETS_PER_PAGE + 1 })
      : await ticketsFound(context, find)
  const rows = found.slice(0, TICKETS_PER_PAGE)
  return sendOwnPage(reply, ticketsPage(ui, { find, rows, isFirst: behind === null, hasMore: found.length > TICKETS_PER_PAGE }))
}

/** The tickets of a number, which may be that of a ticket or of an order. */
async function ticketsFound({ session, orders: { db } }: OwnContext, find: string) {
  if (!/^[1-9]\d{0,17}$/.test(find)) return []
  const number = BigInt(find)
  const rows = await listTicketsById(db, [number, ...(await ticketsOfOrder(db, number, MOST_OF_ORDER))])
  return rows.filter(({ accountId }) => accountId === session.accountId)
}

/** Goes on with an own ticket. One that was merged leads to the one that goes on with it. */
async function onTicket(context: OwnContext, goOn: (ticket: Ticket) => Promise<FastifyReply>): Promise<FastifyReply> {
  const { request, reply, ui, session, orders } = context
  const { id } = request.params as { id: string }
  const ticket = /^[1-9]\d{0,17}$/.test(id) ? await findTicket(orders.db, BigInt(id)) : undefined
  if (!ticket || ticket.accountId !== session.accountId) return sendOwnPage(reply, nothingHerePage(ui), 404)
  if (ticket.mergedInto !== null) return reply.redirect(`/support/${ticket.mergedInto}`, 303)
  return goOn(ticket)
}

interface Said {
  readonly text: string
  readonly faults: Faults
}

async function showTicket(context: OwnContext, ticket: Ticket, said: Said = { text: '', faults: NO_FAULTS }): Promise<FastifyReply> {
  const { reply, ui, query, session, orders } = context
  const { db } = orders
  const before = numberIn(query, 'before')
  const [{ ticketPage }, messages, of, merged] = await Promise.all([
    import('./ticket-page.tsx'),
    readMessages(db, ticket.id, { withNotes: false, before, most: MOST_MESSAGES + 1 }),
    ordersOfTicket(db, ticket.id).then((ids) => namedOrders(context, ids)),
    mergedInto(db, ticket.id),
  ])
  const newest = messages.at(-1)
  // Staff who look at the pages of a customer see nothing in the customer's place.
  if (before === null && newest && !session.viewedBy) await noteSeen(db, 'customer', ticket.id, newest.id)
  const shown = messages.slice(-MOST_MESSAGES)
  const view = {
    ticket,
    messages: shown,
    older: messages.length > MOST_MESSAGES ? shown[0]!.id : null,
    isNewest: before === null,
    orders: of,
    merged,
  }
  const isRefused = Object.keys(said.faults).length > 0
  return sendOwnPage(reply, ticketPage(ui, view, said, query.get('done')), isRefused ? UNPROCESSABLE : 200)
}

async function showPicture(context: OwnContext): Promise<FastifyReply> {
  const { request, reply, ui, orders } = context
  const { picture } = request.params as { picture: string }
  return onTicket(context, async (ticket) => {
    const found = /^[1-9]\d{0,17}$/.test(picture)
      ? await readPicture(orders.db, ticket.id, BigInt(picture), { withNotes: false })
      : undefined
    return found ? sendPicture(reply, found) : sendOwnPage(reply, nothingHerePage(ui), 404)
  })
}

async function takeReply(context: OwnContext): Promise<FastifyReply> {
  const { request, reply, session, orders, ui } = context
  const { fields, pictures, tooBusy } = formOf(request)
  const { text = '', once = '' } = fields
  return onTicket(context, async (ticket) => {
    try {
      if (tooBusy) throw refuse('pictures_busy')
      const writing = { who: session.email, text, pictures: await redrawnAll(pictures), form: isOnce(once) ? `page ${once}` : null }
      const own = { accountId: session.accountId, ticketId: ticket.id }
      await transaction(orders.db, (tx) => replyByCustomer(tx, own, writing, orders.now()))
    } catch (error) {
      return showTicket(context, ticket, { text, faults: ticketFaults(ui.frame.texts, error) })
    }
    return reply.redirect(`/support/${ticket.id}?done=sent#reply`, 303)
  })
}

const takeClose = (context: OwnContext) => changeOwn(context, 'closed', (tx, ticket, by, now) => closeTicket(tx, ticket, by, now))
const takeReopen = (context: OwnContext) => changeOwn(context, 'reopened', (tx, ticket, by, now) => reopenTicket(tx, ticket, by, now))

type Change = (tx: Transaction, ticket: Ticket, by: { readonly side: 'customer'; readonly who: string }, now: Date) => Promise<unknown>

function changeOwn(context: OwnContext, done: string, change: Change): Promise<FastifyReply> {
  const { reply, session, orders } = context
  return onTicket(context, async ({ id }) => {
    await transaction(orders.db, async (tx) => {
      const locked = await lockTicket(tx, id)
      if (locked.accountId === session.accountId) await change(tx, locked, { side: 'customer', who: session.email }, orders.now())
    })
    return reply.redirect(`/support/${id}?done=${done}`, 303)
  })
}
