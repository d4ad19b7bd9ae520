import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Field, serviceTypeByName } from '../../../../contract/service-types.ts'
import type { Service } from '../../../catalog/catalogue.ts'
import { PricesTurned } from '../../../catalog/price.ts'
import { formatUnits } from '../../../ledger/money.ts'
import { placeOrder } from '../../../ordering/place-order.ts'
import { quoteOrder } from '../../../ordering/quote-order.ts'
import { retryOf } from '../../../ordering/retry.ts'
import { readOwnOrder } from '../../../orders/show.ts'
import { Refusal } from '../../../refusal.ts'
import type { Web } from '../../route.ts'
import { orderFaults } from './order-faults.ts'
import type { OrderView, Quoted } from './order-form.tsx'
import { numberIn, onOwn, type OwnErrand } from '../own-errand.ts'
import { field, NO_FAULTS, UNPROCESSABLE } from '../scene.ts'
import { sendOwnPage } from '../send.ts'
import { offered } from '../services/services-routes.ts'

export function routeOrder(pages: FastifyInstance, web: Web) {
  pages.get('/order', onOwn(web, showOrder))
  pages.post('/order', onOwn(web, takeOrder))
}

type Given = Readonly<Record<string, string>>

async function showOrder(errand: OwnErrand): Promise<FastifyReply> {
  const { query, orders, caller } = errand
  const again = numberIn(query, 'again')
  const model = again === null ? undefined : await readOwnOrder(orders.db, caller.bookId, again)
  const service = await serviceOf(errand, model ? String(model.serviceId) : (query.get('service') ?? ''))
  if (!service) return drawPick(errand, query.get('service') ?? '')
  return draw(errand, service, { given: model ? givenAgain(model, service) : {}, retry: newRetry(), faults: NO_FAULTS })
}

/** What would be typed to order the same again. */
function givenAgain(order: NonNullable<Awaited<ReturnType<typeof readOwnOrder>>>, service: Service): Given {
  const { runs, expiry, ...parameters } = order.parameters ?? {}
  const quantity = order.quantity / BigInt(runs ?? 1)
  const day = expiry?.split('-').toReversed().join('/')
  const all = { ...parameters, link: order.link, quantity: String(quantity), ...(runs && { runs }), ...(day && { expiry: day }) }
  const names = new Set(fieldsOf(service).map(({ name }) => name))
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
}

/** Two steps of one form: what it costs, then buy it. */
async function takeOrder(errand: OwnErrand): Promise<FastifyReply> {
  const { request } = errand
  const service = await serviceOf(errand, field(request, 'service'))
  if (!service) return drawPick(errand, field(request, 'service'))
  const sent = field(request, 'retry')
  const retry = /^[\w-]{22}$/.test(sent) ? sent : newRetry()
  const given = Object.fromEntries(fieldsOf(service).map(({ name }) => [name, field(request, name)]))
  return field(request, 'step') === 'place' && retry === sent
    ? place(errand, service, { given, retry })
    : price(errand, service, { given, retry })
}

interface Filled {
  readonly given: Given
  /** Names this form: sent twice, it is one order. */
  readonly retry: string
}

async function price(errand: OwnErrand, service: Service, filled: Filled): Promise<FastifyReply> {
  try {
    const { order, wallet } = await quoteOrder(errand.orders, callOf(errand, service, filled))
    return await draw(errand, service, { ...filled, faults: NO_FAULTS, quoted: { charge: order.charge, kind: order.kind, wallet } })
  } catch (error) {
    return drawRefused(errand, service, filled, error)
  }
}

async function place(errand: OwnErrand, service: Service, filled: Filled): Promise<FastifyReply> {
  const { orders, reply } = errand
  const call = callOf(errand, service, filled, { max_charge: field(errand.request, 'max_charge') })
  // With what makes the order: a form that was changed after it was sent is another order, the same one is the same.
  const fingerprint = retryOf({ ...call, parameters: { ...call.parameters, idempotency_key: filled.retry } })!.fingerprint
  const retry = { key: `${OF_PAGES}${filled.retry}:${fingerprint}`, fingerprint, windowSeconds: 0 }
  try {
    const id = await placeOrder(orders, call, retry)
    return await reply.redirect(`/orders/${id}?done=placed`, 303)
  } catch (error) {
    // What it costs has changed since it was shown: it is shown anew, and nothing was bought.
    if (error instanceof Refusal && error.code === 'price_above_max_charge') return price(errand, service, filled)
    return drawRefused(errand, service, filled, error)
  }
}

/** Apart from every key that a customer can choose. */
const OF_PAGES = '\u0001page:'

function callOf({ caller }: OwnErrand, service: Service, { given }: Filled, more: Given = {}) {
  const all = Object.entries({ ...given, ...more }).map(([name, text]) => [name, text.trim().toWellFormed()] as const)
  const present = all.filter(([, text]) => text !== '')
  return { caller, parameters: { ...Object.fromEntries(present), service: String(service.id) } }
}

function drawRefused(errand: OwnErrand, service: Service, filled: Filled, error: unknown): Promise<FastifyReply> {
  if (error instanceof PricesTurned) throw error
  const names = fieldsOf(service).map(({ name }) => name)
  return draw(errand, service, { ...filled, faults: orderFaults(error, errand.scene, names) }, UNPROCESSABLE)
}

type Drawn = Omit<OrderView, 'offered' | 'fields' | 'currency' | 'maxCharge'> & { readonly quoted?: Quoted }

async function draw(errand: OwnErrand, service: Service, view: Drawn, status = 200): Promise<FastifyReply> {
  const { reply, scene, caller } = errand
  const { orderPage } = await import('./order-form.tsx')
  const maxCharge = view.quoted && formatUnits(view.quoted.charge)
  const about = { offered: offered(errand, service), fields: fieldsOf(service), currency: caller.currency }
  return sendOwnPage(reply, orderPage(scene, { ...view, ...about, maxCharge }), status)
}

async function drawPick({ reply, scene }: OwnErrand, asked: string): Promise<FastifyReply> {
  const { pickPage } = await import('./order-form.tsx')
  return sendOwnPage(reply, pickPage(scene, asked), asked === '' ? 200 : UNPROCESSABLE)
}

async function serviceOf({ orders }: OwnErrand, text: string): Promise<Service | undefined> {
  const id = /^[1-9]\d{0,9}$/.test(text.trim()) ? Number(text) : undefined
  const service = id === undefined ? undefined : (await orders.catalogue.newest()).services.get(id)
  return service?.state === 'hidden' ? undefined : service
}

/** What its type asks for; runs only where they are taken. */
function fieldsOf({ type, dripfeed }: Service): readonly Field[] {
  const { fields } = serviceTypeByName.get(type)!
  return dripfeed ? fields : fields.filter(({ name }) => name !== 'runs' && name !== 'interval')
}

function newRetry(): string {
  return randomBytes(16).toString('base64url')
}
