import type { FastifyReply } from 'fastify'
import { ticketAssign } from '../../../acts/ticket-assign.ts'
import { ticketClose, ticketReopen } from '../../../acts/ticket-close.ts'
import { ALL_ACCOUNTS, findAccounts } from '../../../customers/find-accounts.ts'
import { refuse } from '../../../refusal.ts'
import { readStaffWho } from '../../../staff/people.ts'
import { type ListedTicket, listTickets, listTicketsById, listTicketsOf, ticketsOfOrder } from '../../../support/tickets.ts'
import { readFields } from '../act-fields.tsx'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { type Desk, type DeskContext, ownDeskAddress } from '../desk.ts'
import { askedTickets, numberIn } from './asked.ts'

/** Routes the queue of tickets, what its rows do at once, and its search. */
export function routeQueue(desk: Desk) {
  desk.page('/tickets', 'tickets.read', showQueue)
  desk.form('/tickets', 'tickets.answer', doAtOnce)
}

const TICKETS_PER_PAGE = 50
const MOST_FOUND = 50

async function showQueue(context: DeskContext): Promise<FastifyReply> {
  const { queuePage } = await import('./queue.tsx')
  const { db, query } = context
  const asked = askedTickets(query)
  const behind = numberIn(query.get('behind'))
  const found = asked.find === '' ? await listTickets(db, asked, { behind, most: TICKETS_PER_PAGE + 1 }) : await find(context, asked.find)
  const rows = found.slice(0, TICKETS_PER_PAGE)
  const people = await readStaffWho(db, 'tickets.answer')
  return context.send(queuePage(context, { asked, people, rows, hasMore: found.length > TICKETS_PER_PAGE, isFirst: behind === null }))
}

const FEW_ACCOUNTS = 5

/** The tickets of a number, which may be that of a ticket or of an order, or of customers whose account or address it is. */
async function find({ db, staff }: DeskContext, text: string): Promise<ListedTicket[]> {
  const number = numberIn(text.replace(/^#/, ''))
  const numbered = number === null ? [] : await listTicketsById(db, [number, ...(await ticketsOfOrder(db, number, MOST_FOUND))])
  const mayFind = staff.may.has('accounts.read')
  const accounts = mayFind ? await findAccounts(db, { ...ALL_ACCOUNTS, text }, { order: 'newest', after: null, most: FEW_ACCOUNTS }) : []
  const theirs = await Promise.all(accounts.map(({ id }) => listTicketsOf(db, id, { behind: null, most: MOST_FOUND })))
  const known = new Set(numbered.map(({ id }) => id))
  return [...numbered, ...theirs.flat().filter(({ id }) => !known.has(id))]
}

/** The acts of a row that need no form. */
const AT_ONCE = [ticketAssign, ticketClose, ticketReopen]

/** Does an act that needs no form, and leads back. */
async function doAtOnce(context: DeskContext): Promise<FastifyReply> {
  const given = context.request.body as Record<string, string>
  const act = AT_ONCE.find(({ name }) => name === given['form:act'])
  if (!act) throw refuse('unknown_field', 'form:act')
  const answer = await runOnDesk(context, act, readFields(act, given).input)
  return leadBack(context, ownDeskAddress(given['form:back']), answer)
}
