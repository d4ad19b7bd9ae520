import { randomBytes } from 'node:crypto'
import { type ChildProcess, spawn } from 'node:child_process'
import net from 'node:net'
import { audit } from '../../server/orders/audit-books.ts'
import { bindSupplier, setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { demoCatalogue } from '../../cli/demo/catalogue.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { openSecret } from '../../server/secret.ts'
import { addSupplier, setSupplier } from '../../server/suppliers/registry.ts'
import { openTroubledLine, type Trouble, type TroubledLine } from './troubled-connection.ts'

const SUBSCRIPTIONS = demoCatalogue.find(({ type }) => type === 'Subscriptions')!
/** The seller's service whose subscriptions are handed over whole. */
const WATCHED_THERE = 902
const SECRET = randomBytes(32).toString('base64url')

export interface Ending {
  readonly orders: number
  /** Orders of the seller's that the supplier has not exactly once. */
  readonly notExactlyOnce: readonly unknown[]
  /** Orders that ended differently on the two sides. */
  readonly different: readonly unknown[]
  readonly unconfirmed: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly line: TroubledLine['counts']
  readonly auditsClean: boolean
}

/** One Docket supplies another over a troubled line while either side is killed: every order must exist exactly once at the
 * supplier, end the same on both sides, and both ledgers must add up. `urls` are two empty databases. */
export async function playTwoPanels(options: {
  urls: readonly [string, string]
  orders: number
  trouble: Trouble
  kills: number
  seed: number
  say?: (line: string) => void
}): Promise<Ending> {
  const say = options.say ?? (() => {})
  const [sellerUrl, supplierUrl] = options.urls
  await Promise.all(options.urls.map((url) => migrate(url)))
  const seller = openPool(sellerUrl, { size: 4 })
  const supplier = openPool(supplierUrl, { size: 4 })
  const supplierSide = openSide(supplierUrl, await freePort())
  const line = await openTroubledLine(() => supplierSide.url, options.trouble, options.seed)
  const sellerSide = openSide(sellerUrl, await freePort())
  try {
    const supplierKey = await fitOutSupplier(supplier)
    const key = await fitOutSeller(seller, line.url, supplierKey)
    await Promise.all([supplierSide.start(), sellerSide.start()])
    const placing = placeAll(sellerSide, seller, key, options.orders, say)
    const killing = killNowAndThen([supplierSide, sellerSide], line, options, say)
    await Promise.all([placing, killing])
    say('all placed, no more kills; the line heals when three quarters are done')
    await settled(seller, options.orders, line, say)
    return await compare(seller, supplier, options.orders, line)
  } finally {
    await Promise.all([sellerSide.stop(), supplierSide.stop()])
    await line.close()
    await seller.end()
    await supplier.end()
  }
}

async function fitOutSupplier(db: Database): Promise<string> {
  const list = readServiceList(JSON.stringify(demoCatalogue))
  await importServices(db, list)
  for (const { service } of list) await setOnlySupplier(db, service, 'simulated')
  await bindSupplier(db, SUBSCRIPTIONS.service, 'simulated', { ...binding(''), theirType: 'Subscriptions' })
  const balance = parseUnits('10000000')
  return (await addFundedAccount(db, { email: 'seller@example.com', currency: 'USD', balance, note: '' }, new Date())).key
}

async function fitOutSeller(db: Database, supplierUrl: string, supplierKey: string): Promise<string> {
  // Sold at a margin: what is sold below cost would wait for staff.
  const sold = [...demoCatalogue, { ...SUBSCRIPTIONS, service: WATCHED_THERE }]
  const list = readServiceList(JSON.stringify(sold.map((service) => ({ ...service, rate: String(Number(service.rate) * 2) }))))
  await importServices(db, list)
  const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
  const url = `${supplierUrl}/api/v2`
  await addSupplier(db, { name: 'docket', protocol: 'api-v2', url, key: supplierKey, privateNetwork: true, keepsRetryKeys: null }, secret)
  await setSupplier(db, 'docket', { callsAtOnce: 16, callsAMinute: 100_000 }, secret)
  for (const service of demoCatalogue) {
    // A subscription's posts are ordered one by one, as an ordinary service of the supplier's.
    const theirService = service.type === 'Subscriptions' ? '102' : String(service.service)
    await bindSupplier(db, service.service, 'docket', binding(theirService))
  }
  await bindSupplier(db, WATCHED_THERE, 'docket', { ...binding(String(SUBSCRIPTIONS.service)), theirType: 'Subscriptions' })
  const balance = parseUnits('10000000')
  return (await addFundedAccount(db, { email: 'customer@example.com', currency: 'USD', balance, note: '' }, new Date())).key
}

const binding = (theirService: string) => ({ theirService, costRate: null, multiplier: 1, position: null })

interface Side {
  readonly url: string
  start(): Promise<void>
  kill(): Promise<void>
  stop(): Promise<void>
}

/** A whole server process on one of the databases. */
function openSide(databaseUrl: string, port: number): Side {
  let child: ChildProcess | undefined
  const url = `http://127.0.0.1:${port}`
  const environment = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    DOCKET_PORT: String(port),
    DOCKET_RATE_LIMIT: 'off',
    DOCKET_LOG_LEVEL: 'silent',
    DOCKET_SECRET: SECRET,
    DOCKET_SIMULATED_SPEED: '200',
  }
  const ended = () =>
    new Promise<void>((resolve) => ((child!.exitCode ?? child!.signalCode) === null ? child!.once('exit', () => resolve()) : resolve()))
  return {
    url,
    async start() {
      child = spawn(process.execPath, ['cli/docket.mjs', 'serve'], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] })
      await until(async () => (await fetch(`${url}/readyz`)).ok, 240_000)
    },
    async kill() {
      child!.kill('SIGKILL')
      await ended()
    },
    async stop() {
      if (!child) return
      child.kill('SIGTERM')
      await ended()
    },
  }
}

const ENDINGS = ['', '', '', '', '', '', '#partial', '#canceled', '#refused']
const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}, really`).join('\n')

/** The parameters of the n-th order: every type in turn, with every ending. */
function parametersOf(n: number): Record<string, string> {
  const service = demoCatalogue[n % demoCatalogue.length]!
  const link = `https://example.com/p/${n}${ENDINGS[n % ENDINGS.length]}`
  const all: Record<string, string> = {
    service: String(service.service),
    link,
    quantity: String(Math.min(service.max, service.min + (n % 7))),
    username: 'maker',
    usernames: lines(5),
    hashtags: lines(2),
    hashtag: '#words',
    keywords: lines(2),
    comments: lines(Math.max(1, service.min)),
    media: 'https://example.com/m/1',
    answer_number: '2',
    groups: lines(2),
    country: 'US',
    device: '5',
    type_of_traffic: '3',
    idempotency_key: `order ${n}`,
  }
  if (service.type === 'Subscriptions') {
    const isWatchedThere = Math.floor(n / demoCatalogue.length) % 2 === 1
    return { ...all, ...(isWatchedThere ? { service: String(WATCHED_THERE) } : {}), min: '10', max: '12', delay: '0', posts: '2' }
  }
  return 'dripfeed' in service && n % 5 === 0 ? { ...all, runs: '2', interval: '1' } : all
}

/** Places everything under retry keys: a customer that asks again until it is answered. */
async function placeAll(side: Side, db: Database, key: string, orders: number, say: (line: string) => void) {
  let next = 0
  const customer = async () => {
    while (next < orders) {
      const parameters = parametersOf(next++)
      const order = await placeUntilAnswered(side, { key, action: 'add', ...parameters })
      if (parameters['service'] === String(SUBSCRIPTIONS.service))
        await feedPosts(db, BigInt(order), [`${parameters['link']}-a`, `${parameters['link']}-b`], new Date())
      if (order % 1000 === 0) say(`order ${order} is placed`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, customer))
}

async function placeUntilAnswered(side: Side, parameters: Record<string, string>): Promise<number> {
  let placed: number | undefined
  await until(async () => {
    const response = await fetch(`${side.url}/api/v2`, { method: 'POST', body: new URLSearchParams(parameters) })
    const answer = (await response.json()) as { order?: number; error?: string }
    if (response.status === 200 && answer.error) throw new Wrong(`${JSON.stringify(parameters)}: ${answer.error}`)
    placed = answer.order
    return placed !== undefined
  }, 120_000)
  return placed!
}

/** From the first orders to the last: only in the middle of traffic does a kill mean anything. */
async function killNowAndThen(
  sides: readonly Side[],
  line: TroubledLine,
  { kills, orders }: { kills: number; orders: number },
  say: (line: string) => void,
) {
  // A small run makes few calls: a kill that waits for more of them than its orders need comes when the traffic is over.
  const callsBetween = Math.min(Math.max(50, (orders / kills) * 0.8), Math.max(10, orders / 4))
  for (let kill = 0; kill < kills; kill += 1) {
    const calls = line.counts.calls
    await until(async () => line.counts.calls > calls + callsBetween, 120_000).catch(() => {})
    const side = sides[kill % sides.length]!
    say(`kill -9 of the ${kill % 2 === 0 ? 'supplier' : 'seller'}`)
    await side.kill()
    await side.start()
    line.cut(true)
    const resets = line.counts.reset
    await until(async () => line.counts.reset > resets, 10_000).catch(() => {})
    line.cut(false)
  }
}

const OPEN = `select count(*)::int as open from orders where not ended`

async function settled(db: Database, orders: number, line: TroubledLine, say: (line: string) => void) {
  let last = -1
  await until(async () => {
    const { rows } = await db.query<{ open: number }>(OPEN)
    const { open } = rows[0]!
    if (open !== last && open % 100 < 10) say(`${open} orders are open`)
    last = open
    if (open < orders / 4) line.heal()
    return open === 0
  }, 1_200_000)
}

const HANDED = `
  select h.order_id::text as order, h.reference, h.state, o.status::text, o.quantity::text, o.remains::text, o.kind, o.sent
  from orders o left join hand_offs h on h.order_id = o.id where o.kind = 'single' or o.service_id = ${WATCHED_THERE}`
const TAKEN = `
  select o.id::text as reference, k.key, o.status::text, o.quantity::text, o.remains::text
  from orders o left join retry_keys k on k.order_id = o.id`

async function compare(seller: Database, supplier: Database, orders: number, line: TroubledLine): Promise<Ending> {
  const handed = (await seller.query(HANDED)).rows
  const taken = (await supplier.query(TAKEN)).rows
  const byReference = new Map(taken.map((row) => [row.reference, row]))
  const references = handed.map((row) => row.reference).filter(Boolean)
  const notExactlyOnce: unknown[] = handed.filter((row) => row.reference === null || !byReference.has(row.reference))
  if (new Set(references).size !== references.length) notExactlyOnce.push('two orders share a reference')
  const known = new Set(references)
  notExactlyOnce.push(...taken.filter((row) => !known.has(row.reference)))
  const different = handed.filter((row) => {
    const other = byReference.get(row.reference)
    return other && (other.status !== row.status || other.quantity !== row.quantity || other.remains !== row.remains)
  })
  const byStatus: Record<string, number> = {}
  const all = await seller.query<{ status: string; count: number }>('select status::text, count(*)::int from orders group by 1')
  for (const row of all.rows) byStatus[row.status] = row.count
  const audits = await Promise.all([audit(seller), audit(supplier)])
  return {
    orders,
    notExactlyOnce: notExactlyOnce.slice(0, 20),
    different: different.slice(0, 20),
    unconfirmed: handed.filter((row) => row.state === 'unconfirmed').length,
    byStatus,
    line: line.counts,
    auditsClean: audits.every(({ ok }) => ok),
  }
}

class Wrong extends Error {}

/** Waits for a condition by asking; a question that cannot be answered yet is asked again, one that is wrong ends the story. */
async function until(condition: () => Promise<boolean>, withinMs: number) {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await condition().catch((error: unknown) => {
      if (error instanceof Wrong) throw error
      return false
    })
    if (answer) return
    if (performance.now() > deadline) throw new Error('It did not come to pass in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
