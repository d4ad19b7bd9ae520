import type { AnswerField, Parameter } from './action.ts'

/** The path of tickets, below the API's address. */
export const TICKETS = '/tickets'

/** What a ticket is about, as programs name it. */
export const ticketKindWords = ['speed_up', 'refill', 'cancel', 'count', 'money', 'other'] as const

/** What a call that opens a ticket sends, besides its key. */
export const ticketParameters: readonly Parameter[] = [
  { name: 'text', type: 'text', about: 'tickets.text' },
  { name: 'kind', type: 'text', about: 'ticket.kind', optional: true },
  { name: 'orders', type: 'ids', about: 'ticket.orders', optional: true },
  { name: 'subject', type: 'text', about: 'tickets.subject', optional: true },
  { name: 'idempotency_key', type: 'text', about: 'ticket.key', optional: true },
]

/** What a call that writes in a ticket sends, besides its key. */
export const ticketReplyParameters: readonly Parameter[] = [
  { name: 'text', type: 'text', about: 'tickets.text' },
  { name: 'idempotency_key', type: 'text', about: 'ticket.key', optional: true },
]

/** A ticket in a list. */
export const listedTicketAnswer: readonly AnswerField[] = [
  { name: 'ticket', type: 'whole number', about: 'ticket.id' },
  { name: 'kind', type: 'text', about: 'ticket.kind' },
  { name: 'subject', type: 'text', about: 'tickets.subject' },
  { name: 'state', type: 'text', about: 'ticket.state' },
  { name: 'created', type: 'text', about: 'ticket.created' },
  { name: 'changed', type: 'text', about: 'ticket.changed' },
  { name: 'page', type: 'text', about: 'ticket.page' },
]

/** A ticket by itself, with its newest messages. */
export const ticketAnswer: readonly AnswerField[] = [
  ...listedTicketAnswer,
  { name: 'orders', type: 'list', about: 'tickets.orders' },
  { name: 'messages', type: 'list', about: 'ticket.messages' },
  { name: 'older', type: 'whole number', about: 'ticket.before', optional: true },
]

/** A list of tickets. */
export const ticketListAnswer: readonly AnswerField[] = [
  { name: 'tickets', type: 'list', about: 'ticket.list' },
  { name: 'next', type: 'whole number', about: 'ticket.before', optional: true },
]

export const ticketExample = {
  parameters: { text: 'It stopped at 843.', kind: 'count', orders: '23501', idempotency_key: 'shop-case-118' },
  answer: {
    ticket: 12,
    kind: 'count',
    subject: '',
    state: 'waiting',
    created: '2026-03-01T12:00:00.000Z',
    changed: '2026-03-01T12:00:00.000Z',
    page: 'https://panel.example/support/12',
    orders: [23501],
    messages: [{ message: 345, from: 'customer', text: 'It stopped at 843.', at: '2026-03-01T12:00:00.000Z', pictures: 0 }],
    older: null,
  },
}
