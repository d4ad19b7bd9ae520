import http from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openPool } from '../../server/db/pool.ts'
import { type Encoded, encoded, type Transport, transportsOf } from '../fuzz/encode.ts'
import { told } from '../fuzz/node-under-test.ts'
import { filled, filledEncoded, SHAPES } from '../fuzz/shapes.ts'
import { surfaceOf } from '../fuzz/surface/surface.ts'
import type { Target } from '../fuzz/surface/target.ts'
import { makeHouse, makeWorld, WORLD_SETTINGS } from '../fuzz/world.ts'
import { freshDatabase } from '../support/docket.ts'
import { endServers, serve, type ServerProcess } from '../support/server-process.ts'

/** Nobody waits longer than this for what somebody else has sent. */
const LONGEST_MS = 250
const LARGEST = { api: 1_048_576, staff: 1_048_576, operator: 1_048_576, hook: 262_144, upload: 1_150_000, page: 65_536 } as const
/** What an address, or one header, may have: all of them together are bounded by 64 KiB. */
const LONGEST_HEAD = 60_000
const OVERHEAD = 3000

let db: Database
let server: ServerProcess
let surface: Target[]
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

beforeAll(async () => {
  const databaseUrl = await freshDatabase()
  db = openPool(databaseUrl, { size: 2, name: 'test', connectTimeoutMs: 300_000 })
  const house = await makeHouse(db)
  server = await serve({
    DATABASE_URL: databaseUrl,
    DOCKET_ROLE: 'http',
    DOCKET_LOG_LEVEL: 'info',
    ...WORLD_SETTINGS,
  })
  surface = surfaceOf(await makeWorld(house, server.url))
})
afterAll(async () => {
  agent.destroy()
  await endServers()
  await db.end()
})

interface Sent extends Encoded {
  readonly what: string
}

function send({ method, path, headers, body }: Encoded): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(server.url + path, { method, headers, agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!))
    })
    request.on('error', reject).end(body)
  })
}

/** How long each of these kept the event loop, if that was too long. Asked for all together first, then one by one for those where it was; the
 * least of three, and of processor time where the machine was busy with something else. */
async function tooLong(requests: readonly Sent[]): Promise<string[]> {
  const found: string[] = []
  for (let at = 0; at < requests.length; at += TOGETHER) {
    const some = requests.slice(at, at + TOGETHER)
    await told(server.url)
    for (const each of some) await sendAndCheck(each)
    if ((await told(server.url)).delayMs <= LONGEST_MS) continue
    for (const each of some) {
      const least = Math.min(await keptMs(each), await keptMs(each), await keptMs(each))
      if (least > LONGEST_MS) found.push(`${each.what}: ${Math.round(least)} ms`)
    }
  }
  return found
}

const TOGETHER = 50

async function sendAndCheck(request: Sent) {
  const status = await send(request).catch((error: unknown) => Promise.reject(new Error(request.what, { cause: error })))
  expect({ what: request.what, failed: status >= 500 && status !== 503 }).toEqual({ what: request.what, failed: false })
}

async function keptMs(request: Sent): Promise<number> {
  const before = await told(server.url)
  await send(request)
  const after = await told(server.url)
  return Math.min(after.delayMs, after.processorMs - before.processorMs)
}

/** Each field of a target in turn, filled with each shape up to what its way in takes. */
function largestOf(target: Target, names: readonly string[], shapes: readonly string[]): Sent[] {
  const transports = transportsOf(target)
  return names.flatMap((name, turn) =>
    shapes.map((shape, at) => {
      const transport = transports[(turn + at) % transports.length]!
      const fields = Object.entries({ ...target.fields, [name]: valueOf(target, transport, shape) })
      const what = `${target.name}, ${name} of ${JSON.stringify(shape)} by ${transport}`
      return { what, ...encoded(target, fields, transport) }
    }),
  )
}

function valueOf({ kind, largest }: Target, transport: Transport, shape: string): string {
  if (transport === 'query') return filledEncoded(shape, LONGEST_HEAD - OVERHEAD)
  const room = (largest ?? LARGEST[kind]) - OVERHEAD
  const encodedBytes = Buffer.byteLength(
    transport === 'json' || transport === 'values' ? JSON.stringify(shape).slice(1, -1) : formLike(shape, transport),
  )
  return filled(shape, Math.floor((room * Buffer.byteLength(shape)) / encodedBytes))
}

function formLike(shape: string, transport: Transport): string {
  return transport === 'form' ? shape.replace(/[%&=+]/g, encodeURIComponent) : shape
}

/** Of many targets each field once: fields of one name are read alike. */
function eachFieldOnce(targets: readonly Target[]): { target: Target; names: string[] }[] {
  const seen = new Set(['csrf'])
  return targets.map((target) => {
    const names = Object.keys(target.fields).filter((name) => !seen.has(name))
    for (const name of names) seen.add(name)
    return { target, names }
  })
}

const whole = (target: Target) => ({ target, names: Object.keys(target.fields).filter((name) => name !== 'csrf') })
const isAction = (name: string) => (target: Target) => target.kind === 'api' && target.name.startsWith(`action=${name}`)

describe(`the largest input keeps nobody waiting for more than ${LONGEST_MS} ms`, () => {
  test('in any field of an order, by whatever way it comes', async () => {
    const orders = eachFieldOnce([...surface.filter(isAction('quote')), ...surface.filter(isAction('add'))])
    expect(await tooLong(orders.flatMap(({ target, names }) => largestOf(target, names, SHAPES)))).toEqual([])
  })

  test('in any field of every other action', async () => {
    const others = surface.filter((target) => target.kind === 'api' && !isAction('quote')(target) && !isAction('add')(target))
    const requests = others.flatMap((target) => largestOf(target, [...Object.keys(target.fields), 'of_no_meaning'], MARKS))
    expect(await tooLong(requests)).toEqual([])
  })

  test('in any field of a call of staff', async () => {
    const staff = surface.filter(({ kind }) => kind === 'staff')
    expect(await tooLong(staff.flatMap((target) => largestOf(target, Object.keys(target.fields), MARKS)))).toEqual([])
  })

  test('in any field of an act or a list of the operator API, and of a call of a gateway', async () => {
    const programs = [
      ...eachFieldOnce(surface.filter(({ kind }) => kind === 'operator')),
      ...surface.filter(({ kind }) => kind === 'hook').map(whole),
    ]
    expect(await tooLong(programs.flatMap(({ target, names }) => largestOf(target, names, MARKS)))).toEqual([])
  })

  test('in any field of a page or a form', async () => {
    const pages = surface.filter(({ kind, path }) => kind === 'page' && !path.startsWith('/desk'))
    const isOrder = ({ path }: Target) => path.startsWith('/order')
    const fields = [...eachFieldOnce(pages.filter(isOrder)), ...pages.filter((target) => !isOrder(target)).map(whole)]
    expect(await tooLong(fields.flatMap(({ target, names }) => largestOf(target, names, MARKS)))).toEqual([])
  })

  test('in any field of a page or a form of the desk', async () => {
    const desk = surface.filter(({ path }) => path.startsWith('/desk'))
    const isAct = ({ path }: Target) => path.startsWith('/desk/do/')
    const fields = [...eachFieldOnce(desk.filter(isAct)), ...desk.filter((target) => !isAct(target)).map(whole)]
    expect(await tooLong(fields.flatMap(({ target, names }) => largestOf(target, names, MARKS)))).toEqual([])
  })

  test('in a list of orders, pasted or as a file', async () => {
    const lists = surface.filter(({ path, name }) => path === '/mass-order' && name.startsWith('POST'))
    const upload = lists.find(({ kind }) => kind === 'upload')!
    const filledLists = lists.flatMap((target) => largestOf({ ...target, kind: 'upload' }, ['lines'], SHAPES))
    const columns = Array.from({ length: 10_000 }, (_, at) => `c${at}`).join('|')
    const wide = encoded(
      upload,
      Object.entries({ ...upload.fields, file: `service|link|quantity|${columns}\n${'1|a|1\n'.repeat(5000)}` }),
      'multipart',
    )
    const commented = encoded(upload, Object.entries({ ...upload.fields, file: `service|link|comments\n${`104|a|"${'some.body\n'.repeat(20)}"\n`.repeat(4500)}` }), 'multipart') // prettier-ignore
    expect(await tooLong([...filledLists, { what: '10,000 columns', ...wide }, { what: 'comments', ...commented }])).toEqual([])
  })

  test('in fields without number, by whatever way they come', async () => {
    const balance = surface.find(isAction('balance'))!
    const many = (count: number, name: (at: number) => string) => [...Object.entries(balance.fields), ...Array.from({ length: count }, (_, at) => [name(at), ''] as const)] // prettier-ignore
    const requests = (['form', 'json', 'multipart'] as const).flatMap((transport) => {
      const count = transport === 'multipart' ? 12_000 : 120_000
      return [(at: number) => `f${at}`, (at: number) => String(at), () => 'orders', () => 'a'].map((name, at) => ({
        what: `fields ${at} by ${transport}`,
        ...encoded(balance, many(count, name), transport),
      }))
    })
    expect(await tooLong(requests)).toEqual([])
  })

  test('in any header', async () => {
    const balance = surface.find(isAction('balance'))!
    const services = surface.find(isAction('services'))!
    const docs = surface.find(({ name }) => name === 'stranger GET /en/api')!
    const requests = [balance, services, docs].flatMap((target) =>
      HEADERS.flatMap((header) =>
        SHAPES.filter((shape) => /^[\t\x20-\x7e]*$/.test(shape)).map((shape) => {
          const request = encoded(target, Object.entries(target.fields), target.method === 'GET' ? 'query' : 'form')
          const value = `x${filled(shape, LONGEST_HEAD)}x`
          return {
            what: `${target.name}, ${header} of ${JSON.stringify(shape)}`,
            ...request,
            headers: { ...request.headers, [header]: value },
          }
        }),
      ),
    )
    expect(await tooLong(requests)).toEqual([])
  })
})

/** Where a field is read in one of a few ways, or is an id. */
const MARKS = ['a', ' ', 'a\n', 'a.', ',', '1,', '1-9999,', '9', '/', '%', '"', '\ufdfa', '\u0316\u0301', 'and ', '[']
const HEADERS = [
  ['accept', 'accept-encoding', 'accept-language', 'authorization', 'content-type', 'cookie', 'forwarded', 'host', 'idempotency-key'],
  ['if-none-match', 'last-event-id', 'origin', 'sec-fetch-site', 'user-agent', 'x-api-key', 'x-csrf-token', 'x-forwarded-for'],
].flat()
