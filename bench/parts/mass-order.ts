import type pg from 'pg'
import { DatabaseClient } from '../../server/db/client.ts'
import { type Database, openPoolBeside } from '../../server/db/pool.ts'
import { pageCaller } from '../../server/customers/page-callers.ts'
import type { OrderContext } from '../../server/ordering/call.ts'
import { checkMassOrder, placeNextLines } from '../../server/ordering/mass-order.ts'
import { placeOrder } from '../../server/ordering/place-order.ts'
import { beginPlacing, readMassOrder } from '../../server/orders/mass-orders.ts'
import { orderContext } from '../../test/support/mass-orders.ts'
import { table } from '../report.ts'
import { median } from '../rounds.ts'
import type { Shop } from '../shop/hall.ts'
import type { Part } from './part.ts'

const LINES = 2000

interface Cost {
  readonly ms: number
  readonly statements: number
}

/** Places a whole list of the size that resellers send, on a node in this process: all the work but HTTP and rendering the page. */
export const measureMassOrder: Part = async (bench) => {
  const shop = await bench.hall.openShop('mass_order')
  const { db, counted } = countedPool(shop.db)
  const context = await orderContext({ db, now: () => new Date() })
  const cost = async (work: () => Promise<void>): Promise<Cost> => {
    const [before, began] = [counted(), performance.now()]
    await work()
    return { ms: performance.now() - began, statements: counted() - before }
  }
  const checks: Cost[] = []
  const placings: Cost[] = []
  const singles: Cost[] = []
  const steps: number[] = []
  // The first round prepares statements; it does not count.
  for (let round = 0; round <= bench.rounds; round += 1) {
    const account = await accountOf(shop, round)
    // An account's first visit creates the key that its pages use, once.
    await pageCaller(context.db, account, context.now())
    let id = 0n
    const check = await cost(async () => {
      const caller = await pageCaller(context.db, account, context.now())
      id = await checkMassOrder(context, caller, { text: listOf(round), form: `bench ${round}` })
    })
    const stepsOfRound: number[] = []
    const placing = await cost(() => placeAll(context, account, id, (ms) => stepsOfRound.push(ms)))
    const single = await cost(() => placeSingly(context, account, round))
    // A database that has been running for a minute knows the size of its tables; the seed analysed them while they were empty.
    await shop.db.query('analyze')
    if (round === 0) continue
    checks.push(check)
    placings.push(placing)
    singles.push(single)
    steps.push(...stepsOfRound)
  }
  const middle = (costs: readonly Cost[], of: keyof Cost) => median(costs.map((one) => one[of]))
  const row = (name: string, costs: readonly Cost[]) => {
    const ms = middle(costs, 'ms')
    return [name, ms.toFixed(0), ((ms * 1000) / LINES).toFixed(0), middle(costs, 'statements').toFixed(0)]
  }
  const rows = [row('read, check, keep', checks), row('place, step by step', placings), row('the same orders sent at once', singles)]
  console.log(`\n${table([`${LINES} lines`, 'ms', 'µs a line', 'statements'], rows)}`)
  console.log(`a step of 250 lines: ${median(steps).toFixed(0)} ms, at most ${Math.max(...steps).toFixed(0)} ms`)
  const { rows: stored } = await shop.db.query<{ count: bigint }>('select count(*) from orders')
  const wanted = BigInt((bench.rounds + 1) * 2 * LINES)
  await context.placing.close()
  await db.end()
  return {
    claims: [
      { work: `check of ${LINES} lines, statements`, against: '', found: middle(checks, 'statements'), unit: '', atMost: 8 },
      {
        work: `placing of ${LINES} lines, statements a line`,
        against: '',
        found: middle(placings, 'statements') / LINES,
        unit: '',
        atMost: 0.1,
      },
    ],
    proofs: [{ ok: stored[0]!.count === wanted, sentence: `${stored[0]!.count} orders are stored of the ${wanted} that were asked for` }],
  }
}

async function placeAll(context: OrderContext, account: number, id: bigint, onStep: (ms: number) => void): Promise<void> {
  const { bookId } = await pageCaller(context.db, account, context.now())
  let massOrder = (await readMassOrder(context.db, bookId, id))!
  await beginPlacing(context.db, massOrder, context.now())
  while (massOrder.doneAt === null) {
    const began = performance.now()
    massOrder = await placeNextLines(context, await pageCaller(context.db, account, context.now()), massOrder)
    onStep(performance.now() - began)
  }
}

/** As programs do it: each order by itself, as many at once as the queue takes, without retry keys. */
async function placeSingly(context: OrderContext, account: number, round: number): Promise<void> {
  const caller = await pageCaller(context.db, account, context.now())
  const parameters = (n: number) => ({ service: String(1 + (n % 5000)), link: `https://example.com/single/${round}/${n}`, quantity: '100' })
  await Promise.all(Array.from({ length: LINES }, (_, n) => placeOrder(context, { caller, parameters: parameters(n) }, null)))
}

function listOf(round: number): string {
  return Array.from({ length: LINES }, (_, n) => `${1 + (n % 5000)}|https://example.com/mass/${round}/${n}|100`).join('\n')
}

async function accountOf({ db, customers }: Shop, round: number): Promise<number> {
  const { rows } = await db.query<{ account: number }>('select account_id as account from books where id = $1', [customers[round]!.bookId])
  return rows[0]!.account
}

/** The same database, with a count of all its statements, `begin` and `commit` included. */
function countedPool(pool: Database): { db: Database; counted: () => number } {
  let count = 0
  class Counted extends DatabaseClient {
    override get query(): pg.ClientBase['query'] {
      count += 1
      return super.query
    }
  }
  return { db: openPoolBeside(pool, { Client: Counted as unknown as typeof pg.Client }), counted: () => count }
}
