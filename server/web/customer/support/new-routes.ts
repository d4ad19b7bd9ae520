import type { FastifyInstance, FastifyReply } from 'fastify'
import { aboutOrderStatuses, type OrderStatus } from '../../../../contract/statuses.ts'
import { transaction } from '../../../db/pool.ts'
import { listOrders } from '../../../orders/list.ts'
import { refuse } from '../../../refusal.ts'
import { doAtOnce } from '../../../support/at-once.ts'
import { isKindAtOnce, type KindAtOnce, MOST_ORDERS } from '../../../support/kinds.ts'
import { openByCustomer } from '../../../support/open-ticket.ts'
import { notDone, type NotDone, type Outcome } from '../../../support/outcome.ts'
import { ownOrders } from '../../../support/own-orders.ts'
import { redrawnAll } from '../../../support/pictures.ts'
import { sendOwnPage } from '../../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { address } from '../../ui/page-links.tsx'
import type { Web } from '../../web.ts'
import { nameOf } from '../orders/names.ts'
import { onOwn, type OwnContext } from '../own-context.ts'
import { ticketFaults } from './faults.ts'
import { namedOrders } from './named-orders.ts'
import { newFormIn, type NewTicketForm, sentForm } from './new-form.ts'
import { formOf } from '../../picture-forms.ts'

/** Routes the form of a new ticket, and what is done at once instead of one. */
export function routeNewTicket(pages: FastifyInstance, web: Web) {
  pages.get(
    '/support/new',
    onOwn(web, (context) => showForm(context, newFormIn(context.query))),
  )
  pages.post('/support/new', onOwn(web, takeForm))
  pages.get('/support/done', onOwn(web, showOutcomes))
}

const MOST_FOUND = 20
const STATUSES = Object.keys(aboutOrderStatuses) as OrderStatus[]

async function showForm(context: OwnContext, form: NewTicketForm, faults: Faults = NO_FAULTS): Promise<FastifyReply> {
  const { reply, ui, caller, orders } = context
  const { newTicketPage } = await import('./new-ticket.tsx')
  const filter = { statuses: STATUSES, serviceIds: [], withRuns: false, from: null, to: null, find: form.find }
  const page = { before: null, most: MOST_FOUND }
  const [chosen, found] = await Promise.all([namedOrders(context, form.orders), listOrders(orders.db, caller.bookId, filter, page)])
  const isChosen = new Set(form.orders)
  const offered = found.filter(({ id }) => !isChosen.has(id)).map((order) => ({ order, name: nameOf(context, order.serviceId) }))
  const isRefused = Object.keys(faults).length > 0
  return sendOwnPage(reply, newTicketPage(ui, { form, chosen, offered, faults }), isRefused ? UNPROCESSABLE : 200)
}

async function takeForm(context: OwnContext): Promise<FastifyReply> {
  const { request, session, orders, ui } = context
  const sent = formOf(request)
  const form = sentForm(sent)
  if (sent.fields['step'] === 'find') return showForm(context, form)
  const { texts } = ui.frame
  const faults: Record<string, string> = {}
  if (form.kind === null) faults['kind'] = texts.text('tickets.fault.kind')
  if (form.wrong.length > 0) faults['orders'] = texts.text('tickets.fault.noNumbers', { words: form.wrong.join(', ') })
  else if (form.orders.length > MOST_ORDERS) faults['orders'] = texts.text('tickets.fault.tooManyOrders', { most: MOST_ORDERS })
  else {
    const own = new Set((await ownOrders(orders.db, session.accountId, form.orders)).map(({ id }) => id))
    const foreign = form.orders.find((id) => !own.has(id))
    if (foreign !== undefined) faults['orders'] = texts.text('tickets.fault.notYours', { order: foreign.toString() })
    else if (isKindAtOnce(form.kind) && form.orders.length === 0) faults['orders'] = texts.text('tickets.fault.chooseOrders')
  }
  if (Object.keys(faults).length > 0) return showForm(context, form, faults)
  return isKindAtOnce(form.kind) && sent.fields['step'] !== 'write' ? act(context, form.kind, form) : open(context, form, sent)
}

async function act({ reply, session, orders }: OwnContext, kind: KindAtOnce, { orders: ids }: NewTicketForm): Promise<FastifyReply> {
  const outcomes = await doAtOnce(orders.db, session.accountId, { kind, ids }, orders.now())
  return reply.redirect(address('/support/done', { kind, orders: outcomes.map(written).join(' ') }), 303)
}

async function open(
  context: OwnContext,
  form: NewTicketForm,
  { pictures, tooBusy }: { readonly pictures: readonly Buffer[]; readonly tooBusy: boolean },
) {
  const { reply, session, orders, ui } = context
  const { kind, subject, text, once } = form
  try {
    if (tooBusy) throw refuse('pictures_busy')
    const drawn = await redrawnAll(pictures)
    const locale = ui.frame.texts.language.code
    const ticket = {
      accountId: session.accountId,
      kind: kind!,
      subject,
      orders: form.orders,
      locale,
      who: session.email,
      text,
      pictures: drawn,
      form: `page ${once}`,
    }
    const id = await transaction(orders.db, (tx) => openByCustomer(tx, ticket, orders.now()))
    return await reply.redirect(`/support/${id}?done=opened`, 303)
  } catch (error) {
    return showForm(context, form, ticketFaults(ui.frame.texts, error))
  }
}

/** An outcome in an address, so that reloading the page does nothing again: `12.done`, or `12.not-late.1772366400`. */
function written({ orderId, answer }: Outcome): string {
  if (answer === true) return `${orderId}.done`
  const why = `${orderId}.${answer.why.replaceAll(' ', '-')}`
  return answer.from === null ? why : `${why}.${Math.floor(answer.from.getTime() / 1000)}`
}

function readOutcome(text: string): Outcome[] {
  const [, id, word = '', seconds] = /^([1-9]\d{0,17})\.([a-z-]{1,30})(?:\.(\d{1,11}))?$/.exec(text) ?? []
  if (id === undefined) return []
  if (word === 'done') return [{ orderId: BigInt(id), answer: true }]
  const why = notDone.find((each): each is NotDone => each === word.replaceAll('-', ' '))
  return why ? [{ orderId: BigInt(id), answer: { why, from: seconds === undefined ? null : new Date(Number(seconds) * 1000) } }] : []
}

async function showOutcomes(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, query } = context
  const { outcomePage } = await import('./outcome-page.tsx')
  const kind = query.get('kind')
  const told = (query.get('orders') ?? '').split(' ').slice(0, MOST_ORDERS).flatMap(readOutcome)
  const ids = told.map(({ orderId }) => orderId)
  const own = new Map((await namedOrders(context, ids)).map((one) => [one.order.id, one]))
  const rows = told.flatMap(({ orderId, answer }) => {
    const one = own.get(orderId)
    return one ? [{ ...one, answer }] : []
  })
  return sendOwnPage(reply, outcomePage(ui, isKindAtOnce(kind) ? kind : 'cancel', rows))
}
