import type { Queryable } from '../../server/db/pool.ts'
import { type Claim, table } from '../report.ts'
import { openGrownShop } from '../shop/grown-shop.ts'
import { ofOrders } from './desk/of-orders.ts'
import { ofReports } from './desk/of-reports.ts'
import { ofTheHouse } from './desk/of-the-house.ts'
import { ofTickets } from './desk/of-tickets.ts'
import type { Part } from './part.ts'

const MOST_MS = 20
const ROUNDS = 7

/** The plan of each list, filter and search of the desk over many orders: its indexes, the blocks it reads, and its time in the database. */
export const measureDeskPlans: Part = async ({ hall, stored }) => {
  const { db } = await openGrownShop(hall, stored)
  const { rows } = await db.query<{ newest: bigint }>('select max(id) as newest from orders')
  const newest = rows[0]!.newest
  const claims: Claim[] = []
  const lines: string[][] = []
  for (const { name, ask, before, isOnce } of [...ofOrders, ...ofReports, ...ofTheHouse, ...ofTickets]) {
    await before?.(db)
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
    if (isOnce) continue
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
