import { mockFields } from './mock/fields.ts'
import { amountOf, chargeOf, unitsOf } from './mock/money.ts'
import { pageOf } from './mock/feed.ts'

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
  readonly fields: Readonly<Record<string, string>>
  readonly retryKey: string | undefined
  readonly quantity: number
  status: string
  startCount: number
  remains: number
  charge: string
}

export interface MockOptions {
  readonly key?: string
  readonly balance?: string
  readonly currency?: string
  readonly services?: readonly MockService[]
  /** False for a panel that does not know retry keys. */
  readonly keepsRetryKeys?: boolean
  /** False for a panel without `action=changes`. */
  readonly hasFeed?: boolean
}

/**
 * What goes wrong with a call. `lost reply`: it is done, then the connection breaks. `no connection`: nothing arrives. `no answer`: it is done, and
 * nothing comes back. `error page`: it is done, and a proxy answers 502. `too many requests`: it is not done.
 */
export type MockFault = 'lost reply' | 'no connection' | 'no answer' | 'error page' | 'too many requests'

export interface MockPanel {
  /** For `new Docket({ url, key, fetch })`. */
  readonly url: string
  readonly key: string
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  /** Everything that was ordered. */
  readonly orders: readonly MockOrder[]
  /** Every call that arrived, its parameters without the key. */
  readonly calls: readonly Readonly<Record<string, string>>[]
  balance(): string
  /** Moves an order on, and pays back what a Partial or Canceled one did not deliver. */
  move(order: number | string, to: Move): void
  moveRefill(refill: number | string, status: string): void
  /** The next calls of this action go wrong. */
  fail(fault: MockFault, action?: string, times?: number): void
  /** Answers at a real address too. Node, Bun and Deno. */
  listen(port?: number): Promise<{ readonly url: string; close(): Promise<void> }>
}

type Answer = unknown
type Parameters = Readonly<Record<string, string>>

class Refusal extends Error {}

const DEFAULT_SERVICES: readonly MockService[] = [
  { service: 1, name: 'Followers', rate: '0.90', min: 50, max: 10_000, dripfeed: true, refill: true, cancel: true },
  { service: 2, name: 'Comments', type: 'Custom Comments', rate: '8', min: 1, max: 1_500 },
]

/** A panel in memory, for tests of programs that order. */
export function mockPanel(options: MockOptions = {}): MockPanel {
  const { key = 'mock-key', currency = 'USD', services = DEFAULT_SERVICES, keepsRetryKeys = true, hasFeed = true } = options
  const orders: MockOrder[] = []
  const refills: { readonly id: number; readonly order: number; status: string }[] = []
  const calls: Parameters[] = []
  const planned: { fault: MockFault; action: string }[] = []
  const events: { readonly order?: number; readonly refill?: number }[] = []
  let balance = unitsOf(options.balance ?? '100')

  const actions: Readonly<Record<string, (parameters: Parameters) => Answer>> = {
    balance: () => ({ balance: amountOf(balance), currency }),
    services: () => services.map(listed),
    add,
    quote: (parameters) => ({ charge: amountOf(priced(parameters).charge), currency }),
    status(parameters) {
      const { idempotency_key: retryKey, orders: several } = parameters
      if (several !== undefined) return Object.fromEntries(eachOf(several).map((id) => [id, orError(() => state(find(id)))]))
      if (retryKey === undefined || !keepsRetryKeys || parameters['order'] !== undefined) return state(find(parameters['order']))
      if (retryKey.length > 255) throw new Refusal('Incorrect request')
      const order = orders.find((each) => each.retryKey === retryKey) ?? find(undefined)
      return { order: order.id, ...state(order) }
    },
    cancel: ({ order = '', orders: several = order }) =>
      eachOf(several).map((id) => ({ order: Number(id), cancel: orError(() => cancel(find(id))) })),
    refill: ({ order, orders: several }) =>
      several === undefined
        ? { refill: String(refill(find(order))) }
        : eachOf(several).map((id) => ({ order: Number(id), refill: orError(() => refill(find(id))) })),
    refill_status: ({ refill: one, refills: several }) =>
      several === undefined
        ? { status: findRefill(one).status }
        : eachOf(several).map((id) => ({ refill: Number(id), status: orError(() => findRefill(id).status) })),
    ...(hasFeed && {
      changes({ since = '0' }: Parameters) {
        const { cursor, more, steps } = pageOf(events, since)
        const moved = new Set(steps.flatMap((step) => step.order ?? []))
        const refilled = new Set(steps.flatMap((step) => step.refill ?? []))
        const refillsMoved = refills.filter(({ id }) => refilled.has(id)).map(({ id, status, order }) => [id, { status, order }])
        return {
          cursor,
          orders: Object.fromEntries([...moved].map((id) => [id, state(find(String(id)))])),
          refills: Object.fromEntries(refillsMoved),
          more,
        }
      },
    }),
  }

  function add(parameters: Parameters): Answer {
    const retryKey = keepsRetryKeys ? parameters['idempotency_key'] : undefined
    const { action: _, idempotency_key: __, ...fields } = parameters
    const first = retryKey === undefined ? undefined : orders.find((order) => order.retryKey === retryKey)
    if (first && !sameFields(first.fields, fields)) throw new Refusal('Idempotency key was used with other parameters')
    if (first) return { order: first.id }
    const { service, quantity, charge } = priced(parameters)
    if (charge > balance) throw new Refusal('Not enough funds on balance')
    balance -= charge
    const order = {
      id: 23_501 + orders.length,
      service,
      fields,
      retryKey,
      quantity,
      status: 'Pending',
      startCount: 0,
      remains: quantity,
      charge: amountOf(charge),
    }
    orders.push(order)
    events.push({ order: order.id })
    return { order: order.id }
  }

  function priced(parameters: Parameters) {
    const service = services.find((each) => String(each.service) === parameters['service'])
    const type = service && mockFields[service.type ?? 'Default']
    if (!service || !type) throw new Refusal('Incorrect service ID')
    const needed = [...type.needed, ...type.conditional.flatMap(([name, field, is]) => (parameters[field!] === is ? [name!] : []))]
    for (const name of needed) if (!parameters[name]?.trim()) throw new Refusal(REQUIRED[name] ?? 'Incorrect request')
    const quantity = countOf(type.counted, parameters)
    const { min = 1, max = 1_000_000 } = service
    const isBounded = type.counted !== 'package' && type.counted !== 'child orders'
    if (isBounded && quantity < min) throw new Refusal(`Quantity less than minimal ${min}`)
    if (isBounded && quantity > max) throw new Refusal(`Quantity more than maximum ${max}`)
    const runs = type.runs ? runsOf(service, parameters) : 1
    const charge = type.counted === 'child orders' ? 0n : chargeOf(service.rate, type.counted === 'package' ? 1000 : quantity * runs)
    if (parameters['max_charge'] !== undefined && charge > unitsOf(parameters['max_charge']))
      throw new Refusal(`Price is now ${amountOf(charge)}`)
    return { service: service.service, quantity: quantity * runs, charge }
  }

  function state(order: MockOrder): Record<string, Answer> {
    return { charge: order.charge, start_count: String(order.startCount), status: order.status, remains: String(order.remains), currency }
  }

  function find(id: string | undefined): MockOrder {
    const order = orders.find((each) => String(each.id) === id)
    if (!order) throw new Refusal('Incorrect order ID')
    return order
  }

  function findRefill(id: string | undefined) {
    const found = refills.find((each) => String(each.id) === id)
    if (!found) throw new Refusal('Refill not found')
    return found
  }

  function cancel(order: MockOrder): number {
    const isOpen = !FINAL.includes(order.status)
    if (!isOpen || !serviceOf(order).cancel) throw new Refusal('Order cannot be canceled')
    move(order.id, { status: 'Canceled' })
    return 1
  }

  function refill(order: MockOrder): number {
    const isDone = order.status === 'Completed' || order.status === 'Partial'
    if (!serviceOf(order).refill || !isDone) throw new Refusal('Refill is not available for this order')
    if (refills.some((each) => each.order === order.id && !FINAL.includes(each.status))) throw new Refusal('Refill already requested')
    const made = { id: refills.length + 1, order: order.id, status: 'Pending' }
    refills.push(made)
    events.push({ refill: made.id })
    return made.id
  }

  function serviceOf(order: MockOrder): MockService {
    return services.find((each) => each.service === order.service)!
  }

  function move(id: number | string, { status, startCount, remains }: Move) {
    const order = find(String(id))
    if (FINAL.includes(order.status)) throw new RangeError(`Order ${id} has ended as ${order.status}`)
    order.status = status ?? order.status
    order.startCount = startCount ?? order.startCount
    order.remains = remains ?? (status === 'Completed' ? 0 : order.remains)
    const paid = unitsOf(order.charge)
    const back =
      status === 'Canceled' ? paid : status === 'Partial' ? (paid * BigInt(Math.max(0, order.remains))) / BigInt(order.quantity) : 0n
    balance += back
    order.charge = amountOf(paid - back)
    events.push({ order: order.id })
  }

  async function answer(url: string, init: RequestInit = {}): Promise<Response> {
    init.signal?.throwIfAborted()
    if (new URL(url).pathname.endsWith('/events')) return hasFeed ? stream(events.length) : new Response('Not found', { status: 404 })
    const { key: sent, ...parameters } = parametersOf(url, init)
    const action = parameters['action'] ?? ''
    const at = planned.findIndex((each) => each.action === action)
    const fault = at === -1 ? undefined : planned.splice(at, 1)[0]!.fault
    if (fault === 'no connection') throw notConnected()
    calls.push(parameters)
    if (fault === 'too many requests') return json({ error: 'Too many requests' }, { status: 429, headers: { 'retry-after': '1' } })
    const said = orError(() => {
      if (sent !== key) throw new Refusal('Invalid API key')
      const work = Object.hasOwn(actions, action) ? actions[action] : undefined
      if (!work) throw new Refusal('Incorrect request')
      return work(parameters)
    })
    if (fault === 'lost reply')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) })
    if (fault === 'error page')
      return new Response('<html><h1>502 Bad Gateway</h1></html>', { status: 502, headers: { 'content-type': 'text/html' } })
    if (fault === 'no answer') return never(init.signal)
    return action === 'services' ? withTag(said, new Headers(init.headers).get('if-none-match')) : json(said)
  }

  return {
    url: 'http://mock.invalid/api/v2',
    key,
    fetch: answer,
    orders,
    calls,
    balance: () => amountOf(balance),
    move,
    moveRefill(id, status) {
      findRefill(String(id)).status = status
      events.push({ refill: Number(id) })
    },
    fail(fault, action = 'add', times = 1) {
      for (let time = 0; time < times; time += 1) planned.push({ fault, action })
    },
    async listen(port = 0) {
      const { listenOn } = await import('./mock/listen.ts')
      return listenOn(answer, port)
    },
  }
}

export type Move = { readonly status?: string; readonly startCount?: number; readonly remains?: number }

const FINAL = ['Completed', 'Partial', 'Canceled', 'Expired', 'Rejected', 'Error']
const REQUIRED: Parameters = { link: 'Link is required', quantity: 'Quantity is required' }

function listed({ service, rate, ...rest }: MockService): Answer {
  const { name = `Service ${service}`, type = 'Default', category = 'Test', min = 1, max = 1_000_000 } = rest
  const { dripfeed = false, refill = false, cancel = false } = rest
  return { service, name, type, rate, min: String(min), max: String(max), dripfeed, refill, cancel, category }
}

function eachOf(list: string): string[] {
  return [...new Set(list.split(',').map((id) => id.trim()))].slice(0, 100)
}

function orError<T>(work: () => T): T | { readonly error: string } {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message }
    throw error
  }
}

function countOf(counted: string, parameters: Parameters): number {
  if (counted === 'package') return 1
  if (counted === 'child orders') return 0
  if (counted !== 'quantity') return parameters[counted]!.split(/\r?\n/).filter((line) => line.trim() !== '').length
  if (!/^[1-9]\d{0,14}$/.test(parameters['quantity']!)) throw new Refusal('Incorrect quantity')
  return Number(parameters['quantity'])
}

function runsOf(service: MockService, { runs = '1', interval }: Parameters): number {
  if (Number(runs) <= 1) return 1
  if (!service.dripfeed) throw new Refusal('Drip-feed is not available for this service')
  if (interval === undefined) throw new Refusal('Interval is required')
  return Number(runs)
}

function sameFields(one: Parameters, other: Parameters): boolean {
  const text = (fields: Parameters) => JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))
  return text(one) === text(other)
}

function parametersOf(url: string, { body }: RequestInit): Parameters {
  const text = typeof body === 'string' || body instanceof URLSearchParams ? String(body) : ''
  const query = [...new URL(url).searchParams]
  if (!text.startsWith('{')) return Object.fromEntries([...query, ...new URLSearchParams(text)])
  const sent = Object.entries(JSON.parse(text) as object).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : String(value),
  ])
  return Object.fromEntries([...query, ...sent]) as Parameters
}

function json(value: Answer, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(value), { ...init, headers: { 'content-type': 'application/json', ...init.headers } })
}

function withTag(list: Answer, known: string | null): Response {
  const text = JSON.stringify(list)
  const sum = [...text].reduce((hash, character) => (hash * 31 + character.codePointAt(0)!) % 4_294_967_291, 7)
  const etag = `W/"${sum.toString(36)}"`
  return known === etag ? new Response(null, { status: 304, headers: { etag } }) : json(list, { headers: { etag } })
}

/** The first event of a stream, which tells the cursor of now. */
function stream(cursor: number): Response {
  const event = `id: ${cursor}\nevent: ready\ndata: ${JSON.stringify({ cursor: String(cursor) })}\n\n`
  return new Response(event, { headers: { 'content-type': 'text/event-stream' } })
}

function never(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
}

function notConnected(): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) })
}
