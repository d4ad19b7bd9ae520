import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An order that the fake supplier really has, in the contract's words and whole numbers. */
export interface SuppliedOrder {
  readonly id: number
  readonly idempotencyKey: string | undefined
  readonly fields: Readonly<Record<string, string>>
  status: string
  /** Of a subscription: the orders that it made. */
  children: number[]
  startCount: number
  remains: number
  charge: string
}

type Answer = unknown

/** How a panel says what the contract says. `base` is a panel that knows nothing of idempotency keys. */
interface Dialect {
  placed(order: SuppliedOrder): Answer
  standing(order: SuppliedOrder): Record<string, Answer>
  /** Several standings, by id; undefined where there is no such order. */
  several(found: ReadonlyMap<string, Record<string, Answer> | undefined>): Answer
  refusal(text: string): Answer
  unknownOrder: Answer
  contentType: string
  before: string
  idempotent: boolean
  firstId: number
}

const base: Dialect = {
  placed: (order) => ({ order: order.id }),
  standing: (order) => ({
    charge: order.charge,
    start_count: String(order.startCount),
    status: order.status,
    remains: String(order.remains),
    currency: 'USD',
  }),
  several: (found) => Object.fromEntries([...found].map(([id, standing]) => [id, standing ?? { error: 'Incorrect order ID' }])),
  refusal: (text) => ({ error: text }),
  unknownOrder: { error: 'Incorrect order ID' },
  contentType: 'application/json',
  before: '',
  idempotent: false,
  firstId: 23_501,
}

const known = (found: ReadonlyMap<string, Record<string, Answer> | undefined>) =>
  [...found].flatMap(([id, standing]) => (standing ? [[id, standing] as const] : []))

/** The words that panels in the field have for a status. */
const respelt: Readonly<Record<string, string>> = {
  Pending: 'Awaiting',
  Processing: 'processing',
  'In progress': 'Inprogress',
  Completed: 'COMPLETED',
  Canceled: 'Cancelled',
}

export const dialects = {
  plain: {},
  docket: { idempotent: true },
  'ids as text': { placed: (order) => ({ order: String(order.id) }) },
  'nested order': { placed: (order) => ({ order: { id: order.id, status: 'Pending' } }) },
  order_id: { placed: (order) => ({ order_id: order.id }) },
  'status beside the order': {
    placed: (order) => ({ status: 'success', order: order.id, error: null }),
    standing: (order) => ({ order: order.id, ...base.standing(order), start_count: order.startCount, remains: order.remains }),
    refusal: (text) => ({ status: 'error', msg: text }),
  },
  'other words': { standing: (order) => ({ ...base.standing(order), status: respelt[order.status] ?? order.status }) },
  'words in capitals': { standing: (order) => ({ ...base.standing(order), status: order.status.toUpperCase().replace(' ', '_') }) },
  'status as a list': { several: (found) => known(found).map(([id, standing]) => ({ order: Number(id), ...standing })) },
  'empty list for nothing': { several: (found) => (known(found).length === 0 ? [] : Object.fromEntries(known(found))), unknownOrder: [] },
  'errors as text': {
    several: (found) => Object.fromEntries([...found].map(([id, standing]) => [id, standing ?? 'Incorrect order ID'])),
  },
  'errors as objects': {
    refusal: (text) => ({ error: { code: 'refused', message: text } }),
    several: (found) => Object.fromEntries([...found].map(([id, standing]) => [id, standing ?? { error: { message: 'Order not found' } }])),
    unknownOrder: { error: { message: 'Order not found' } },
  },
  'errors as codes': {
    refusal: (text) => ({
      error: text === 'Not enough funds on balance' ? 'neworder.error.not_enough_funds' : 'error.incorrect_service_id',
    }),
    several: (found) => Object.fromEntries([...found].map(([id, standing]) => [id, standing ?? { error: 'order_not_found' }])),
    unknownOrder: { error: 'order_not_found' },
  },
  'numbers as numbers': {
    standing: (order) => ({
      ...base.standing(order),
      charge: Number(order.charge),
      start_count: order.startCount,
      remains: order.remains,
    }),
  },
  'thousands separators': {
    standing: (order) => ({
      ...base.standing(order),
      start_count: order.startCount.toLocaleString('en'),
      remains: order.remains.toLocaleString('en'),
    }),
  },
  'decimal counts': {
    standing: (order) => ({ ...base.standing(order), start_count: `${order.startCount}.0`, remains: `${order.remains}.00` }),
  },
  'nothing for counts': { standing: (order) => ({ ...base.standing(order), start_count: null, remains: '', charge: null }) },
  'words for counts': { standing: (order) => ({ ...base.standing(order), start_count: 'N/A', remains: 'Unknown', charge: 'free' }) },
  'html type': { contentType: 'text/html; charset=UTF-8' },
  'byte order mark': { before: '\uFEFF' },
  'extra keys': {
    placed: (order) => ({ order: order.id, time: 1, balance: '1.00', data: { order: 1 }, message: 'Thank you' }),
    standing: (order) => ({ ...base.standing(order), id: 7, service: 1, link: 'https://example.com', error: null, constructor: 'x' }),
  },
} satisfies Record<string, Partial<Dialect>>

export type DialectName = keyof typeof dialects

/** What goes wrong with one call. `creates`: the order is really made, whatever the answer. */
interface FaultPlan {
  readonly creates: boolean
  readonly answer: (response: ServerResponse, made: SuppliedOrder | undefined) => void
}

const text = (status: number, type: string, body: string, headers: Record<string, string> = {}) => {
  return (response: ServerResponse) => response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  text(status, 'application/json', JSON.stringify(body), headers)
const reset = (response: ServerResponse) => response.socket?.resetAndDestroy()
const badGateway = text(502, 'text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>')

export const faults = {
  'lost reply': { creates: true, answer: reset },
  'reset before reading': { creates: false, answer: reset },
  'reset in the answer': {
    creates: true,
    answer(response, made) {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        .write(`{"order":${made?.id}}`, () => reset(response))
    },
  },
  truncated: {
    creates: true,
    answer(response) {
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
      response.write('{"ord', () => response.socket?.end())
    },
  },
  'half of its JSON': { creates: true, answer: text(200, 'application/json', '{"order":') },
  'bad gateway': { creates: false, answer: badGateway },
  'bad gateway after creating': { creates: true, answer: badGateway },
  'empty 500': { creates: true, answer: text(500, 'text/html', '') },
  '500 with an error': { creates: true, answer: json(500, { error: 'Not enough funds on balance' }) },
  '500 with the order': { creates: true, answer: (response, made) => json(500, { order: made?.id })(response) },
  'no answer': { creates: true, answer() {} },
  redirect: { creates: true, answer: text(302, 'text/html', '', { location: '/elsewhere' }) },
  'redirect with the order': {
    creates: true,
    answer: (response, made) => json(303, { order: made?.id }, { location: '/elsewhere' })(response),
  },
  'redirect with an error': { creates: true, answer: json(302, { error: 'Incorrect link' }, { location: '/elsewhere' }) },
  '500 that says busy': { creates: true, answer: json(500, { error: 'Busy', code: 'busy' }) },
  '408 with an error': { creates: true, answer: json(408, { error: 'Incorrect request' }) },
  garbage: { creates: true, answer: text(200, 'application/json', '\u0000\u0001 not JSON') },
  'warning before the JSON': {
    creates: true,
    answer: (response, made) => text(200, 'text/html', `<br />Warning: Undefined array key {"order":${made?.id}}`)(response),
  },
  'page instead of JSON': { creates: true, answer: text(200, 'text/html', '<!doctype html><title>Just a moment...</title>') },
  'forbidden page': { creates: false, answer: text(403, 'text/html', '<h1>Forbidden</h1>') },
  'empty answer': { creates: true, answer: text(200, 'application/json', '') },
  'empty object': { creates: true, answer: json(200, {}) },
  'empty list': { creates: true, answer: json(200, []) },
  null: { creates: true, answer: json(200, null) },
  'order zero': { creates: true, answer: json(200, { order: 0 }) },
  'order null': { creates: true, answer: json(200, { order: null }) },
  'order false': { creates: true, answer: json(200, { order: false }) },
  'success without an order': { creates: true, answer: json(200, { status: 'success', msg: 'Scheduled' }) },
  'error of nothing': { creates: true, answer: json(200, { error: '' }) },
  'order and error': { creates: true, answer: (response, made) => json(200, { order: made?.id, error: 'Provider is slow' })(response) },
  'error of a fault': { creates: true, answer: json(200, { error: 'Something went wrong, please try again' }) },
  'error of an exception': { creates: true, answer: json(200, { status: 'error', message: 'SQLSTATE[40001]: deadlock' }) },
  conflict: { creates: true, answer: json(409, { error: 'Request is being processed' }) },
  'too many requests': { creates: false, answer: json(429, { error: 'Too many requests' }, { 'retry-after': '7' }) },
  'too many requests, as a page': { creates: false, answer: text(429, 'text/html', '<h1>Slow down</h1>') },
  'too many requests, with the order': { creates: true, answer: (response, made) => json(429, { order: made?.id })(response) },
  'too many requests, as 200': { creates: false, answer: json(200, { error: 'Too many requests' }) },
  maintenance: { creates: false, answer: json(200, { error: 'The panel is under maintenance, try later' }) },
  'maintenance, as 503': { creates: true, answer: json(503, { error: 'Maintenance' }) },
  'docket is busy': { creates: false, answer: json(503, { error: 'Too many orders are waiting, please try again', code: 'overloaded' }) },
  'docket is starting': { creates: false, answer: json(503, { error: 'Docket is starting, please try again', code: 'starting' }) },
  'docket does not know': { creates: true, answer: json(503, { error: 'It is not known', code: 'outcome_unknown' }) },
  'docket lost its database': { creates: true, answer: json(503, { error: 'The database does not answer', code: 'database_away' }) },
  'key reused': { creates: false, answer: json(200, { error: 'Idempotency key was used with other parameters' }) },
  'refusal as 422': { creates: false, answer: json(422, { message: 'The link field is required.', errors: { link: ['required'] } }) },
  'quotes the key': { creates: false, answer: json(200, { error: 'Invalid API key fake-key/0123456789' }) },
  'too long an answer': { creates: true, answer: text(200, 'application/json', `{"order":1,"x":"${'x'.repeat(6 * 1024 * 1024)}"}`) },
  'too long a header': { creates: true, answer: text(200, 'application/json', '{"order":1}', { 'x-long': 'x'.repeat(20_000) }) },
} satisfies Record<string, FaultPlan>

export type FaultName = keyof typeof faults

export const FAKE_KEY = 'fake-key/0123456789'

export interface FakeSupplier {
  readonly url: string
  readonly key: string
  /** Everything it ever took on. Tests may change how an order stands. */
  readonly orders: readonly SuppliedOrder[]
  /** The forms that reached it, faults included. */
  readonly calls: readonly Readonly<Record<string, string>>[]
  /** Connections that were opened to it. */
  readonly connections: () => number
  /** Requests to any other path than its own: redirects that were followed. */
  readonly strays: () => number
  /** Orders and refills for which each call is answered with an error, and so is each list that names them. */
  readonly odd: Map<string, string>
  /** Orders at which each call breaks that names them. */
  readonly breaksAt: Map<string, FaultName>
  /** How many orders it made under a key. */
  ordersUnder(idempotencyKey: string): number
  order(id: string | number): SuppliedOrder
  /** The subscription finds a post: an order that nobody asked for by `add`. */
  findPost(subscription: number, child: { quantity: number; charge?: string; link?: string }): SuppliedOrder
  /** The next call of this action goes wrong; said twice, the next two. */
  fail(fault: FaultName, action?: string): void
  /** Each call of this action goes wrong from now on; without a fault, no call any more. */
  keepFailing(fault: FaultName | undefined, action: string): void
  /** From now on this action is answered with this: a text as it is, anything else as JSON. */
  answer(action: string, value: unknown): void
  setFunds(orders: number): void
  close(): Promise<void>
}

/** A panel on a real port with real orders: what it has afterwards is the judge of what a client believes. */
export async function openFakeSupplier(options: { dialect?: DialectName } = {}): Promise<FakeSupplier> {
  const dialect: Dialect = { ...base, ...dialects[options.dialect ?? 'plain'] }
  const orders: SuppliedOrder[] = []
  const calls: Record<string, string>[] = []
  const planned: { fault: FaultPlan; action: string }[] = []
  const fixed = new Map<string, unknown>()
  const failing = new Map<string, FaultPlan>()
  const odd = new Map<string, string>()
  const breaksAt = new Map<string, FaultName>()
  const counts = { connections: 0, strays: 0, funds: Number.MAX_SAFE_INTEGER }

  const server = createServer((request, response) => void serve(request, response))
  server.on('connection', () => (counts.connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  async function serve(request: IncomingMessage, response: ServerResponse) {
    if (request.url?.split('?', 1)[0] !== '/api/v2') {
      counts.strays += 1
      return json(200, { order: 1 })(response)
    }
    const unread = planned[0]?.fault === faults['reset before reading']
    if (unread) return planned.shift()!.fault.answer(response, undefined)
    const fields = await readForm(request)
    calls.push(fields)
    const lasting = failing.get(fields['action']!)
    if (lasting) return lasting.answer(response, lasting.creates && fields['action'] === 'add' ? create(fields) : undefined)
    const broken = namedIn(fields).find((id) => breaksAt.has(id))
    if (broken !== undefined) return faults[breaksAt.get(broken)!].answer(response, undefined)
    const plan = planned.findIndex(({ action }) => action === fields['action'])
    if (plan >= 0) {
      const { fault } = planned.splice(plan, 1)[0]!
      return fault.answer(response, fault.creates && fields['action'] === 'add' ? create(fields) : undefined)
    }
    const value = fixed.has(fields['action']!) ? fixed.get(fields['action']!) : answerTo(fields)
    const body = typeof value === 'string' ? value : JSON.stringify(value)
    return text(200, dialect.contentType, dialect.before + body)(response)
  }

  function create(fields: Record<string, string>): SuppliedOrder {
    const idempotencyKey = fields['idempotency_key']
    const repeated =
      dialect.idempotent && idempotencyKey !== undefined ? orders.find((order) => order.idempotencyKey === idempotencyKey) : undefined
    if (repeated) return repeated
    const quantity = Number(fields['quantity'] ?? 1)
    const order = {
      id: dialect.firstId + orders.length,
      idempotencyKey,
      fields,
      status: fields['username'] !== undefined && fields['delay'] !== undefined ? 'Active' : 'Pending',
      children: [],
      startCount: 0,
      remains: quantity,
      charge: '0.27819',
    }
    orders.push(order)
    return order
  }

  function answerTo(fields: Record<string, string>): Answer {
    if (fields['key'] !== FAKE_KEY) return dialect.refusal('Invalid API key')
    const oddOne = namedIn(fields).find((id) => odd.has(id))
    if (oddOne !== undefined) return dialect.refusal(odd.get(oddOne)!)
    switch (fields['action']) {
      case 'add':
        if (orders.length >= counts.funds) return dialect.refusal('Not enough funds on balance')
        return fields['service'] === '0' ? dialect.refusal('Incorrect service ID') : dialect.placed(create(fields))
      case 'status':
        return statusOf(fields)
      case 'cancel':
        return (fields['orders'] ?? '').split(',').map((id) => ({ order: Number(id), cancel: cancel(id) }))
      case 'refill':
        return find(fields['order']) ? { refill: `1${fields['order']}` } : dialect.refusal('Incorrect order ID')
      case 'refill_status':
        return fields['refills'] === undefined
          ? { status: 'Completed' }
          : fields['refills']
              .split(',')
              .map((id) => ({ refill: Number(id), status: id === '3' ? { error: 'Refill not found' } : 'Completed' }))
      case 'balance':
        return { balance: '100.84292', currency: 'USD' }
      default:
        return dialect.refusal('Incorrect request')
    }
  }

  function statusOf(fields: Record<string, string>): Answer {
    const list = fields['orders']?.split(',')
    if (list) {
      return dialect.several(
        new Map(
          list.map((id) => {
            const order = find(id)
            return [id, order && standing(order, fields)]
          }),
        ),
      )
    }
    const key = fields['idempotency_key']
    if (dialect.idempotent && fields['order'] === undefined && key !== undefined) {
      if (key.length > 255) return dialect.refusal('Incorrect request')
      const order = orders.find((each) => each.idempotencyKey === key)
      return order ? standing(order, fields) : dialect.unknownOrder
    }
    const order = find(fields['order'])
    return order ? standing(order, fields) : dialect.unknownOrder
  }

  function standing(order: SuppliedOrder, asked: Record<string, string>): Record<string, Answer> {
    const isSubscription = order.fields['delay'] !== undefined
    const watching = isSubscription
      ? { posts: order.fields['posts'] ?? '0', expiry: order.fields['expiry'] ?? '', orders: order.children }
      : {}
    const isExtended = dialect.idempotent && asked['extended'] === '1'
    const extended = isExtended ? { quantity: order.fields['quantity'] ?? '0', link: order.fields['link'] ?? '' } : {}
    return { ...dialect.standing(order), ...watching, ...extended }
  }

  function cancel(id: string): Answer {
    const order = find(id)
    if (!order) return { error: 'Incorrect order ID' }
    if (order.status === 'Completed') return { error: 'Order cannot be canceled' }
    order.status = 'Canceled'
    return 1
  }

  function find(id: string | undefined): SuppliedOrder | undefined {
    return orders.find((order) => String(order.id) === id)
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`,
    key: FAKE_KEY,
    orders,
    calls,
    connections: () => counts.connections,
    strays: () => counts.strays,
    odd,
    breaksAt,
    ordersUnder: (key) => orders.filter((order) => order.idempotencyKey === key).length,
    order(id) {
      const order = find(String(id))
      if (!order) throw new RangeError(`The fake supplier has no order ${id}`)
      return order
    },
    findPost(subscription, { quantity, charge = '0.00000', link = `https://example.com/post/${orders.length}` }) {
      const child = { ...create({ quantity: String(quantity), link }), charge }
      orders[orders.length - 1] = child
      orders.find((order) => order.id === subscription)!.children.push(child.id)
      return child
    },
    fail: (fault, action = 'add') => planned.push({ fault: faults[fault], action }),
    keepFailing: (fault, action) => (fault === undefined ? failing.delete(action) : failing.set(action, faults[fault])),
    answer: (action, value) => fixed.set(action, value),
    setFunds: (count) => (counts.funds = count),
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** The ids that a call is about. */
function namedIn(fields: Readonly<Record<string, string>>): string[] {
  return ['order', 'orders', 'refill', 'refills'].flatMap((name) => fields[name]?.split(',') ?? [])
}

async function readForm(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
}
