import { setTimeout as pause } from 'node:timers/promises'
import { bindSupplier } from '../../server/orders/bind-supplier.ts'
import { placePlain } from '../../server/orders/place-plain.ts'
import type { PricedOrder } from '../../server/orders/priced-order.ts'
import { openSecret } from '../../server/secret.ts'
import { addSupplier, setSupplier } from '../../server/suppliers/registry.ts'
import type { Sample } from '../load/load.ts'
import type { Contestant } from '../rounds.ts'
import { ratioOf, takeTurns } from '../rounds.ts'
import type { PanelCounts } from '../servers/instant-panel.ts'
import { type ServerProcess, startBaseline, startDocket } from '../servers/process.ts'
import type { Shop } from '../shop/hall.ts'
import { proveBooks } from '../shop/proof.ts'
import { RATE } from '../shop/seed.ts'
import type { Bench, Part } from './part.ts'

const SECRET = 'a secret of the bench, which guards nothing at all'
const SERVICE = 1
const CALLS_AT_ONCE = 16
const ORDERS_A_TURN = 1000
const OPEN_ORDERS = 50_000
const IDS_AT_ONCE = 100
const IDLE_SECONDS = 20

/** The work of one node without requests: handing orders over, polling open orders, and idling. Each is compared with the bare calls. */
export const measureFulfilment: Part = async (bench) => {
  const panel = await startBaseline('instant panel', [], {})
  const shop = await bench.hall.openShop('fulfilment')
  const supplier = await fitOut(shop, panel)
  const docket = await startDocket({ DATABASE_URL: shop.url, DOCKET_ROLE: 'http,fulfilment', DOCKET_SECRET: SECRET }, bench.profiles)
  try {
    await tellIdleCost('one supplier', shop)
    const handing = await takeTurns(
      [
        { name: 'Docket', run: () => handOver(shop, panel, supplier) },
        { name: `the calls alone, ${CALLS_AT_ONCE} at once`, run: () => callAlone(panel) },
      ],
      bench,
    )
    bench.show({ title: 'orders handed over', results: handing })
    const watching = await watchOpenOrders(bench, shop, panel, supplier)
    return {
      claims: [
        { work: 'orders handed over', against: 'the calls alone', found: ratioOf(handing[0]!, handing[1]!), unit: '×' },
        { work: 'open orders polled', against: 'batches of 100 alone', found: ratioOf(watching[0]!, watching[1]!), unit: '×' },
      ],
      proofs: [await proveBooks('fulfilment', shop)],
    }
  } finally {
    await docket.stop()
    await panel.stop()
  }
}

async function fitOut(shop: Shop, panel: ServerProcess): Promise<number> {
  const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
  const url = `${panel.url}/api/v2`
  const id = await addSupplier(
    shop.db,
    { name: 'instant', protocol: 'api-v2', url, key: 'a key', privateNetwork: true, keepsRetryKeys: true },
    secret,
  )
  await setSupplier(shop.db, 'instant', { callsAtOnce: CALLS_AT_ONCE, callsAMinute: 100_000 }, secret)
  await bindSupplier(shop.db, SERVICE, 'instant', { theirService: '1', costRate: '0.50', multiplier: 1, position: null })
  return id
}

/** From the first call to the last: that the node looks for work twice a second is no part of how quick it is. */
async function handOver(shop: Shop, panel: ServerProcess, supplier: number): Promise<Sample> {
  const before = (await countsOf(panel)).added
  await placeWaiting(shop, supplier)
  const added = async () => (await countsOf(panel)).added - before
  while ((await added()) === 0) await pause(2)
  const began = performance.now()
  while ((await added()) < ORDERS_A_TURN) await pause(5)
  return perSecond(ORDERS_A_TURN, performance.now() - began)
}

/** Places orders in one commit that wait for their supplier, or have none. */
async function placeWaiting(shop: Shop, supplierId: number | null) {
  const { rows } = await shop.db.query<{ first: bigint; version: bigint }>(
    'update order_ids set next = next + $1 returning next - $1 as first, (select version from catalogue) as version',
    [ORDERS_A_TURN],
  )
  const { first, version } = rows[0]!
  const orders = Array.from({ length: ORDERS_A_TURN }, (_, n): PricedOrder => {
    const { bookId, keyId } = shop.customers[n % shop.customers.length]!
    const link = `https://example.com/p/${first + BigInt(n)}`
    const retry = { rateSource: null, parameters: null, activeLink: null, capped: false, retry: null, post: null }
    return { bookId, keyId, serviceId: SERVICE, supplierId, kind: 'single', quantity: 100n, charge: 9000n, rate: RATE, link, ...retry }
  })
  const ids = orders.map((_, n) => first + BigInt(n))
  const leftOut = await placePlain(shop.db, version, new Date(), ids, orders)
  if (leftOut.length > 0) throw new Error('the bench could not place its orders')
}

async function callAlone(panel: ServerProcess): Promise<Sample> {
  const began = performance.now()
  let next = 0
  const caller = async () => {
    while (next++ < ORDERS_A_TURN) {
      const link = `https://example.com/p/${next}`
      await post(panel, { key: 'a key', action: 'add', service: '1', link, quantity: '100', idempotency_key: `alone:${next}` })
    }
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, caller))
  return perSecond(ORDERS_A_TURN, performance.now() - began)
}

// Orders of two days ago, as most open orders are old, and the panel says of each what it said before: most looks bring nothing new.
const HAND_ALL_OVER = `
  with theirs as (
    update orders set supplier_id = $1, sent = true, status = 'In progress', start_count = 7, remains = 40, started_at = now()
    where supplier_id is null and not sent returning id
  )
  insert into hand_offs (order_id, supplier_id, state, reference, due_at, claimed_at)
  select id, $1, 'sent', id::text, now(), now() - interval '2 days' from theirs`
const ALL_DUE = 'update poll_lists set due_at = now() where supplier_id = $1'

async function watchOpenOrders(bench: Bench, shop: Shop, panel: ServerProcess, supplier: number) {
  for (let stored = 0; stored < OPEN_ORDERS; stored += ORDERS_A_TURN) await placeWaiting(shop, null)
  await shop.db.query(HAND_ALL_OVER, [supplier])
  await shop.db.query('analyze')
  // The first look at each order puts it into a list.
  await allAskedFor(panel, async () => {})
  const contestants: Contestant[] = [
    { name: 'Docket', run: () => allAskedFor(panel, () => shop.db.query(ALL_DUE, [supplier])) },
    // Docket has nothing to do meanwhile.
    { name: 'batches of 100, one connection', run: (seconds) => askAlone(panel, seconds) },
  ]
  const results = await takeTurns(contestants, bench)
  bench.show({ title: `open orders polled (${OPEN_ORDERS.toLocaleString('en')} open); times 60 for a minute`, results })
  return results
}

/** From the first question to the last, for the same reason. */
async function allAskedFor(panel: ServerProcess, makeDue: () => Promise<unknown>): Promise<Sample> {
  const before = (await countsOf(panel)).asked
  await makeDue()
  const asked = async () => (await countsOf(panel)).asked - before
  while ((await asked()) === 0) await pause(2)
  const began = performance.now()
  while ((await asked()) < OPEN_ORDERS) await pause(20)
  return perSecond(OPEN_ORDERS, performance.now() - began)
}

async function askAlone(panel: ServerProcess, seconds: number): Promise<Sample> {
  const orders = Array.from({ length: IDS_AT_ONCE }, (_, n) => n + 1).join(',')
  const began = performance.now()
  let asked = 0
  while (performance.now() - began < seconds * 1000) {
    await post(panel, { key: 'a key', action: 'status', orders })
    asked += IDS_AT_ONCE
  }
  return perSecond(asked, performance.now() - began)
}

const COMMITTED = 'select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()'

/** Measures the statements that the loops send while there is nothing to do; each is a transaction of its own. */
async function tellIdleCost(what: string, shop: Shop) {
  const count = async () => Number((await shop.db.query<{ count: bigint }>(COMMITTED)).rows[0]!.count)
  // The pauses between looks grow in the first half minute.
  await pause(30_000)
  const before = await count()
  await pause(IDLE_SECONDS * 1000)
  const own = 1
  const aMinute = ((await count()) - before - own) * (60 / IDLE_SECONDS)
  console.log(`idle node, ${what} and the simulated one: ${Math.round(aMinute)} transactions a minute`)
}

async function countsOf(panel: ServerProcess): Promise<PanelCounts> {
  return (await fetch(`${panel.url}/counts`)).json() as Promise<PanelCounts>
}

async function post(panel: ServerProcess, parameters: Record<string, string>) {
  const response = await fetch(`${panel.url}/api/v2`, { method: 'POST', body: new URLSearchParams(parameters) })
  await response.json()
}

function perSecond(count: number, ms: number): Sample {
  return { perSecond: (count * 1000) / ms, count }
}
