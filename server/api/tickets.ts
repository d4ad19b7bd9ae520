import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TICKETS, ticketKindWords } from '../../contract/tickets.ts'
import { WRITES_TICKETS } from '../../contract/scopes.ts'
import { type Queryable, transaction } from '../db/pool.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import { retryKeyOf } from '../ordering/retry.ts'
import { refuse } from '../refusal.ts'
import { isTicketState, type TicketKind, ticketKinds, type TicketState } from '../support/kinds.ts'
import { readText } from '../support/messages.ts'
import { closeByCustomer, openByCustomer, replyByCustomer } from '../support/open-ticket.ts'
import { readPasted } from '../support/own-orders.ts'
import { findLivingTicket, listTicketsOf, type Ticket } from '../support/tickets.ts'
import { checkedWords } from '../support/write.ts'
import { answerBeside, API_ADDRESSES, type Beside, type BesideCall } from './beside.ts'
import { parametersOf } from './body.ts'
import type { ApiDependencies } from './dependencies.ts'
import { listedTicketOf, ticketOf } from './ticket-answer.ts'

const STATUSES: Beside['statuses'] = {
  ticket_of_test_key: 403,
  unknown_ticket: 404,
  idempotency_key_reused: 422,
  too_many_tickets: 429,
  too_many_ticket_messages: 429,
}

/** Tickets for customers' own programs, beside v2. A program may do what its customer may on the pages, but for pictures. */
export function routeTickets(app: FastifyInstance, dependencies: () => ApiDependencies) {
  const noHead = { exposeHeadRoute: false }
  const way = (action: string, handle: Beside['handle']) => (request: FastifyRequest, reply: FastifyReply) =>
    answerBeside(request, reply, dependencies(), { action, handle, statuses: STATUSES })
  for (const url of API_ADDRESSES.map((api) => api + TICKETS)) {
    app.get(url, noHead, way('ticket_status', list))
    app.get(`${url}/:id`, noHead, way('ticket_status', show))
    app.post(url, way(WRITES_TICKETS, open))
    app.post(`${url}/:id/reply`, way(WRITES_TICKETS, reply))
    app.post(`${url}/:id/close`, way(WRITES_TICKETS, close))
  }
}

const TICKETS_PER_CALL = 50

/** The tickets of the account, those that changed last first. */
async function list({ api, caller, request }: BesideCall): Promise<object> {
  if (caller.test) return { tickets: [], next: null }
  const asked = parametersOf(request)
  const page = { behind: numberIn(asked['before']), most: TICKETS_PER_CALL + 1 }
  const found = await listTicketsOf(api.context.db, caller.accountId, page, stateIn(asked['state']))
  const shown = found.slice(0, TICKETS_PER_CALL)
  return {
    tickets: shown.map((ticket) => listedTicketOf(api, ticket)),
    next: found.length > TICKETS_PER_CALL ? Number(shown.at(-1)!.id) : null,
  }
}

async function show({ api, caller, request }: BesideCall): Promise<object> {
  const ticket = await findOwn(api.context.db, caller.accountId, idOf(request))
  return ticketOf(api, ticket, numberIn(parametersOf(request)['before']))
}

/** Opens a ticket. The same retry key of an account opens one, whatever its API key. */
async function open({ api, caller, parameters }: BesideCall): Promise<object> {
  if (caller.test) throw refuse('ticket_of_test_key')
  const { db, now } = api.context
  const [form, text] = [formOf(parameters), parameters['text'] ?? '']
  const orders = readPasted(parameters['orders'] ?? '')
  if (orders.wrong.length > 0) throw refuse('incorrect_field', 'orders')
  const ticket = {
    accountId: caller.accountId,
    kind: kindIn(parameters['kind']),
    subject: parameters['subject'] ?? '',
    orders: orders.ids,
    locale: null,
    who: nameOf(caller),
    text,
    pictures: [],
    form,
  }
  const id = await transaction(db, async (tx) => {
    const opened = await openByCustomer(tx, ticket, now())
    if (form !== null) checkSame(text, await readText(tx, opened, 'first'))
    return opened
  })
  return ticketOf(api, await findOwn(db, caller.accountId, id))
}

/** Writes in a ticket. The same retry key writes in it once. */
async function reply({ api, caller, request, parameters }: BesideCall): Promise<object> {
  if (caller.test) throw refuse('ticket_of_test_key')
  const { db, now } = api.context
  const [form, text] = [formOf(parameters), parameters['text'] ?? '']
  const own = { accountId: caller.accountId, ticketId: idOf(request) }
  const id = await transaction(db, async (tx) => {
    const written = await replyByCustomer(tx, own, { who: nameOf(caller), text, pictures: [], form }, now())
    if (form !== null) checkSame(text, await readText(tx, written, { form }))
    return written
  })
  return ticketOf(api, await findOwn(db, caller.accountId, id))
}

async function close({ api, caller, request }: BesideCall): Promise<object> {
  if (caller.test) throw refuse('ticket_of_test_key')
  const { db, now } = api.context
  const id = idOf(request)
  const own = { accountId: caller.accountId, ticketId: id }
  await transaction(db, (tx) => closeByCustomer(tx, own, nameOf(caller), now()))
  return ticketOf(api, await findOwn(db, caller.accountId, id))
}

/** The ticket, or the one that goes on with it. Throws a Refusal for that of another account, as for one that does not exist. */
async function findOwn(db: Queryable, accountId: number, id: bigint): Promise<Ticket> {
  const ticket = await findLivingTicket(db, id)
  if (ticket?.accountId !== accountId) throw refuse('unknown_ticket', id)
  return ticket
}

/** Throws a Refusal when a retry key comes again with another text: nobody would read it. */
function checkSame(text: string, written: string | undefined): void {
  if (written !== checkedWords({ text, pictures: [] })) throw refuse('idempotency_key_reused')
}

/** How staff see who wrote. */
function nameOf({ keyId }: { readonly keyId: number }): string {
  return `API key ${keyId}`
}

function formOf(parameters: UncheckedParameters): string | null {
  const key = retryKeyOf(parameters)
  return key === undefined ? null : `api ${key}`
}

function kindIn(word = 'other'): TicketKind {
  const at = ticketKindWords.findIndex((each) => each === word.replace(' ', '_'))
  if (at === -1) throw refuse('incorrect_field', 'kind')
  return ticketKinds[at]!
}

function stateIn(word: string | undefined): TicketState | null {
  if (word === undefined) return null
  if (!isTicketState(word)) throw refuse('incorrect_field', 'state')
  return word
}

const NUMBER = /^[1-9]\d{0,17}$/

function numberIn(text: string | undefined): bigint | null {
  if (text === undefined) return null
  if (!NUMBER.test(text)) throw refuse('incorrect_field', 'before')
  return BigInt(text)
}

function idOf(request: FastifyRequest): bigint {
  const { id } = request.params as { readonly id: string }
  if (!NUMBER.test(id)) throw refuse('unknown_ticket', 0n)
  return BigInt(id)
}
