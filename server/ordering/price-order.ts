import { priceIsNow, quantityAbove, quantityBelow, refusals } from '../../contract/refusals.ts'
import { isPackageType } from '../../contract/service-types.ts'
import { type Catalogue, type Service, SIMULATED_SUPPLIER } from '../catalog/catalogue.ts'
import { callersRate, chargeFor, PricesTurned } from '../catalog/price.ts'
import { checkOrderRights } from '../customers/key-rights.ts'
import { refuseByHouseRules } from '../house-rules/refuse.ts'
import { formatUnits, parseUnits } from '../ledger/money.ts'
import type { PricedOrder, Retry } from '../orders/priced-order.ts'
import { Refusal } from '../refusal.ts'
import type { Call, OrderContext } from './call.ts'
import { linkNormalForm } from './link.ts'
import { readOrderForm } from './order-form.ts'

/** The largest number that the database has for a wallet: nobody can pay more. */
const LARGEST_CHARGE = 2n ** 63n - 1n

/** Checks and prices an order by one catalogue. Throws the Refusal that the customer sees, or PricesTurned when the caller must
 * be looked up again: an order is never sold at a rate that is no longer agreed. */
export function priceOrder(context: OrderContext, { caller, parameters }: Call, catalogue: Catalogue, retry: Retry | null): PricedOrder {
  if (caller.pricesVersion < catalogue.version) throw new PricesTurned()
  const service = serviceOf(catalogue, parameters['service'])
  const form = readOrderForm(service, parameters, context.now())
  if (caller.rights) checkOrderRights(caller.rights, { serviceId: service.id, isSubscription: form.kind === 'subscription' })
  refuseByHouseRules(catalogue.houseRules, form, (rule) => context.houseRefusals.count(rule, caller.accountId, form.link))
  for (const quantity of form.bounded ?? []) checkBounds(service, quantity)
  const rate = callersRate(service.id, service.rate, caller.prices)
  const charge = chargeFor(rate.value, form.counted, isPackageType(service.type))
  checkMaxCharge(parameters['max_charge'], charge)
  if (charge > LARGEST_CHARGE) throw new Refusal(refusals.notEnoughFunds, { code: 'not_enough_funds' })
  return {
    bookId: caller.bookId,
    keyId: caller.keyId,
    serviceId: service.id,
    supplierId: caller.test ? SIMULATED_SUPPLIER : service.supplierId,
    kind: form.kind,
    quantity: form.counted,
    charge,
    rate: rate.text,
    rateSource: rate.source,
    link: form.link,
    parameters: form.parameters,
    activeLink: service.oneActiveLink ? linkNormalForm(form.link) : null,
    capped: caller.rights?.capped === true,
    retry,
  }
}

function serviceOf(catalogue: Catalogue, text: string | undefined): Service {
  const service = text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? catalogue.services.get(Number(text)) : undefined
  if (!service || service.state === 'hidden') throw new Refusal(refusals.incorrectService, { code: 'incorrect_service' })
  if (service.state === 'disabled') throw new Refusal(refusals.disabledService, { code: 'service_disabled' })
  return service
}

function checkBounds(service: Service, quantity: bigint) {
  if (quantity < service.min) throw new Refusal(quantityBelow(service.min), { code: 'quantity_below_min' })
  if (quantity > service.max) throw new Refusal(quantityAbove(service.max), { code: 'quantity_above_max' })
}

function checkMaxCharge(text: string | undefined, charge: bigint) {
  if (text === undefined) return
  let most: bigint
  try {
    most = parseUnits(text)
  } catch {
    throw new Refusal(refusals.incorrectRequest, { code: 'incorrect_max_charge' })
  }
  if (charge > most) throw new Refusal(priceIsNow(formatUnits(charge)), { code: 'price_above_max_charge' })
}
