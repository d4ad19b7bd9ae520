import { fieldsByType } from '../fields.ts'
import { amountOf, chargeOf, unitsOf } from './money.ts'

/** A service that the mock sells. */
export interface MockService {
  readonly service: number
  readonly name?: string
  readonly type?: string
  readonly category?: string
  /** Per 1000; of a package, for one. */
  readonly rate: string
  readonly min?: number
  readonly max?: number
  readonly dripfeed?: boolean
  readonly refill?: boolean
  readonly cancel?: boolean
}

export interface MockOrder {
  readonly id: number
  readonly service: number
  /** What was sent, without the key. */
  readonly fields: Parameters
  readonly retryKey: string | undefined
  readonly quantity: number
  status: string
  startCount: number
  remains: number
  charge: string
}

export interface MockRefill {
  readonly id: number
  readonly order: number
  status: string
}

export interface Move {
  readonly status?: string
  readonly startCount?: number
  readonly remains?: number
}

export type Parameters = Readonly<Record<string, string>>

/** The mock's no, which reaches the client as `{"error": …}`. */
export class MockRefusal extends Error {}

const FINAL = new Set(['Completed', 'Partial', 'Canceled', 'Expired', 'Rejected', 'Error'])
const REQUIRED: Parameters = { link: 'Link is required', quantity: 'Quantity is required' }
const FIRST_ORDER = 23_501

/** Orders, refills and the balance of the mock, and what it does with them. */
export class MockShop {
  readonly orders: MockOrder[] = []
  readonly refills: MockRefill[] = []
  /** What was placed or moved, oldest first. */
  readonly events: { readonly order?: number; readonly refill?: number }[] = []
  readonly #services: readonly MockService[]
  #balance: bigint

  constructor(services: readonly MockService[], balance: string) {
    this.#services = services
    this.#balance = unitsOf(balance)
  }

  get balance(): string {
    return amountOf(this.#balance)
  }

  add(parameters: Parameters, keepsRetryKeys: boolean): MockOrder {
    const retryKey = keepsRetryKeys ? parameters['idempotency_key'] : undefined
    const fields = Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== 'action' && name !== 'idempotency_key'))
    const first = retryKey === undefined ? undefined : this.orders.find((order) => order.retryKey === retryKey)
    if (first && !isSame(first.fields, fields)) throw new MockRefusal('Idempotency key was used with other parameters')
    if (first) return first
    const { service, quantity, charge } = this.price(fields)
    if (charge > this.#balance) throw new MockRefusal('Not enough funds on balance')
    this.#balance -= charge
    const id = FIRST_ORDER + this.orders.length
    // Only a subscription counts nothing when it is placed.
    const status = quantity === 0 ? 'Active' : 'Pending'
    const order = { id, service, fields, retryKey, quantity, status, startCount: 0, remains: quantity, charge: amountOf(charge) }
    this.orders.push(order)
    this.events.push({ order: id })
    return order
  }

  price(parameters: Parameters): { readonly service: number; readonly quantity: number; readonly charge: bigint } {
    const service = this.#services.find((each) => String(each.service) === parameters['service'])
    const type = service && fieldsByType[service.type ?? 'Default']
    if (!service || !type) throw new MockRefusal('Incorrect service ID')
    const conditional = type.conditional.filter(([, field, is]) => parameters[field!] === is).map(([name]) => name!)
    for (const name of [...type.needed, ...conditional]) {
      if (!parameters[name]?.trim()) throw new MockRefusal(REQUIRED[name] ?? 'Incorrect request')
    }
    const counted = countOf(type.counted, parameters)
    if (type.counted !== 'package' && type.counted !== 'child orders') checkBounds(counted, service)
    const quantity = counted * (type.runs ? runsOf(service, parameters) : 1)
    const charge = chargeOf(service.rate, type.counted === 'package' ? 1000 : quantity)
    const most = parameters['max_charge']
    if (most !== undefined && charge > unitsOf(most)) throw new MockRefusal(`Price is now ${amountOf(charge)}`)
    return { service: service.service, quantity, charge }
  }

  find(id: string | undefined): MockOrder {
    const order = this.orders.find((each) => String(each.id) === id)
    if (!order) throw new MockRefusal('Incorrect order ID')
    return order
  }

  findUnder(retryKey: string): MockOrder {
    if (retryKey.length > 255) throw new MockRefusal('Incorrect request')
    const order = this.orders.find((each) => each.retryKey === retryKey)
    if (!order) throw new MockRefusal('Incorrect order ID')
    return order
  }

  findRefill(id: string | undefined): MockRefill {
    const refill = this.refills.find((each) => String(each.id) === id)
    if (!refill) throw new MockRefusal('Refill not found')
    return refill
  }

  cancel(order: MockOrder): number {
    if (FINAL.has(order.status) || !this.#serviceOf(order).cancel) throw new MockRefusal('Order cannot be canceled')
    this.move(order.id, { status: 'Canceled' })
    return 1
  }

  refill(order: MockOrder): number {
    const isDone = order.status === 'Completed' || order.status === 'Partial'
    if (!this.#serviceOf(order).refill || !isDone) throw new MockRefusal('Refill is not available for this order')
    const isOpen = this.refills.some((each) => each.order === order.id && !FINAL.has(each.status))
    if (isOpen) throw new MockRefusal('Refill already requested')
    const id = this.refills.length + 1
    this.refills.push({ id, order: order.id, status: 'Pending' })
    this.events.push({ refill: id })
    return id
  }

  move(id: number | string, { status, startCount, remains }: Move): void {
    const order = this.find(String(id))
    if (FINAL.has(order.status)) throw new RangeError(`Order ${id} has ended as ${order.status}`)
    order.status = status ?? order.status
    order.startCount = startCount ?? order.startCount
    order.remains = remains ?? (status === 'Completed' ? 0 : order.remains)
    const paid = unitsOf(order.charge)
    const partly = order.status === 'Partial' ? (paid * BigInt(Math.max(0, order.remains))) / BigInt(order.quantity || 1) : 0n
    const back = order.status === 'Canceled' ? paid : partly
    this.#balance += back
    order.charge = amountOf(paid - back)
    this.events.push({ order: order.id })
  }

  moveRefill(id: number | string, status: string): void {
    const refill = this.findRefill(String(id))
    refill.status = status
    this.events.push({ refill: refill.id })
  }

  #serviceOf(order: MockOrder): MockService {
    return this.#services.find((each) => each.service === order.service)!
  }
}

function checkBounds(quantity: number, { min = 1, max = 1_000_000 }: MockService): void {
  if (quantity < min) throw new MockRefusal(`Quantity less than minimal ${min}`)
  if (quantity > max) throw new MockRefusal(`Quantity more than maximum ${max}`)
}

function countOf(counted: string, parameters: Parameters): number {
  if (counted === 'package') return 1
  if (counted === 'child orders') return 0
  if (counted !== 'quantity') return parameters[counted]!.split(/\r?\n/).filter((line) => line.trim() !== '').length
  if (!/^[1-9]\d{0,14}$/.test(parameters['quantity']!)) throw new MockRefusal('Incorrect quantity')
  return Number(parameters['quantity'])
}

function runsOf(service: MockService, { runs = '1', interval }: Parameters): number {
  if (Number(runs) <= 1) return 1
  if (!service.dripfeed) throw new MockRefusal('Drip-feed is not available for this service')
  if (interval === undefined) throw new MockRefusal('Interval is required')
  return Number(runs)
}

function isSame(one: Parameters, other: Parameters): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => one[name] === other[name])
}
