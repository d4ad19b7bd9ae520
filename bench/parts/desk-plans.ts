import type { Queryable } from '../../server/db/pool.ts'
import { listAllOrders } from '../../server/fulfilment/all-orders.ts'
import { readSearch } from '../../server/fulfilment/find-orders.ts'
import { type AllOrdersFilter, EVERY_ORDER } from '../../server/fulfilment/order-sources.ts'
import { readWholeOrder } from '../../server/fulfilment/staff-order.ts'
import { listJobs } from '../../server/jobs/jobs.ts'
import { type Claim, table } from '../report.ts'
import { openGrownShop } from '../shop/grown-shop.ts'
import type { Part } from './part.ts'

/** A list, a filter or a search of the desk. Further ones are added here. */
interface Ask {
  readonly name: string
  readonly ask: (db: Queryable, newest: bigint) => Promise<unknown>
}

const page = { before: null, most: 50 }
const DAY_MS = 86_400_000
const orders = (name: string, filter: (newest: bigint) => Partial<AllOrdersFilter>, before?: (newest: bigint) => bigint): Ask => ({
  name,
  ask: (db, newest) => listAllOrders(db, { ...EVERY_ORDER, ...filter(newest) }, { ...page, before: before?.(newest) ?? null }),
})
const search = (name: string, text: (newest: bigint) => string): Ask => ({ name, ask: (db, newest) => readSearch(db, text(newest)) })
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS)

const asks: readonly Ask[] = [
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

const MOST_MS = 20
const ROUNDS = 7

/** The plan of each list, filter and search of the desk over many orders: its indexes, the blocks it reads, and its time in the database. */
export const measureDeskPlans: Part = async ({ hall, stored }) => {
  const { db } = await openGrownShop(hall, stored)
  const { rows } = await db.query<{ newest: bigint }>('select max(id) as newest from orders')
  const newest = rows[0]!.newest
  const claims: Claim[] = []
  const lines: string[][] = []
  for (const { name, ask } of asks) {
    const statements = await statementsOf(db, (recorder) => ask(recorder, newest))
    const plans = []
    for (const statement of statements) plans.push(await planOf(db, statement))
    const total = plans.reduce((sum, plan) => sum + plan.ms, 0)
    const used = [...new Set(plans.flatMap(({ indexes, scanned }) => [...indexes, ...scanned.map((one) => `whole ${one}`)]))]
    lines.push([
      name,
      total.toFixed(1),
      String(plans.reduce((sum, plan) => sum + plan.blocks, 0)),
      String(statements.length),
      used.join(', '),
    ])
    claims.push({ work: name, against: 'time in the database', found: total, unit: ' ms', atMost: MOST_MS })
  }
  console.log(table(['list or search', 'ms', 'blocks', 'statements', 'indexes'], lines))
  return { claims, proofs: [] }
}

interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** What is asked of the database meanwhile. */
async function statementsOf(db: Queryable, ask: (recorder: Queryable) => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = []
  const query = (asked: string | Statement, values: readonly unknown[] = []) => {
    statements.push(typeof asked === 'string' ? { text: asked, values } : { text: asked.text, values: asked.values ?? [] })
    return (db.query as (...given: unknown[]) => unknown)(asked, values.length > 0 ? values : undefined)
  }
  await ask({ query } as unknown as Queryable)
  return statements
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly 'Relation Name'?: string
  readonly 'Actual Loops': number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly PlanNode[]
}

interface Explained {
  readonly Plan: PlanNode
  readonly 'Execution Time': number
}

interface Plan {
  readonly ms: number
  readonly blocks: number
  readonly indexes: readonly string[]
  /** Tables that are read from one end to the other. */
  readonly scanned: readonly string[]
}

/** The quickest of some rounds: what else the machine does meanwhile is not the plan's. */
async function planOf(db: Queryable, { text, values }: Statement): Promise<Plan> {
  const explain = { text: `explain (analyze, buffers, timing off, format json) ${text}`, values: [...values] }
  const rounds: Explained[] = []
  while (rounds.length < ROUNDS) rounds.push((await db.query<{ 'QUERY PLAN': [Explained] }>(explain)).rows[0]!['QUERY PLAN'][0])
  const { Plan: root, 'Execution Time': ms } = rounds.toSorted((a, b) => a['Execution Time'] - b['Execution Time'])[0]!
  const nodes = nodesOf(root).filter((node) => node['Actual Loops'] > 0)
  return {
    ms,
    blocks: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
    indexes: [...new Set(nodes.flatMap((node) => node['Index Name'] ?? []))],
    scanned: [...new Set(nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name']!] : [])))],
  }
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}
