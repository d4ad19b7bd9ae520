import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Service } from '../../../catalog/catalogue.ts'
import { readFavourites } from '../../../catalog/favourites.ts'
import { placeOrder } from '../../../ordering/place-order.ts'
import { retryOf } from '../../../ordering/retry.ts'
import { readOwnOrder } from '../../../orders/show.ts'
import { isAnswer, type Refusal } from '../../../refusal.ts'
import type { Web } from '../../web.ts'
import { address } from '../../ui/page-links.tsx'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { wantsData } from '../page-context.ts'
import { field } from '../../form-faults.ts'
import { NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import { conversionOf } from '../other-currency/other-currency.ts'
import { LONGEST_ASKED } from '../services/asked.ts'
import { offered } from '../services/offer.ts'
import { type Checked, checkOrder } from './check-order.ts'
import { callOf, fieldsOf, type Filled, filledIn, type Given, newRetry } from './filled.ts'
import { placeOfCode, shownFault } from './order-faults.ts'

export function routeOrder(pages: FastifyInstance, web: Web) {
  pages.get('/order', onOwn(web, showOrder))
  pages.post('/order', onOwn(web, takeOrder))
  pages.post('/order/quote', onOwn(web, sendPrice))
}

async function showOrder(context: OwnContext): Promise<FastifyReply> {
  const { query, orders, caller, reply } = context
  const again = numberIn(query, 'again')
  const model = again === null ? undefined : await readOwnOrder(orders.db, [caller.bookId], again)
  const asked = model
    ? String(model.serviceId)
    : (query
        .get('service')
        ?.trim()
        .replace(/^(\d{1,10}) · .*$/s, '$1') ?? '')
  // The user typed words and has no script, so the list of services looks for them.
  if (asked !== '' && !/^\d+$/.test(asked)) return reply.redirect(address('/services', { find: asked.slice(0, LONGEST_ASKED) }), 303)
  const service = await serviceOf(context, asked)
  if (!service) return drawPick(context, asked)
  return draw(context, service, { given: model ? givenAgain(model, service) : {}, retry: newRetry() }, NOT_CHECKED)
}

const NOT_CHECKED: Checked = { faults: NO_FAULTS, lasting: [], weighed: undefined }

/** The form's values that would place the same order again. */
function givenAgain(order: NonNullable<Awaited<ReturnType<typeof readOwnOrder>>>, service: Service): Given {
  const { runs, expiry, ...parameters } = order.parameters ?? {}
  const quantity = order.quantity / BigInt(runs ?? 1)
  const day = expiry?.split('-').toReversed().join('/')
  const all = { ...parameters, link: order.link, quantity: String(quantity), ...(runs && { runs }), ...(day && { expiry: day }) }
  const names = new Set<string>(fieldsOf(service).map(({ name }) => name))
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
}

/** The form has two steps: show the price, then place the order. An order is never placed without a shown price. */
async function takeOrder(context: OwnContext): Promise<FastifyReply> {
  const { request } = context
  const service = await serviceOf(context, field(request, 'service'))
  if (!service) return drawPick(context, field(request, 'service'))
  const filled = filledIn(request, service)
  const isPriced = field(request, 'max_charge') !== '' && field(request, 'retry') === filled.retry
  return field(request, 'step') === 'place' && isPriced ? place(context, service, filled) : showPrice(context, service, filled)
}

/** Checks and prices the form while the user fills it in. Places nothing. */
async function sendPrice(context: OwnContext): Promise<FastifyReply> {
  const service = await serviceOf(context, field(context.request, 'service'))
  if (!service) return context.reply.code(UNPROCESSABLE).send({})
  const { given } = filledIn(context.request, service)
  return sendChecked(context, service, await checkOrder(context, service, given), 200)
}

async function place(context: OwnContext, service: Service, filled: Filled): Promise<FastifyReply> {
  const { orders, reply, request } = context
  const call = callOf(context, service, { ...filled.given, max_charge: field(request, 'max_charge') })
  // The key includes the order's fingerprint: a form that was changed after it was sent places another order, an unchanged form does not.
  const fingerprint = retryOf({ ...call, parameters: { ...call.parameters, idempotency_key: filled.retry } })!.fingerprint
  const retry = { key: `${OF_PAGES}${filled.retry}:${fingerprint}`, fingerprint, windowSeconds: 0 }
  try {
    const placed = `/orders/${await placeOrder(orders, call, retry)}?done=placed`
    return wantsData(request) ? await reply.send({ placed }) : await reply.redirect(placed, 303)
  } catch (error) {
    if (!isAnswer(error)) throw error
    // The price has risen since it was shown: show the new one and place nothing.
    if (error.code === 'price_above_max_charge') return showPrice(context, service, filled, 'price rose')
    // Report all faults of the form. A fault that only placing can find, like a key's daily cap that is used up, is reported alone.
    const checked = await checkOrder(context, service, filled.given)
    return show(
      context,
      service,
      filled,
      Object.keys(checked.faults).length > 0 ? checked : { ...checked, ...foundByPlacing(context, service, error) },
    )
  }
}

function foundByPlacing({ ui }: OwnContext, service: Service, { code }: Refusal): Pick<Checked, 'faults' | 'lasting'> {
  const names = fieldsOf(service).map(({ name }) => name)
  const { field, text, lasting } = shownFault({ field: placeOfCode(code).field, code }, ui, names)
  return { faults: { [field]: text }, lasting: lasting ? [field] : [] }
}

/** A prefix that no retry key of a customer can have. */
const OF_PAGES = '\u0001page:'

async function showPrice(context: OwnContext, service: Service, filled: Filled, priceRose?: 'price rose'): Promise<FastifyReply> {
  return show(context, service, filled, await checkOrder(context, service, filled.given), priceRose)
}

function show(context: OwnContext, service: Service, filled: Filled, checked: Checked, priceRose?: 'price rose'): Promise<FastifyReply> {
  const status = Object.keys(checked.faults).length > 0 ? UNPROCESSABLE : 200
  if (wantsData(context.request)) return sendChecked(context, service, checked, status, priceRose)
  return draw(context, service, filled, checked, status, priceRose)
}

/** The answer to the page's script: the faults, and the price drawn as the page draws it. */
async function sendChecked(
  context: OwnContext,
  service: Service,
  checked: Checked,
  status: number,
  priceRose?: 'price rose',
): Promise<FastifyReply> {
  const { checkedAnswer } = await import('./cost.tsx')
  const { reply, ui, orders } = context
  const payer = { ...context.caller, now: orders.now(), conversion: conversionOf(await context.otherCurrency()) }
  const answer = checkedAnswer(ui.frame.texts, offered(context, service), checked, payer)
  const warning = priceRose && { turned: ui.frame.texts.text('order.priceTurned') }
  return reply.code(status).send({ ...answer, ...warning })
}

async function draw(context: OwnContext, service: Service, filled: Filled, checked: Checked, status = 200, priceRose?: 'price rose') {
  const { reply, ui, caller, orders } = context
  const { orderPage } = await import('./order-form.tsx')
  const favourites = await readFavourites(orders.db, caller.accountId)
  const other = await context.otherCurrency()
  const payer = { ...caller, now: orders.now(), conversion: conversionOf(other) }
  const about = { offered: offered(context, service), fields: fieldsOf(service), payer, favourites, other }
  return sendOwnPage(reply, orderPage(ui, { ...filled, checked, ...about, priceRose: priceRose === 'price rose' }), status)
}

async function drawPick(context: OwnContext, asked: string): Promise<FastifyReply> {
  const { reply, ui, caller, orders } = context
  const { pickPage } = await import('./order-form.tsx')
  const favourites = await readFavourites(orders.db, caller.accountId)
  return sendOwnPage(
    reply,
    pickPage(ui, { asked, favourites, currency: caller.currency, other: await context.otherCurrency() }),
    asked === '' ? 200 : UNPROCESSABLE,
  )
}

async function serviceOf({ orders }: OwnContext, text: string): Promise<Service | undefined> {
  const id = /^[1-9]\d{0,9}$/.test(text.trim()) ? Number(text) : undefined
  const service = id === undefined ? undefined : (await orders.catalogue.newest()).services.get(id)
  return service?.state === 'hidden' ? undefined : service
}
