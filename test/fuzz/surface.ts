import { actions } from '../../contract/actions.ts'
import { serviceTypes } from '../../contract/service-types.ts'
import { formToken } from '../../server/web/csrf.ts'
import type { World } from './world.ts'

/** A way in: where it is, which fields it reads, and values for them that it takes. */
export interface Target {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly kind: 'api' | 'staff' | 'page' | 'upload'
  readonly fields: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/** Everything that reads input of callers: each action of the API with every service type, each call of staff, each page and form. */
export function surfaceOf(world: World): Target[] {
  return [...apiTargets(world), ...staffTargets(world), ...pageTargets(world), ...formTargets(world), ...strangerTargets()]
}

function apiTargets({ key, services }: World): Target[] {
  const api = (name: string, fields: Record<string, string>): Target => ({
    name: `action=${name}`,
    method: 'POST',
    path: '/api/v2',
    kind: 'api',
    headers: {},
    fields: { key, action: name.split(' ', 1)[0]!, ...fields },
  })
  const others = actions.filter(({ name }) => name !== 'add' && name !== 'quote')
  const deposit = api('deposits', { amount: '50', method: '2', coupon: 'HELLO', idempotency_key: 'fuzz' })
  return [
    { ...deposit, path: '/api/v2/deposits', name: 'POST /api/v2/deposits' },
    ...others.flatMap(({ name, forms }) =>
      forms.map(({ parameters, examples }) =>
        api(name, Object.fromEntries(parameters.map((parameter) => [parameter.name, examples[0]?.parameters[parameter.name] ?? '1']))),
      ),
    ),
    ...serviceTypes.flatMap(({ name: type, example, fields }) => {
      const all = Object.fromEntries(fields.map(({ name }) => [name, example[name] ?? '']))
      const order = { ...all, service: String(services.get(type)) }
      return [
        api(`quote ${type}`, { ...order, max_charge: '' }),
        api(`add ${type}`, { ...order, max_charge: '', idempotency_key: '', request_id: '' }),
      ]
    }),
  ]
}

function staffTargets({ staffKey }: World): Target[] {
  const headers = { 'x-api-key': staffKey }
  const staff = (method: Target['method'], path: string, fields: Record<string, string>): Target => ({
    name: `${method} /adminapi/v2${path}`,
    method,
    path: `/adminapi/v2${path}`,
    kind: 'staff',
    fields,
    headers,
  })
  const changed = { ids: '1,2', cancel_reason: 'as asked', reason: 'as asked' }
  return [
    staff('GET', '/orders', {
      ids: '',
      order_status: 'pending',
      service_ids: '101',
      created_from: '2026-01-01',
      created_to: '2030-01-01',
      limit: '10',
      offset: '0',
    }),
    staff('GET', '/orders/1', {}),
    staff('POST', '/orders/pull', { service_ids: '101', limit: '5' }),
    staff('POST', '/orders/update', { id: '1', status: 'in_progress', start_count: '5', remains: '1', cancel_reason: 'no', reason: 'no' }),
    staff('POST', '/orders/change-status', { ids: '1,2', status: 'in_progress' }),
    staff('POST', '/orders/cancel', changed),
    staff('POST', '/orders/request-cancel', changed),
    staff('POST', '/orders/1/set-partial', { remains: '1', start_count: '2', reason: 'half' }),
    staff('POST', '/payments/add', {
      username: 'fuzz@example.com',
      amount: '1',
      method: 'PayPal',
      memo: 'by a script',
      affiliate_commission: 'true',
    }),
    staff('POST', '/cancel/pull', { limit: '5', service_ids: '101' }),
    staff('POST', '/cancel/reject', { ids: '1', reason: 'too late' }),
    staff('POST', '/refill/pull', { limit: '5', service_ids: '101' }),
    staff('POST', '/refill/change-status', { ids: '1', status: 'completed', reason: 'done' }),
    staff('POST', '/subscriptions/1/posts', { posts: 'https://example.com/p/1', links: 'https://example.com/p/1' }),
  ]
}

const QUERIES: Readonly<Record<string, Record<string, string>>> = {
  '/': {},
  '/en': { language: 'de', theme: 'dark' },
  '/en/api': { language: 'de', theme: 'dark' },
  '/openapi.json': {},
  '/llms.txt': {},
  '/nowhere': { q: 'x' },
  '/services': { find: 'followers', category: 'Default', dripfeed: 'yes', refill: 'yes', favourites: 'yes', sort: 'price', page: '1' },
  '/services/find': { q: 'followers fast' },
  '/services/offer': {},
  '/services/changes': { only: 'price', before: '5', after: '5' },
  '/order': { service: '101', again: '1' },
  '/orders': { status: 'open', find: 'https://example.com/', service: '101', from: '2026-01-01', to: '2026-12-31', before: '9' },
  '/orders.csv': { status: 'open', find: '1', service: '101', from: '2026-01-01', to: '2026-12-31' },
  '/orders/live': { ids: '1,2,3' },
  '/orders/bulk': { act: 'cancel', orders: '1.taken 2.cannotCancel' },
  '/orders/1': { done: 'placed' },
  '/orders/1/explain': {},
  '/mass-order': { before: '5', again: '1' },
  '/mass-order/1': { show: 'refused', after: '3' },
  '/drip-feeds': { before: '5', status: 'open' },
  '/subscriptions': { before: '5', status: 'open' },
  '/refills': { before: '5', status: 'open' },
  '/support': { find: '1', behind: '5' },
  '/support/new': { orders: '1,2', kind: 'cancel', find: 'https://example.com/' },
  '/support/done': { kind: 'cancel', orders: '1.done 2.not-late.1772366400' },
  '/support/1': { before: '5', done: 'sent' },
  '/support/1/pictures/1': {},
  '/funds': { month: '2026-03', cause: 'charge', book: 'test', before: '5', page: '1' },
  '/funds.csv': { month: '2026-03', book: 'test' },
  '/funds/statement': { month: '2026-03', book: 'test', part: '1' },
  '/funds/payments': { before: '5' },
  '/funds/top-up': {},
  '/funds/payments/1': { begin: '1' },
  '/funds/payments/1/state': {},
  '/funds/payments/1/proof': {},
  '/funds/receipts/2026-1': {},
  '/usage': { days: '30', key: '1', service: '101' },
  '/keys': { done: 'changed' },
  '/keys/new': {},
  '/keys/old': {},
  '/webhooks': { done: 'sent' },
  '/webhooks/verify': {},
  '/webhooks/new': {},
  '/start': {},
  '/account': {},
  '/account/prove': { next: '/account' },
  '/account/sessions': {},
  '/account/log': { before: '5' },
}

function pageTargets({ cookie, webhook }: World): Target[] {
  const one = `/webhooks/${webhook}`
  const ofWebhook = { [one]: { done: 'tested' }, [`${one}/edit`]: {}, [`${one}/rotate`]: {}, [`${one}/remove`]: {} }
  return Object.entries({ ...QUERIES, ...ofWebhook }).map(([path, fields]) => ({
    name: `GET ${path}`,
    method: 'GET',
    path,
    kind: 'page',
    fields,
    headers: { cookie, accept: 'text/html' },
  }))
}

function formTargets(world: World): Target[] {
  const { cookie, csrf } = world
  const form = (path: string, fields: Record<string, string>, kind: Target['kind'] = 'page'): Target => ({
    name: `POST ${path}`,
    method: 'POST',
    path,
    kind,
    headers: { cookie, accept: 'text/html' },
    fields: { ...fields, csrf },
  })
  const proof = { password: 'x', code: '123456' }
  const token = 'f'.repeat(22)
  const orders = serviceTypes.flatMap(({ name, example, fields }) => {
    const all = Object.fromEntries(fields.map((field) => [field.name, example[field.name] ?? '']))
    const order = { ...all, service: String(world.services.get(name)) }
    return [form('/order/quote', order), form('/order', { ...order, step: 'price', retry: token, max_charge: '1' })]
  })
  // It is not removed: what comes after would find nothing there.
  const webhook = `/webhooks/${world.webhook}`
  const lines = '101|https://example.com/p/1|1000\n101|https://example.com/p/2|10'
  return [
    ...orders,
    form('/mass-order', { form: token, lines, file_fault: '' }),
    form('/mass-order', { form: token, lines, file: lines }, 'upload'),
    form('/mass-order/1/go-on', { watched: 'yes' }),
    form('/orders/bulk', { act: 'again', 'order-1': 'on', 'order-2': 'on' }),
    form('/orders/1/cancel', {}),
    form('/orders/1/refill', {}),
    form('/orders/1/speed-up', {}),
    form('/support/new', {
      kind: 'other',
      orders: '1 2',
      find: '1',
      subject: 'Hello',
      text: lines,
      once: '',
      step: 'write',
      'order-1': 'on',
    }),
    form('/support/new', { kind: 'count', orders: '1', subject: 'Hello', text: lines, once: '', step: 'write', pictures: lines }, 'upload'),
    form('/support/new', { kind: 'cancel', orders: '1,2', step: 'do' }),
    form('/support/1/reply', { text: lines, once: '' }),
    form('/support/1/reply', { text: lines, once: '', pictures: lines }, 'upload'),
    form('/support/1/close', {}),
    form('/support/1/reopen', {}),
    form('/services/101/favourite', { keep: 'yes', back: 'find=a&page=1' }),
    form('/keys/old', { old_key: 'a1b2c3d4e5f60718293a', ...proof }),
    form('/keys/new', {
      label: 'shop',
      kind: 'test',
      access: 'chosen',
      'scope-read': 'on',
      daily_cap: '5',
      services: '101,103-110',
      step: 'address',
      networks: '203.0.113.0/24',
      expires: '2031-01-01',
      form: token,
      ...proof,
    }),
    form('/funds/add', { form: token, figures: '', amount: '50', method: '2', coupon: 'HELLO', pick: '25' }),
    form('/funds/quote', { form: token, amount: '50', method: '2', coupon: 'HELLO' }),
    form('/funds/payments/1/again', {}),
    form('/funds/payments/1/proof', { picture: lines }, 'upload'),
    form('/funds/payments/mails', { mails: 'on' }),
    form('/funds/top-up', { below: '5', amount: '10', most: '20' }),
    form('/webhooks/low', { below: '5' }),
    form('/webhooks/new', { url: 'http://127.0.0.1:9/', 'event-order.*': 'on', money: 'live', form: token, ...proof }),
    form(`${webhook}/edit`, { url: 'http://127.0.0.1:9/', 'event-order.*': 'on', 'event-refill.*': 'on', ...proof }),
    form(`${webhook}/test`, {}),
    form(`${webhook}/again`, {}),
    form(`${webhook}/pause`, {}),
    form(`${webhook}/resume`, {}),
    form(`${webhook}/rotate`, proof),
    form('/account/mail', { email: 'wrong' }),
    form('/account/language', { locale: 'en' }),
    form('/account/prove', { next: '/account', ...proof }),
    form('/account/password', { current: 'x', wanted: 'y' }),
    form('/account/codes/confirm', proof),
  ]
}

/** What anybody may send who has never been here. */
function strangerTargets(): Target[] {
  const visitor = 'v'.repeat(43)
  const headers = { cookie: `docket-visitor=${visitor}`, accept: 'text/html' }
  const form = (path: string, fields: Record<string, string>): Target => ({
    name: `stranger POST ${path}`,
    method: 'POST',
    path,
    kind: 'page',
    fields: { ...fields, csrf: formToken(visitor) },
    headers,
  })
  return [
    form('/sign-in', { email: 'nobody@example.com', password: 'x', next: '/orders' }),
    form('/sign-in/code', { ticket: 'x', code: '123456', next: '/orders' }),
    form('/register', { email: 'nobody' }),
    form('/forgot', { email: 'nobody' }),
    form(`/reset/${visitor}`, { wanted: 'x' }),
    form('/mass-order', { lines: '101|a|10' }),
    {
      name: 'stranger GET /en/api',
      method: 'GET',
      path: '/en/api',
      kind: 'page',
      fields: {},
      headers: { accept: 'text/html' },
    },
    {
      name: 'a call that is no gateway',
      method: 'POST',
      path: `/hooks/payments/${'x'.repeat(32)}`,
      kind: 'api',
      fields: { id: 'x', amount: '100', currency: 'USD', reference: 'K7MP3XQ9RT4W' },
      headers: { 'webhook-id': 'x', 'webhook-timestamp': '1774422160', 'webhook-signature': 'v1,x', 'stripe-signature': 't=1,v1=x' },
    },
    { name: 'a key that is none', method: 'POST', path: '/api/v2', kind: 'api', fields: { key: 'x', action: 'balance' }, headers: {} },
  ]
}
