import { listAllOrders } from '../../../server/fulfilment/all-orders.ts'
import { readSearch } from '../../../server/fulfilment/find-orders.ts'
import { type AllOrdersFilter, EVERY_ORDER } from '../../../server/fulfilment/order-sources.ts'
import { readWholeOrder } from '../../../server/fulfilment/staff-order.ts'
import { listJobs } from '../../../server/jobs/jobs.ts'
import { type Ask, daysAgo, page } from './ask.ts'

const orders = (name: string, filter: (newest: bigint) => Partial<AllOrdersFilter>, before?: (newest: bigint) => bigint): Ask => ({
  name,
  ask: (db, newest) => listAllOrders(db, { ...EVERY_ORDER, ...filter(newest) }, { ...page, before: before?.(newest) ?? null }),
})
const search = (name: string, text: (newest: bigint) => string): Ask => ({ name, ask: (db, newest) => readSearch(db, text(newest)) })
export const ofOrders: readonly Ask[] = [
  orders('all orders', () => ({})),
  orders(
    'all orders, a page in the middle',
    () => ({}),
    (newest) => newest / 2n,
  ),
  orders('open', () => ({ state: 'open' })),
  orders('ended', () => ({ state: 'ended' })),
  orders('needs attention', () => ({ state: 'attention' })),
  orders('canceled', () => ({ state: 'Canceled' })),
  orders('a status that no order has', () => ({ state: 'Paused' })),
  orders('a common service', () => ({ service: 2 })),
  orders('a rare service', () => ({ service: 4711 })),
  orders('a rare service, open', () => ({ service: 4711, state: 'open' })),
  orders('a common service, a status that none has', () => ({ service: 2, state: 'Paused' })),
  orders('a supplier', () => ({ supplier: 107 })),
  orders('a supplier, open', () => ({ supplier: 107, state: 'open' })),
  orders('a supplier, a rare service', () => ({ supplier: 112, service: 4711 })),
  orders('an account', () => ({ account: 4321 })),
  orders('an account, canceled', () => ({ account: 4321, state: 'Canceled' })),
  orders('an account, a service', () => ({ account: 4321, service: 2 })),
  orders('an account, a supplier', () => ({ account: 4321, supplier: 107 })),
  orders('a key', () => ({ account: 4321, key: 4321 })),
  orders('a day a month ago', () => ({ from: daysAgo(30), to: daysAgo(29) })),
  orders('a day a month ago, canceled', () => ({ from: daysAgo(30), to: daysAgo(29), state: 'Canceled' })),
  orders('drip-feeds', () => ({ origin: 'drip-feed' })),
  orders('runs', () => ({ origin: 'run' })),
  orders('single orders', () => ({ origin: 'plain' })),
  search('search: an order', (newest) => String(newest)),
  search('search: a hundred orders', (newest) => Array.from({ length: 100 }, (_, at) => newest - BigInt(at * 1000)).join(',')),
  search("search: a supplier's id, a retry key or a link", (newest) => `r${newest - 7n}`),
  search('search: a retry key', () => 'retry-123450'),
  search('search: a link', () => 'https://example.com/p/777'),
  search('search: a link, another spelling', () => 'example.com/p/777/'),
  search('search: an e-mail address', () => 'grown4321@example.com'),
  search('search: first characters of a key', () => 'dk_live_10e1'),
  { name: 'one order', ask: (db, newest) => readWholeOrder(db, newest - 100n) },
  { name: 'jobs', ask: (db) => listJobs(db, page) },
]
