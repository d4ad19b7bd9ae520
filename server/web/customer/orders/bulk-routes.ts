import type { FastifyInstance, FastifyReply } from 'fastify'
import { serviceTypeByName } from '../../../../contract/service-types.ts'
import { requestCancels } from '../../../orders/cancel.ts'
import { type ListedOrder, readListed } from '../../../orders/list.ts'
import { requestRefills } from '../../../orders/refill.ts'
import type { Web } from '../../web.ts'
import { address } from '../../ui/page-links.tsx'
import { onOwn, type OwnContext } from '../own-context.ts'
import { field } from '../../form-faults.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import type { Outcome } from './bulk.tsx'
import { ORDERS_PER_PAGE } from './filter.ts'
import { nameOf } from './names.ts'
import { bookAsked } from './own-book.ts'

/** Routes the actions for several orders at once, and their outcomes. */
export function routeBulk(pages: FastifyInstance, web: Web) {
  pages.post('/orders/bulk', onOwn(web, takeBulk))
  pages.get('/orders/bulk', onOwn(web, showOutcome))
}

/** The name of each refusal in the address of the outcome page. */
const REFUSED = {
  cannot_cancel: 'cannotCancel',
  refill_not_available: 'refillNotAvailable',
  refill_requested: 'refillRequested',
} as const

async function takeBulk(context: OwnContext): Promise<FastifyReply> {
  const { request, reply, orders } = context
  const ids = chosenIn(request.body)
  const act = field(request, 'act')
  if (ids.length === 0) return showNothingChosen(context)
  if (act === 'again') return showAgain(context, ids)
  const ask = act === 'cancel' ? requestCancels : act === 'refill' ? requestRefills : undefined
  if (!ask) return showNothingChosen(context)
  const { book } = await bookAsked(context, field(request, 'book'))
  const answers = await ask(orders.db, book.id, ids, orders.now())
  const outcomes = [...answers].map(([id, answer]) => `${id}.${typeof answer === 'string' ? REFUSED[answer] : 'taken'}`)
  return reply.redirect(address('/orders/bulk', { act, orders: outcomes.join(' '), book: book.play ? 'test' : '' }), 303)
}

/** Each check box has its own name, like `order-12`, because our form parser keeps only the last field of a name. */
function chosenIn(body: unknown): string[] {
  const names = Object.keys((body as Readonly<Record<string, unknown>> | undefined) ?? {})
  return names.flatMap((name) => /^order-(\d{1,18})$/.exec(name)?.[1] ?? []).slice(0, ORDERS_PER_PAGE)
}

async function showNothingChosen({ reply, ui }: OwnContext): Promise<FastifyReply> {
  const { nothingChosenPage } = await import('./bulk.tsx')
  return sendOwnPage(reply, nothingChosenPage(ui), UNPROCESSABLE)
}

/** Reads the outcomes from the address, so that reloading the page does not repeat the action. */
async function showOutcome(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, query, orders } = context
  const { outcomePage } = await import('./bulk.tsx')
  const requested = (query.get('orders') ?? '').split(' ').flatMap((text) => {
    const [, id, outcome] = /^(\d{1,18})\.(taken|cannotCancel|refillNotAvailable|refillRequested)$/.exec(text) ?? []
    return id === undefined ? [] : [[id, outcome as Outcome] as const]
  })
  const outcomes = new Map(requested.slice(0, ORDERS_PER_PAGE))
  const { book } = await bookAsked(context, query.get('book'))
  const found = await readListed(orders.db, book.id, [...outcomes.keys()].map(BigInt))
  const rows = found.map((order) => ({ order, name: nameOf(context, order.serviceId), outcome: outcomes.get(order.id.toString())! }))
  return sendOwnPage(reply, outcomePage(ui, query.get('act') === 'refill' ? 'refill' : 'cancel', rows))
}

/** The chosen orders that can be ordered again as rows of service, link and quantity. */
async function showAgain(context: OwnContext, ids: readonly string[]): Promise<FastifyReply> {
  const { reply, ui, orders, caller } = context
  const { againPage } = await import('./bulk.tsx')
  const found = await readListed(orders.db, caller.bookId, ids.map(BigInt))
  const { services } = await orders.catalogue.newest()
  const rows = found.toReversed().map((order) => {
    const service = services.get(order.serviceId)
    const sold = service?.state === 'on sale'
    return { order, name: nameOf(context, order.serviceId), sold, line: sold && isLine(order, service.type) ? lineOf(order) : null }
  })
  return sendOwnPage(reply, againPage(ui, rows))
}

/** Whether a row can hold the order. It cannot if its type needs more than a link and a quantity, or if it runs for a while. */
function isLine({ kind, link }: ListedOrder, type: string): boolean {
  const wanted = serviceTypeByName.get(type)!.fields.filter(({ optional, when }) => !optional && !when).map(({ name }) => name)
  return kind === 'single' && !/[|\r\n]/.test(link) && wanted.every((name) => name === 'link' || name === 'quantity')
} // prettier-ignore

function lineOf({ serviceId, link, quantity }: ListedOrder): string {
  return `${serviceId}|${link}|${quantity}`
}
