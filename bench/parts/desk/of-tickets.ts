import { readTroubles } from '../../../server/reports/attention.ts'
import { type TicketKind, type TicketState, ticketStates } from '../../../server/support/kinds.ts'
import { readMessages } from '../../../server/support/messages.ts'
import {
  findLivingTicket,
  listNewestTickets,
  listTickets,
  listTicketsById,
  listTicketsOf,
  mergedInto,
  ordersOfTicket,
  type TicketFilter,
  ticketsOfOrder,
  ticketsWithNews,
} from '../../../server/support/tickets.ts'
import { type Ask, ask, now } from './ask.ts'

const first = { behind: null, most: 51 }
const SOMEBODY = 8
const MIDDLE = 100_001n

const queue = (name: string, filter: Partial<TicketFilter>, page = first as { behind: bigint | null; most: number; skip?: number }) =>
  ask(`tickets${name}`, (db) => listTickets(db, { state: 'waiting', kind: null, assignee: null, ...filter }, page))

const filtered = (state: TicketState): Ask[] => [
  queue(`, ${state}`, { state }),
  queue(`, ${state}, nobody's`, { state, assignee: 0 }),
  queue(`, ${state}, of a person`, { state, assignee: SOMEBODY }),
  ...(['money', 'speed up'] as const).flatMap((kind: TicketKind) => [
    queue(`, ${state}, ${kind}`, { state, kind }),
    queue(`, ${state}, ${kind}, nobody's`, { state, kind, assignee: 0 }),
    queue(`, ${state}, ${kind}, of a person`, { state, kind, assignee: SOMEBODY }),
  ]),
  queue(
    `, ${state}, a page in the middle`,
    { state },
    { ...first, behind: state === 'waiting' ? MIDDLE : state === 'answered' ? 100_003n : 100_002n },
  ),
]

/** The queue of tickets with its filters and its search, one ticket, and what customers and bots list. */
export const ofTickets: readonly Ask[] = [
  ...ticketStates.flatMap(filtered),
  queue(', waiting, the last that a bot may skip', {}, { ...first, skip: 4900 }),
  ask('tickets, newest, ten thousand skipped', (db) => listNewestTickets(db, { ...first, skip: 10_000 })),
  ask('tickets: a number', (db) => listTicketsById(db, [MIDDLE])),
  ask('tickets: the number of an order', async (db) => listTicketsById(db, await ticketsOfOrder(db, 4711n, 50))),
  ask('tickets: a hundred numbers', (db) =>
    listTicketsById(
      db,
      Array.from({ length: 100 }, (_, at) => BigInt(at * 1999 + 1)),
    ),
  ),
  ask('tickets of an account', (db) => listTicketsOf(db, 4321, first)),
  ask('tickets of an account, of a state', (db) => listTicketsOf(db, 4321, first, 'answered')),
  ask('tickets of an account with news', (db) => ticketsWithNews(db, 4321)),
  ask('one ticket', async (db) => [
    await findLivingTicket(db, MIDDLE),
    await readMessages(db, MIDDLE, { withNotes: true, before: null, most: 201 }),
    await ordersOfTicket(db, MIDDLE),
    await mergedInto(db, MIDDLE),
  ]),
  ask('tickets that need attention', (db) => readTroubles(db, ['ticket'], 51, now)),
]
