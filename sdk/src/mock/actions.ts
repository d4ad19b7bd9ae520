import { amountOf } from './money.ts'
import { type MockOrder, MockRefusal, type MockService, type MockShop, type Parameters } from './shop.ts'

export type Answer = unknown
export type Actions = Readonly<Record<string, (parameters: Parameters) => Answer>>

export interface Panel {
  readonly shop: MockShop
  readonly services: readonly MockService[]
  readonly currency: string
  readonly keepsRetryKeys: boolean
  readonly hasFeed: boolean
}

/** Each action of the API, by its name. */
export function actionsOf({ shop, services, currency, keepsRetryKeys, hasFeed }: Panel): Actions {
  const state = ({ charge, startCount, status, remains }: MockOrder) => ({
    charge,
    start_count: `${startCount}`,
    status,
    remains: `${remains}`,
    currency,
  })

  function status(parameters: Parameters): Answer {
    const { order, orders, idempotency_key: retryKey } = parameters
    if (orders !== undefined) return Object.fromEntries(eachOf(orders).map((id) => [id, orError(() => state(shop.find(id)))]))
    if (retryKey === undefined || order !== undefined || !keepsRetryKeys) return state(shop.find(order))
    const found = shop.findUnder(retryKey)
    return { order: found.id, ...state(found) }
  }

  function refill({ order, orders }: Parameters): Answer {
    if (orders === undefined) return { refill: `${shop.refill(shop.find(order))}` }
    return eachOf(orders).map((id) => ({ order: Number(id), refill: orError(() => shop.refill(shop.find(id))) }))
  }

  function refillStatus({ refill, refills }: Parameters): Answer {
    if (refills === undefined) return { status: shop.findRefill(refill).status }
    return eachOf(refills).map((id) => ({ refill: Number(id), status: orError(() => shop.findRefill(id).status) }))
  }

  function changes({ since = '0' }: Parameters): Answer {
    const from = Number(since)
    const steps = shop.events.slice(from, from + MOST_STEPS)
    const orders = new Set(steps.flatMap((step) => step.order ?? []))
    const refills = new Set(steps.flatMap((step) => step.refill ?? []))
    return {
      cursor: String(from + steps.length),
      orders: Object.fromEntries([...orders].map((id) => [id, state(shop.find(String(id)))])),
      refills: Object.fromEntries(shop.refills.filter(({ id }) => refills.has(id)).map(({ id, status, order }) => [id, { status, order }])),
      more: from + steps.length < shop.events.length,
    }
  }

  return {
    balance: () => ({ balance: shop.balance, currency }),
    services: () => services.map(listed),
    add: (parameters) => ({ order: shop.add(parameters, keepsRetryKeys).id }),
    quote: (parameters) => ({ charge: amountOf(shop.price(parameters).charge), currency }),
    status,
    cancel: ({ order = '', orders = order }) =>
      eachOf(orders).map((id) => ({ order: Number(id), cancel: orError(() => shop.cancel(shop.find(id))) })),
    refill,
    refill_status: refillStatus,
    ...(hasFeed && { changes }),
  }
}

const MOST_STEPS = 500
const MOST_IDS = 100

export function orError<T>(work: () => T): T | { readonly error: string } {
  try {
    return work()
  } catch (error) {
    if (error instanceof MockRefusal) return { error: error.message }
    throw error
  }
}

function eachOf(list: string): string[] {
  return [...new Set(list.split(',').map((id) => id.trim()))].slice(0, MOST_IDS)
}

function listed({ service, rate, ...rest }: MockService): Answer {
  const { name = `Service ${service}`, type = 'Default', category = 'Test', min = 1, max = 1_000_000 } = rest
  const { dripfeed = false, refill = false, cancel = false } = rest
  return { service, name, type, rate, min: String(min), max: String(max), dripfeed, refill, cancel, category }
}
