import { writeFile } from 'node:fs/promises'
import { balanceLoad, servicesLoad, statusesLoad, statusLoad } from '../load/forms.ts'
import type { Load } from '../load/load.ts'
import type { Claim } from '../report.ts'
import { ratioOf, takeTurns } from '../rounds.ts'
import { type ServerProcess, startBaseline, startDocket } from '../servers/process.ts'
import { openHistory } from '../shop/history.ts'
import type { Shop } from '../shop/hall.ts'
import { proveBooks } from '../shop/proof.ts'
import { type Bench, CROWD, type Part } from './part.ts'

export const measureStatus: Part = async (bench) => {
  const shop = await openHistory(bench.hall, bench.stored)
  const hundred = statusesLoad(shop.customers, bench.stored)
  const bodies = bench.hall.file('hundred.txt')
  await writeFile(bodies, hundred.bodies.join('\n'))
  return withServers(bench, shop, [bodies], async (servers) => [
    ...(await race(bench, servers, statusLoad(shop.customers, bench.stored), 'status of one', 'a static answer', 0.6)),
    ...(await race(bench, servers, hundred, 'status of 100', 'the same JSON from memory', 0.6)),
  ])
}

export const measureBalance: Part = async (bench) => {
  const shop = await bench.hall.openShop('reads')
  return withServers(bench, shop, [], (servers) => race(bench, servers, balanceLoad(shop.customers), 'balance', 'a static answer', 0.6))
}

export const measureServices: Part = async (bench) => {
  const shop = await bench.hall.openShop('reads')
  return withServers(bench, shop, [], async (servers) => {
    const claims: Claim[] = []
    const encodings: Record<string, Record<string, string>> = {
      br: { 'accept-encoding': 'br' },
      gzip: { 'accept-encoding': 'gzip' },
      identity: {},
      'not modified': await ifNoneMatch(servers.docket, shop),
    }
    for (const [name, headers] of Object.entries(encodings)) {
      const load = servicesLoad(shop.customers, headers)
      claims.push(...(await race(bench, servers, load, `services of 5,000, ${name}`, 'the same bytes, static', 0.9)))
    }
    return claims
  })
}

interface Servers {
  readonly docket: ServerProcess
  readonly still: ServerProcess
}

async function withServers(bench: Bench, shop: Shop, words: string[], work: (servers: Servers) => Promise<Claim[]>): ReturnType<Part> {
  const docket = await startDocket({ DATABASE_URL: shop.url }, bench.profiles)
  const still = await startBaseline('static', words, { DATABASE_URL: shop.url })
  try {
    return { claims: await work({ docket, still }), proofs: [await proveBooks('the shop that was read', shop)] }
  } finally {
    await Promise.all([docket.stop(), still.stop()])
  }
}

/** Compares the real answer with one that sends no statement to the database, at every number of connections. */
async function race(bench: Bench, servers: Servers, load: Load, work: string, against: string, atLeast: number): Promise<Claim[]> {
  await checkAnswers(servers, load)
  const claims: Claim[] = []
  for (const connections of bench.connections) {
    const results = await takeTurns(
      [
        { name: 'Docket', run: (seconds) => bench.fire(servers.docket.url, load, connections, seconds) },
        { name: against, run: (seconds) => bench.fire(servers.still.url, load, connections, seconds) },
      ],
      bench,
    )
    bench.show({ title: `${work}, ${connections} connections`, results })
    if (connections === CROWD) claims.push({ work, against, found: ratioOf(results[0]!, results[1]!), unit: '×', atLeast })
  }
  return claims
}

/** A fast refusal must not count as an answer: both servers must answer the same kind of JSON, of about the same length. */
async function checkAnswers(servers: Servers, load: Load) {
  const [ours, other] = await Promise.all([ask(servers.docket, load), ask(servers.still, load)])
  const alike = ours.status === other.status && Math.abs(ours.text.length - other.text.length) <= 40
  if (!alike || /"error"/.test(ours.text))
    throw new Error(`${load.name}: ${ours.text.slice(0, 200)} is not like ${other.text.slice(0, 200)}`)
}

async function ask(server: ServerProcess, load: Load): Promise<{ status: number; text: string; etag: string | null }> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...load.headers }
  const answer = await fetch(`${server.url}/api/v2`, { method: 'POST', headers, body: load.bodies[0]! })
  return { status: answer.status, text: await answer.text(), etag: answer.headers.get('etag') }
}

async function ifNoneMatch(server: ServerProcess, shop: Shop): Promise<Record<string, string>> {
  return { 'if-none-match': (await ask(server, servicesLoad(shop.customers, {}))).etag! }
}
