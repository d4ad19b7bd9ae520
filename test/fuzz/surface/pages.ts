import { languages } from '../../../server/texts/languages.ts'
import type { World } from '../world.ts'
import type { Target } from './target.ts'

/** Each page of a customer who is signed in, and each page for everybody as they see it. */
export function pageTargets(world: World): Target[] {
  const { cookie, webhook, ownKey, order, payment, massOrder, asset, ticket } = world
  const one = `/webhooks/${webhook}`
  const key = `/keys/${ownKey}`
  const ofThings: Record<string, Record<string, string>> = {
    [one]: { done: 'tested' },
    [`${one}/edit`]: {},
    [`${one}/rotate`]: {},
    [`${one}/remove`]: {},
    [key]: { done: 'changed' },
    [`${key}/edit`]: {},
    [`${key}/revoke`]: {},
    [`/orders/${order}`]: { done: 'placed' },
    [`/orders/${order}/live`]: {},
    [`/orders/${order}/explain`]: {},
    [`/mass-order/${massOrder}`]: { show: 'refused', after: '3' },
    [`/mass-order/${massOrder}/result.csv`]: {},
    [`/funds/payments/${payment}`]: { begin: '1' },
    [`/funds/payments/${payment}/state`]: {},
    [`/funds/payments/${payment}/proof`]: {},
    [`/support/${ticket}`]: { before: '99', done: 'sent' },
    [`/support/${ticket}/pictures/${world.picture}`]: {},
    [asset]: {},
  }
  return Object.entries({ ...QUERIES, ...ofThings }).map(([path, fields]) => ({
    name: `GET ${path}`,
    method: 'GET',
    path,
    kind: 'page',
    fields,
    headers: { cookie, accept: 'text/html' },
  }))
}

/** Pages with an address per language. */
const EVERYWHERE = [
  '', '/api', '/p/terms', '/services', '/api/changelog', '/api/changelog.atom', '/status', '/status.json', '/status.atom', '/status/incidents', '/status/incidents/1',
] // prettier-ignore
const QUERIES: Readonly<Record<string, Record<string, string>>> = {
  ...Object.fromEntries(
    languages.flatMap(({ code }) => EVERYWHERE.map((path) => [`/${code}${path}`, { language: 'de', theme: 'dark', before: '9' }])),
  ),
  ...Object.fromEntries(EVERYWHERE.filter((path) => path !== '/services').map((path) => [path || '/', { before: '9' }])),
  '/robots.txt': {},
  '/sitemap.xml': {},
  '/api/postman.json': {},
  '/openapi.json': {},
  '/llms.txt': {},
  '/nowhere': { q: 'x' },
  '/panels': {},
  '/announcements': {},
  '/referrals': { before: '9', people: '9' },
  '/services': {
    find: 'followers',
    category: 'Default',
    dripfeed: 'yes',
    refill: 'yes',
    favourites: 'yes',
    sort: 'price',
    page: '1',
    prices: 'EUR',
  },
  '/services/find': { q: 'followers fast' },
  '/services/offer': {},
  '/services/changes': { only: 'price', before: '5', after: '5' },
  '/order': { service: '101', again: '1' },
  '/orders': { status: 'open', find: 'https://example.com/', service: '101', from: '2026-01-01', to: '2026-12-31', before: '9' },
  '/orders.csv': { status: 'open', find: '1', service: '101', from: '2026-01-01', to: '2026-12-31' },
  '/orders/live': { ids: '1,2,3' },
  '/orders/bulk': { act: 'cancel', orders: '1.taken 2.cannotCancel' },
  '/mass-order': { before: '5', again: '1' },
  '/drip-feeds': { before: '5', status: 'open' },
  '/subscriptions': { before: '5', status: 'open' },
  '/refills': { before: '5', status: 'open' },
  '/funds': { month: '2026-03', cause: 'charge', book: 'test', before: '5', page: '1' },
  '/funds.csv': { month: '2026-03', book: 'test' },
  '/funds/statement': { month: '2026-03', book: 'test', part: '1' },
  '/funds/payments': { before: '5' },
  '/funds/top-up': {},
  '/funds/receipts/2026-1': {},
  '/confirm-mail/xxxx': {},
  '/view/xxxx': {},
  '/healthz': {},
  '/readyz': {},
  '/metrics': {},
  '/support': { find: '12', behind: '99' },
  '/support/new': { orders: '1,2 3', kind: 'refill', find: 'x' },
  '/support/done': { kind: 'speed-up', orders: '1.done 2.not-late.1772366400' },
  '/usage': { days: '30', key: '1', service: '101' },
  '/keys': { done: 'changed' },
  '/keys/new': {},
  '/keys/old': {},
  '/webhooks': { done: 'sent' },
  '/webhooks/verify': {},
  '/webhooks/new': {},
  '/start': {},
  '/account': {},
  '/accept-terms': { next: '/orders' },
  '/account/prove': { next: '/account' },
  '/account/codes': {},
  '/account/sessions': {},
  '/account/log': { before: '5' },
}
