import { placeByFunction } from '../load/batch-function.ts'
import { addLoad } from '../load/forms.ts'
import type { Claim } from '../report.ts'
import { type Contestant, medianOf, ratioOf, type Result, takeTurns } from '../rounds.ts'
import { startBaseline } from '../servers/process.ts'
import { proveBooks } from '../shop/proof.ts'
import { openCountedDocket } from './counted-docket.ts'
import { type Bench, CROWD, type Part } from './part.ts'

const names = {
  docket: 'Docket',
  transaction: 'a transaction a request',
  call: 'a statement a request',
  pgbench: 'pgbench, a statement an order',
  batches: 'the batch function alone, 64 a call',
}
const MOST_PGBENCH_CLIENTS = 64

/** Placing orders: Docket, two servers that do not batch, and the database alone. */
export const measureAdd: Part = async (bench) => {
  const shop = await bench.hall.openShop('add')
  const other = await bench.hall.openShop('baselines')
  const docket = await openCountedDocket(bench, shop, 'add')
  const settings = { DATABASE_URL: other.url }
  const transaction = await startBaseline('one transaction', ['statements'], settings)
  const call = await startBaseline('one transaction', ['statement'], settings)

  const contestants = (connections: number, hot: boolean): Contestant[] => {
    const load = addLoad(shop.customers, hot)
    const post = (url: string) => (seconds: number) => bench.fire(url, load, connections, seconds)
    const list: Contestant[] = [
      { name: names.docket, run: (seconds) => docket.fire(load, connections, seconds) },
      { name: names.transaction, run: post(transaction.url) },
      { name: names.call, run: post(call.url) },
    ]
    const clients = Math.min(connections, MOST_PGBENCH_CLIENTS)
    if (bench.pgbench) list.push({ name: names.pgbench, run: (seconds) => bench.pgbench!.place(other.url, clients, seconds, hot) })
    if (connections === CROWD) list.push({ name: names.batches, run: (seconds) => placeByFunction(other, CROWD, seconds, hot) })
    return list
  }

  try {
    const spread = new Map<number, Result[]>()
    for (const connections of bench.connections) {
      spread.set(connections, await compare(bench, `add, ${connections} connections, 1,000 accounts`, contestants(connections, false)))
    }
    const hot = bench.connections.includes(CROWD)
      ? await compare(bench, `add, ${CROWD} connections, one hot account`, contestants(CROWD, true))
      : undefined
    const proofs = [await docket.proveOrders(), await proveBooks('Docket', shop), await proveBooks('the baselines', other)]
    return { claims: [...crowdClaims(spread.get(CROWD)), ...hotClaims(hot), ...loneClaims(spread.get(1))], proofs }
  } finally {
    await Promise.all([docket.stop(), transaction.stop(), call.stop()])
  }
}

async function compare(bench: Bench, title: string, contestants: readonly Contestant[]): Promise<Result[]> {
  const results = await takeTurns(contestants, bench)
  bench.show({ title, results })
  return results
}

function crowdClaims(results: readonly Result[] | undefined): Claim[] {
  if (!results) return []
  const [docket, transaction] = results as [Result, Result]
  const work = `add, ${CROWD} connections`
  return [
    ...against(results, names.pgbench, work, 2),
    ...against(results, names.transaction, work, 8),
    { work: `${work}, p99`, against: names.transaction, found: ratioOf(docket, transaction, 'p99'), unit: '×', atMost: 0.33 },
    { work: `${work}, p99`, against: '', found: medianOf(docket, 'p99')!, unit: ' ms', atMost: 20 },
    ...against(results, names.batches, work, 0.35),
  ]
}

function hotClaims(results: readonly Result[] | undefined): Claim[] {
  const work = 'add, one hot account'
  return results ? [...against(results, names.pgbench, work, 10), ...against(results, names.transaction, work, 20)] : []
}

function loneClaims(results: readonly Result[] | undefined): Claim[] {
  return results ? against(results, names.transaction, 'add, 1 connection', 1.5) : []
}

function against(results: readonly Result[], name: string, work: string, atLeast: number): Claim[] {
  const other = results.find((result) => result.name === name)
  return other ? [{ work, against: name, found: ratioOf(results[0]!, other), unit: '×', atLeast }] : []
}
