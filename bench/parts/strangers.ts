import { randomUUID } from 'node:crypto'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import type { Sample } from '../load/load.ts'
import { median, ratioOf, takeTurns } from '../rounds.ts'
import { type DefaultPostgres, startDefaultPostgres } from '../servers/default-postgres.ts'
import { startDocket } from '../servers/process.ts'
import type { Shop } from '../shop/hall.ts'
import { proveBooks } from '../shop/proof.ts'
import { type Customer, seed } from '../shop/seed.ts'
import type { Part } from './part.ts'

/** Docket on a PostgreSQL with its distribution's settings, compared with Docket on the embedded one. The adds have a retry key: they take the
 * longer path through the database, where bad settings can lead to bad plans. */
export const measureStrangers: Part = async (bench) => {
  const stranger = await startDefaultPostgres(bench.hall.file('stranger'))
  if (!stranger) {
    console.log('No initdb was found (Debian: apt-get install postgresql-15): the default server is left out.')
    return { claims: [], proofs: [] }
  }
  const own = await bench.hall.openShop('strangers')
  const theirs = await openShopOn(stranger)
  const [embedded, other] = await Promise.all([startDocket({ DATABASE_URL: own.url }), startDocket({ DATABASE_URL: theirs.url })])
  try {
    const results = await takeTurns(
      [
        {
          name: `Docket on PostgreSQL ${stranger.version}, default settings`,
          run: (seconds) => addOneByOne(other.url, theirs.customers, seconds),
        },
        {
          name: `Docket on the PostgreSQL of this run (${bench.hall.server})`,
          run: (seconds) => addOneByOne(embedded.url, own.customers, seconds),
        },
      ],
      bench,
    )
    bench.show({ title: 'add with a retry key, 1 connection', results })
    const time = ratioOf(results[1]!, results[0]!)
    return {
      claims: [
        { work: 'add with a retry key, default PostgreSQL, time', against: 'the embedded one', found: time, unit: '×', atMost: 1.2 },
      ],
      proofs: [await proveBooks('the default server', theirs), await proveBooks('the embedded server', own)],
    }
  } finally {
    await Promise.all([embedded.stop(), other.stop()])
    await theirs.db.end()
    await stranger.stop()
  }
}

async function openShopOn({ url }: DefaultPostgres): Promise<Shop> {
  await migrate(url)
  const db = openPool(url, { size: 16, name: 'docket bench' })
  return { url, db, customers: await seed(db) }
}

/** Each add has its own retry key, which a load generator that sends the same bodies again and again cannot do. */
async function addOneByOne(url: string, customers: readonly Customer[], seconds: number): Promise<Sample> {
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    const began = performance.now()
    await addOnce(url, customers[times.length % customers.length]!)
    times.push(performance.now() - began)
  }
  const sorted = times.toSorted((a, b) => a - b)
  return { perSecond: times.length / seconds, p50: median(times), p99: sorted[Math.floor(sorted.length * 0.99)]!, count: times.length }
}

async function addOnce(url: string, { key }: Customer): Promise<void> {
  const once = randomUUID()
  const parameters = { key, action: 'add', service: '1', quantity: '100', link: `https://example.com/${once}`, idempotency_key: once }
  const response = await fetch(`${url}/api/v2`, { method: 'POST', body: new URLSearchParams(parameters) })
  const answer = (await response.json()) as { order?: number; error?: string }
  if (answer.order === undefined) throw new Error(`An add was refused: ${answer.error}`)
}
