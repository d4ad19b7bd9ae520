import { z } from 'zod'
import { priorities, ticketKinds, ticketStates } from '../support/kinds.ts'
import { readMessages } from '../support/messages.ts'
import { listSavedReplies } from '../support/saved-replies.ts'
import { listOpenSpeedUps } from '../support/speed-up.ts'
import { findLivingTicket, listNewestTickets, listTickets, listTicketsOf } from '../support/tickets.ts'
import { big, count, moment, word } from './columns.ts'
import { list, type List, nextOf, NO_FILTER, number, pageOf } from './list.ts'

/** What customers ask, and what they are answered. */
export const supportLists: readonly List[] = [
  list({
    name: 'tickets',
    does: 'tickets: those that wait with the longest wait first, those of another state or an account with the last change first, all with the newest first',
    permission: 'tickets.read',
    filters: z.object({
      state: z.enum(ticketStates).optional().describe('only those: waiting for staff, answered, closed'),
      kind: z.enum(ticketKinds).optional().describe('of those of a state, only this kind'),
      account: number.optional().describe('only those of this account; the other filters do not hold then'),
    }),
    row: z.object({
      ticket: big(),
      account: count(),
      kind: z.enum(ticketKinds),
      subject: word(),
      begins: word(),
      state: z.enum(ticketStates),
      priority: z.enum(priorities),
      staff: count().nullable(),
      orders: z.array(big()).readonly(),
      order_count: count(),
      opened: moment(),
      changed: moment(),
      waiting_since: moment().nullable(),
      closed: moment().nullable(),
    }),
    async read(db, { state, kind = null, account }, { cursor: behind, most }) {
      const page = { behind, most }
      const rows = await (account !== undefined
        ? listTicketsOf(db, account, page)
        : state === undefined
          ? listNewestTickets(db, page)
          : listTickets(db, { state, kind, assignee: null }, page))
      const shown = rows.map((row) => ({
        ticket: row.id,
        account: row.accountId,
        kind: row.kind,
        subject: row.subject,
        begins: row.begins,
        state: row.state,
        priority: row.priority,
        staff: row.assignee,
        orders: row.orders,
        order_count: row.orderCount,
        opened: row.openedAt,
        changed: row.changedAt,
        waiting_since: row.waitingSince,
        closed: row.closedAt,
      }))
      return { rows: shown, next: nextOf(rows, most, ({ id }) => id) }
    },
  }),
  list({
    name: 'ticket-messages',
    does: 'messages, notes and events of a ticket and of those that were merged into it: the newest page first, each page in the order of time',
    permission: 'tickets.read',
    filters: z.object({ ticket: number.describe('the number of a ticket; that of a merged one leads to the one that goes on') }),
    row: z.object({
      message: big(),
      ticket: big(),
      side: z.enum(['customer', 'staff', 'note', 'event']),
      who: word(),
      text: word(),
      at: moment(),
      pictures: count(),
    }),
    async read(db, { ticket }, { cursor: before, most }) {
      const found = await findLivingTicket(db, BigInt(ticket))
      const rows = await readMessages(db, found?.id ?? BigInt(ticket), { withNotes: true, before, most })
      const shown = rows.map(({ id: message, ticketId, side, who, text, at, pictures }) => {
        return { message, ticket: ticketId, side, who, text, at, pictures: pictures.length }
      })
      return { rows: shown, next: rows.length < most ? null : rows[0]!.id }
    },
  }),
  list({
    name: 'saved-replies',
    does: 'texts that staff send often, and how often',
    permission: 'tickets.read',
    filters: NO_FILTER,
    row: z.object({ reply: count(), name: word(), text: word(), language: word().nullable(), uses: big(), used: moment().nullable() }),
    async read(db, _, page) {
      const replies = (await listSavedReplies(db)).toSorted((a, b) => a.id - b.id)
      return pageOf(
        page,
        replies,
        ({ id }) => id,
        ({ id, name, text, locale, uses, usedAt }) => ({ reply: id, name, text, language: locale, uses, used: usedAt }),
      )
    },
  }),
  list({
    name: 'speed-ups',
    does: 'late orders that customers asked to hurry and that nobody has answered, the oldest first',
    permission: 'tickets.read',
    filters: NO_FILTER,
    row: z.object({ speed_up: big(), order: big(), account: count(), asked: moment() }),
    async read(db, _, { cursor, most }) {
      const rows = await listOpenSpeedUps(db, { behind: cursor ?? 0n, most })
      return {
        rows: rows.map(({ id, orderId, accountId, askedAt }) => ({ speed_up: id, order: orderId, account: accountId, asked: askedAt })),
        next: nextOf(rows, most, ({ id }) => id),
      }
    },
  }),
]
