import type { OrderCode } from '../../contract/refusals.ts'
import type { FieldName } from '../../contract/service-types.ts'
import type { Catalogue, Service } from '../catalog/catalogue.ts'
import type { Caller } from '../customers/callers.ts'
import { whyNotAllowed } from '../customers/key-rights.ts'
import { formatUnits, parseUnits, type Units } from '../ledger/money.ts'
import type { PricedOrder, Retry } from '../orders/priced-order.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import type { Call, OrderContext } from './call.ts'
import { linkNormalForm } from './link.ts'
import { type CountedForm, keptParameters, type ReadForm, readOrderForm } from './order-form.ts'
import { checkPricesAreOf, isBeyondAnyWallet, type Price, priceFor, type ReckonedOrder, soldTo } from './price-sale.ts'

/** Why an order is refused, and the field at fault; `form` means the order as a whole. */
export interface OrderFault {
  readonly field: FieldName | 'form'
  readonly refusal: Refusal<OrderCode | 'invalid_key'>
}

/** What pricing needs of the context of ordering. */
type Pricing = Pick<OrderContext, 'now'> & { readonly houseRefusals: Pick<OrderContext['houseRefusals'], 'count'> }

/**
 * Checks and prices an order by one catalogue. Throws the Refusal that the customer sees, or PricesChanged when the caller must be looked up again:
 * an order is never sold at a rate that is no longer agreed.
 */
export function priceOrder(context: Pricing, call: Call, catalogue: Catalogue, retry: Retry | null): PricedOrder {
  const priced = priceOrRefuse(context, call, catalogue, retry)
  if (isRefusal(priced)) throw priced
  return priced
}

/** The same for callers that price many orders: answers the Refusal. Throws PricesChanged. */
export function priceOrRefuse(context: Pricing, call: Call, catalogue: Catalogue, retry: Retry | null): PricedOrder | Refusal {
  const reading = readOrder(context, call, catalogue)
  if (isRefusal(reading)) return reading
  const fault = faultsOf(context, call, catalogue, reading).next()
  if (!fault.done) return fault.value.refusal
  return reckon(call.caller, reading, retry) as PricedOrder
}

/** All faults of an order, first the one that the API would answer, and its price when its quantity is right. Throws PricesChanged. */
export function examineOrder(
  context: Pricing,
  call: Call,
  catalogue: Catalogue,
): { readonly faults: readonly OrderFault[]; readonly order: ReckonedOrder | undefined; readonly target: OrderFault['field'] } {
  const reading = readOrder(context, call, catalogue)
  if (isRefusal(reading)) return { faults: [{ field: 'form', refusal: reading }], order: undefined, target: 'form' }
  const faults = [...faultsOf(context, call, catalogue, reading)]
  const isPayable = !faults.some(({ refusal }) => isRefusal(refusal, 'quantity_below_min', 'quantity_above_max', 'not_enough_funds'))
  const order = reading.counted && isPayable ? reckon(call.caller, reading, null) : undefined
  return { faults, order, target: reading.form.target }
}

interface Reading {
  readonly service: Service
  readonly form: ReadForm
  readonly parameters: PricedOrder['parameters']
  readonly counted: CountedOrder | undefined
}

interface CountedOrder extends CountedForm {
  readonly price: Price
}

function readOrder(
  context: Pricing,
  { caller, parameters }: Call,
  catalogue: Catalogue,
): Reading | Refusal<'incorrect_service' | 'service_disabled'> {
  checkPricesAreOf(catalogue, caller)
  const service = serviceOf(catalogue, parameters['service'])
  if (isRefusal(service)) return service
  const form = readOrderForm(service, parameters, context.now())
  return {
    service,
    form,
    parameters: keptParameters(form),
    counted: form.counted && countedOrder(form.counted, priceFor(service, form.counted.quantity, caller.prices)),
  }
}

function serviceOf(catalogue: Catalogue, text: string | undefined): Service | Refusal<'incorrect_service' | 'service_disabled'> {
  const service = text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? catalogue.services.get(Number(text)) : undefined
  if (!service || service.state === 'hidden') return refuse('incorrect_service')
  return service.state === 'disabled' ? refuse('service_disabled') : service
}

/** Yields the faults in the order in which the API reports them. A check runs only when the caller asks for the next fault. */
function* faultsOf(context: Pricing, { caller, parameters }: Call, catalogue: Catalogue, reading: Reading): Generator<OrderFault> {
  const { service, form, counted } = reading
  for (const { field, code } of form.faults) yield { field, refusal: refuse(code) }
  const denied = caller.rights && whyNotAllowed(caller.rights, { serviceId: service.id, isSubscription: form.target === 'username' })
  if (denied) yield { field: 'form', refusal: refuse(denied) }
  const link = form.read[form.target]
  const rule = link === undefined ? undefined : catalogue.houseRules.forbidding({ link, parameters: reading.parameters })
  if (rule) {
    context.houseRefusals.count(rule, caller.accountId, link!)
    yield { field: form.target, refusal: refuse('house_rule') }
  }
  if (!counted) return
  for (const { field, quantity } of counted.bounded) {
    if (quantity < service.min) yield { field, refusal: refuse('quantity_below_min', service.min) }
    if (quantity > service.max) yield { field, refusal: refuse('quantity_above_max', service.max) }
  }
  const refusal = whyTooDear(parameters['max_charge'], counted.price.charge)
  if (refusal) yield { field: 'form', refusal }
  if (isBeyondAnyWallet(counted.price.charge)) yield { field: 'form', refusal: refuse('not_enough_funds') }
}

function whyTooDear(text: string | undefined, charge: Units): Refusal<'incorrect_max_charge' | 'price_above_max_charge'> | undefined {
  if (text === undefined) return undefined
  let most: Units
  try {
    most = parseUnits(text)
  } catch {
    return refuse('incorrect_max_charge')
  }
  return charge > most ? refuse('price_above_max_charge', formatUnits(charge)) : undefined
}

function countedOrder({ kind, quantity, bounded }: CountedForm, price: Price): CountedOrder {
  return { kind, quantity, bounded, price }
}

/** The order as it is sold. It has a link when its form has no fault. */
function reckon(caller: Caller, { service, form, parameters, counted }: Reading, retry: Retry | null): ReckonedOrder {
  const { kind, quantity, price } = counted!
  const link = form.read[form.target]
  const activeLink = service.oneActiveLink && link !== undefined ? linkNormalForm(link) : null
  const buyer = { bookId: caller.bookId, keyId: caller.keyId, test: caller.test, capped: caller.rights?.capped === true }
  return soldTo(buyer, { service, supplierId: null, price, kind, quantity, parameters, activeLink, link, retry, post: null })
}
