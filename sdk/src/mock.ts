import { actionsOf, type Answer, orError } from './mock/actions.ts'
import { type MockOrder, MockRefusal, type MockService, MockShop, type Move, type Parameters } from './mock/shop.ts'

export type { MockOrder, MockService, Move } from './mock/shop.ts'

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
  readonly balance: () => string
  /** Moves an order on, and pays back what a Partial or Canceled one did not deliver. */
  readonly move: (order: number | string, to: Move) => void
  readonly moveRefill: (refill: number | string, status: string) => void
  /** The next calls of this action go wrong. */
  readonly fail: (fault: MockFault, action?: string, times?: number) => void
  /** Answers at a real address too. Node, Bun and Deno. */
  readonly listen: (port?: number) => Promise<{ readonly url: string; readonly close: () => Promise<void> }>
}

const DEFAULT_SERVICES: readonly MockService[] = [
  { service: 1, name: 'Followers', rate: '0.90', min: 50, max: 10_000, dripfeed: true, refill: true, cancel: true },
  { service: 2, name: 'Comments', type: 'Custom Comments', rate: '8', min: 1, max: 1_500 },
]

/** A panel in memory, for tests of programs that order. */
export function mockPanel(options: MockOptions = {}): MockPanel {
  const { key = 'mock-key', currency = 'USD', services = DEFAULT_SERVICES, keepsRetryKeys = true, hasFeed = true } = options
  const shop = new MockShop(services, options.balance ?? '100')
  const actions = actionsOf({ shop, services, currency, keepsRetryKeys, hasFeed })
  const calls: Parameters[] = []
  const planned: { readonly fault: MockFault; readonly action: string }[] = []

  function said({ key: sent, ...parameters }: Parameters): Answer {
    return orError(() => {
      if (sent !== key) throw new MockRefusal('Invalid API key')
      const action = parameters['action'] ?? ''
      if (!Object.hasOwn(actions, action)) throw new MockRefusal('Incorrect request')
      return actions[action]!(parameters)
    })
  }

  async function answer(url: string, init: RequestInit = {}): Promise<Response> {
    init.signal?.throwIfAborted()
    if (new URL(url).pathname.endsWith('/events')) return hasFeed ? ready(shop.events.length) : new Response('Not found', { status: 404 })
    const parameters = parametersOf(url, init)
    const { key: _, ...shown } = parameters
    const at = planned.findIndex(({ action }) => action === shown['action'])
    const fault = at === -1 ? undefined : planned.splice(at, 1)[0]!.fault
    if (fault === 'no connection') throw broken('ECONNREFUSED')
    calls.push(shown)
    if (fault === 'too many requests') return json({ error: 'Too many requests' }, 429, { 'retry-after': '1' })
    const value = said(parameters)
    if (fault) return failing(fault, init.signal)
    return shown['action'] === 'services' ? withTag(value, new Headers(init.headers).get('if-none-match')) : json(value)
  }

  return {
    url: 'http://mock.invalid/api/v2',
    key,
    fetch: answer,
    orders: shop.orders,
    calls,
    balance: () => shop.balance,
    move: (order, to) => shop.move(order, to),
    moveRefill: (refill, status) => shop.moveRefill(refill, status),
    fail(fault, action = 'add', times = 1) {
      for (let time = 0; time < times; time += 1) planned.push({ fault, action })
    },
    async listen(port = 0) {
      const { listenOn } = await import('./mock/listen.ts')
      return listenOn(answer, port)
    },
  }
}

function failing(fault: 'lost reply' | 'error page' | 'no answer', signal?: AbortSignal | null): Promise<Response> | Response {
  if (fault === 'lost reply') throw broken('ECONNRESET')
  if (fault === 'error page')
    return new Response('<html><h1>502 Bad Gateway</h1></html>', { status: 502, headers: { 'content-type': 'text/html' } })
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
}

/** As Node’s fetch says it. */
function broken(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}

function parametersOf(url: string, { body }: RequestInit): Parameters {
  const text = typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : ''
  const query = new URL(url).searchParams
  if (!text.startsWith('{')) return Object.fromEntries([...query, ...new URLSearchParams(text)])
  const sent = Object.entries(JSON.parse(text) as object).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : String(value),
  ])
  return Object.fromEntries([...query, ...sent]) as Parameters
}

function json(value: Answer, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } })
}

/** The tag is the list's length: the list of a mock never changes. */
function withTag(list: Answer, known: string | null): Response {
  const etag = `W/"${JSON.stringify(list).length}"`
  return known === etag ? new Response(null, { status: 304, headers: { etag } }) : json(list, 200, { etag })
}

/** The first event of a stream, which tells the cursor of now. */
function ready(cursor: number): Response {
  const event = `id: ${cursor}\nevent: ready\ndata: ${JSON.stringify({ cursor: String(cursor) })}\n\n`
  return new Response(event, { headers: { 'content-type': 'text/event-stream' } })
}
