import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openPool } from '../../server/db/pool.ts'
import { freshDatabase } from '../support/docket.ts'
import { endServers, serve, type ServerProcess } from '../support/server-process.ts'
import { openChance } from './random.ts'
import { legalRequest } from './requests.ts'
import { routeOf, routesOfServer } from './routes.ts'
import { leftOut, surfaceOf } from './surface/surface.ts'
import type { Target } from './surface/target.ts'
import { makeHouse, makeWorld, WORLD_SETTINGS } from './world.ts'

let db: Database
let server: ServerProcess
let surface: Target[]

beforeAll(async () => {
  const databaseUrl = await freshDatabase()
  db = openPool(databaseUrl, { size: 2, name: 'test', connectTimeoutMs: 300_000 })
  const house = await makeHouse(db, { furtherServices: 20 })
  server = await serve({ DATABASE_URL: databaseUrl, DOCKET_ROLE: 'http', ...WORLD_SETTINGS })
  surface = surfaceOf(await makeWorld(house, server.url))
})
afterAll(async () => {
  await endServers()
  await db.end()
})

const chance = openChance(1)

function ask(target: Target): Promise<Response> {
  const { method, path, headers, body } = legalRequest(chance, target)
  return fetch(server.url + path, { method, headers, redirect: 'manual', ...(body && { body: new Uint8Array(body) }) })
}

describe('what the fuzz sends', () => {
  test('reaches every route that a server has, or says why not', async () => {
    const routes = await routesOfServer()
    expect(routes.length).toBeGreaterThan(600)
    const nameOf = ({ method, url }: { method: string; url: string }) => `${method} ${url}`
    const asked = new Set(surface.map((target) => routeOf(routes, target)).flatMap((route) => (route ? [nameOf(route)] : [])))
    // HEAD is answered by what answers GET.
    const forgotten = routes.filter(({ method, url }) => method !== 'HEAD' && url !== '*').map(nameOf).filter((name) => !asked.has(name) && !(name in leftOut)) // prettier-ignore
    expect(forgotten).toEqual([])
    expect(Object.keys(leftOut).filter((name) => asked.has(name) || !routes.some((route) => nameOf(route) === name))).toEqual([])
  })

  test('was a fault once, and is answered now', async () => {
    for (const [name, changed, status] of FOUND) {
      const target = surface.find((each) => each.name === name)!
      const answer = await ask({ ...target, fields: { ...target.fields, ...changed } })
      expect([name, changed, answer.status]).toEqual([name, changed, status])
    }
  })

  test('gets in: no target is answered that its caller is unknown, may not do this, or that there is nothing', async () => {
    const turnedAway: string[] = []
    for (const target of surface.filter(({ isSeldom }) => !isSeldom)) {
      const answer = await ask(target)
      const text = await answer.text()
      const isLedToSignIn = /sign-in/.test(answer.headers.get('location') ?? '')
      const isRefusedByApi = target.kind === 'api' && text.includes('"error"')
      if ([401, 403, 404].includes(answer.status) || answer.status >= 500 || isLedToSignIn || isRefusedByApi)
        turnedAway.push(`${target.name}: ${answer.status} ${text.slice(0, 80)}`)
    }
    const expected = new RegExp(`^(${TURNED_AWAY.join('|')}): (?!5)`)
    expect(turnedAway.filter((each) => !expected.test(each))).toEqual([])
  })
})

/** Who is a stranger, and what is said no to whoever asks. */
const TURNED_AWAY = [
  // A refill and a cancel were asked for before, and the other order of the list is another one.
  'action=(refill|refill_status|cancel)',
  'a key that is none',
  'a call that is no gateway',
  'GET of a hook',
  // Nobody calls about transfers by hand; the others sign with what is not ours to choose.
  'a call of (manual|mercadopago|nowpayments|paypal)',
  // There is no other payment in a report than those that gateways have told of.
  'POST /operator/v1/acts/reconcile-(look|settle)(, a dry run)?',
  'POST /operator/v1/acts/staff-rescue, a dry run',
  'GET /nowhere',
  // It is not written yet.
  'GET /desk/files/\\d+/file',
  'POST /desk/sign-out',
  'stranger (POST /mass-order|POST /sign-out|GET /order|GET /desk/sign-in/code|GET /desk/orders)',
]

/** Requests that the fuzz has found, one after another: the target, the fields that are not as usual, and what is answered today. */
const FOUND: readonly (readonly [string, Record<string, string>, number])[] = [
  ['POST /operator/v1/acts/order-add, a dry run', { account: '1676' }, 400],
  ['POST /operator/v1/acts/rate-set', { currency: '"USDTTRC20"' }, 200],
  ['GET /desk/payments/rates', {}, 200],
  ['GET /desk', { currency: 'a'.repeat(3000) }, 200],
  ['POST /operator/v1/acts/supplier-set, a dry run', { calls_at_once: '0' }, 400],
  ['POST /operator/v1/acts/supplier-set, a dry run', { calls_a_minute: '100001' }, 400],
  ['POST /operator/v1/acts/service-bind, a dry run', { multiplier: '0' }, 400],
  ['POST /operator/v1/acts/service-bind, a dry run', { service: '99999' }, 400],
  ['POST /operator/v1/acts/fund, a dry run', { note: '"\\u0000"' }, 400],
  ['POST /operator/v1/acts/service-set, a dry run', { name: '"\\ud800"' }, 400],
  ['POST /operator/v1/acts/payment-approve, a dry run', { amount: '"92233720368547.75807"' }, 400],
  ['POST /operator/v1/acts/group-rates, a dry run', { rates: '[{"service":101,"rate":"1"},{"service":101,"rate":"2"}]' }, 200],
  ['GET /operator/v1/accounts', { text: '\0' }, 400],
  ['GET /operator/v1/groups', { cursor: '999999999999999999' }, 400],
  ['GET /operator/v1/owed', { day: '0000-01-01' }, 400],
  ['GET /desk/orders', { q: '\0' }, 404],
  [`stranger POST /desk/setup/begin/${'w'.repeat(43)}`, { name: '['.repeat(3000) }, 410],
]
