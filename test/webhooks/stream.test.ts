import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import fastify from 'fastify'
import pino from 'pino'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ApiContext } from '../../server/api/context.ts'
import { openStreams, type Streams } from '../../server/api/events.ts'
import { openCallers } from '../../server/customers/callers.ts'
import { suspendAccount } from '../../server/customers/accounts.ts'
import { listKeys, revokeKey } from '../../server/customers/keys.ts'
import { startNode } from '../../server/main.ts'
import { openOrderReads } from '../../server/orders/read-many.ts'
import { openDocket, testConfig } from '../support/docket.ts'
import { nothingToConfirm } from '../support/nothing-to-confirm.ts'
import { move, place, serviceOnSale } from './shop.ts'

const docket = openDocket()
let service: number
beforeAll(async () => {
  service = await serviceOnSale(docket)
})

const closing: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface StreamEvent {
  id: string | undefined
  event: string | undefined
  data: any
}

interface OpenStream {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The next event; undefined at the end of the stream. */
  next(): Promise<StreamEvent | undefined>
  /** The next comment. */
  beat(): Promise<void>
  leave(): void
}

async function connect(key: string, options: { lastEventId?: string; url?: string; path?: string } = {}): Promise<OpenStream> {
  const headers: Record<string, string> = { authorization: `Bearer ${key}` }
  if (options.lastEventId !== undefined) headers['last-event-id'] = options.lastEventId
  const url = `${options.url ?? docket.node.url}${options.path ?? '/api/v2/events'}`
  const asked = request(url, { headers, agent: false })
  // Leaving in the middle is what clients do.
  asked.on('error', () => {})
  const response = await new Promise<IncomingMessage>((resolve) => asked.on('response', resolve).end())
  response.on('error', () => {})
  closing.push(() => void asked.destroy())
  const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]()
  let text = ''

  async function block(): Promise<string | undefined> {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const found = text.slice(0, end)
        text = text.slice(end + 2)
        return found
      }
      const { value, done } = await chunks.next()
      if (done) return undefined
      text += value
    }
  }
  return {
    status: response.statusCode!,
    headers: response.headers,
    async next() {
      for (;;) {
        const lines = (await block())?.split('\n')
        if (!lines) return undefined
        const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
        if (field('data') !== undefined) return { id: field('id'), event: field('event'), data: JSON.parse(field('data')!) }
      }
    },
    async beat() {
      while ((await block()) !== ':');
    },
    leave: () => void asked.destroy(),
  }
}

describe('a stream of events', () => {
  test('begins with its cursor, and tells what is placed and what moves, as changes would', async () => {
    const { key } = await docket.account()
    const stream = await connect(key)
    expect(stream.headers['content-type']).toBe('text/event-stream')
    const ready = await stream.next()
    expect(ready).toMatchObject({ event: 'ready', id: ready!.data.cursor })

    const order = await place(docket, key, service)
    const placed = await stream.next()
    expect(placed).toMatchObject({ event: 'changes', data: { orders: { [String(order)]: { status: 'Pending' } } } })

    await move(docket, order, 'Completed')
    const completed = await stream.next()
    const asked = await docket.call({ key, action: 'changes', since: placed!.id })
    expect(completed).toEqual({ event: 'changes', id: asked.cursor, data: asked })
    expect(asked.orders[String(order)].status).toBe('Completed')
  })

  test('goes on behind Last-Event-ID and misses nothing', async () => {
    const { key } = await docket.account()
    const first = await connect(key)
    const { id } = (await first.next())!
    first.leave()
    const orders = [await place(docket, key, service), await place(docket, key, service)]
    await move(docket, orders[0]!, 'In progress')
    const again = await connect(key, { lastEventId: id! })
    expect((await again.next())!.event).toBe('ready')
    expect(Object.keys((await again.next())!.data.orders).toSorted()).toEqual(orders.map(String).toSorted())
  })

  test('tells more than a page in several events', async () => {
    const { key } = await docket.account({ balance: '1000' })
    const stream = await connect(key, { lastEventId: '0-0' })
    await stream.next()
    await Promise.all(Array.from({ length: 620 }, () => place(docket, key, service, 10)))
    const seen = new Set<string>()
    while (seen.size < 620) Object.keys((await stream.next())!.data.orders).forEach((id) => seen.add(id))
    const late = await connect(key, { lastEventId: '0-0' })
    await late.next()
    const pages = [await late.next(), await late.next()]
    expect(pages.map((page) => Object.keys(page!.data.orders).length)).toEqual([500, 120])
  })

  test('never shows another account anything', async () => {
    const [mine, theirs] = [await docket.account(), await docket.account()]
    const stream = await connect(mine.key)
    await stream.next()
    await move(docket, await place(docket, theirs.key, service), 'Completed')
    const own = await place(docket, mine.key, service)
    expect(Object.keys((await stream.next())!.data.orders)).toEqual([String(own)])
  })

  test('hears on every node what happens on another', async () => {
    const { key } = await docket.account()
    const other = await startNode(testConfig(docket.databaseUrl), pino({ level: 'silent' }), docket.clock.now)
    closing.push(() => other.stop())
    const order = await place(docket, key, service)
    const stream = await connect(key, { url: other.url! })
    await stream.next()
    await move(docket, order, 'In progress')
    expect((await stream.next())!.data.orders[String(order)].status).toBe('In progress')
  })

  test('is closed when its key is revoked, and when its account is suspended', async () => {
    const { key, account } = await docket.account()
    const stream = await connect(key)
    await stream.next()
    await revokeKey(docket.db, (await listKeys(docket.db, account))[0]!.id, docket.clock.now())
    expect(await stream.next()).toEqual({ id: undefined, event: 'closed', data: { error: 'Invalid API key' } })
    expect(await stream.next()).toBeUndefined()
    expect((await connect(key)).status).toBe(401)

    const other = await docket.account()
    const theirs = await connect(other.key)
    await theirs.next()
    await suspendAccount(docket.db, other.account, true, docket.clock.now())
    expect((await theirs.next())!.event).toBe('closed')
  })

  test('takes its key from the header only', async () => {
    const { key } = await docket.account()
    const inAddress = await fetch(`${docket.node.url}/api/v2/events?key=${key}`)
    expect(inAddress.status).toBe(401)
    expect(await inAddress.json()).toEqual({ error: 'Invalid API key', code: 'invalid_key' })
    expect((await connect('dk_live_wrong')).status).toBe(401)
    expect((await connect(key, { path: '/api2/v2/events' })).status).toBe(200)
  })

  test('refuses a cursor that is none', async () => {
    const { key } = await docket.account()
    const { status } = await connect(key, { lastEventId: 'yesterday' })
    expect(status).toBe(400)
  })

  test('is one of five a key at most; a place is free again when one leaves', async () => {
    const { key } = await docket.account()
    const streams = await Promise.all(Array.from({ length: 5 }, () => connect(key)))
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const sixth = await connect(key)
    expect(sixth.status).toBe(429)
    expect(sixth.headers['retry-after']).toBe('10')
    streams[0]!.leave()
    await vi.waitFor(async () => expect((await connect(key)).status).toBe(200), { timeout: 300_000 })
  })

  test('ends when the node drains, which then stops', async () => {
    const { key } = await docket.account()
    const node = await startNode(testConfig(docket.databaseUrl), pino({ level: 'silent' }), docket.clock.now)
    const stream = await connect(key, { url: node.url! })
    await stream.next()
    const stopped = node.stop()
    expect(await stream.next()).toBeUndefined()
    await stopped
  })

  test('an order that charges pays for no notification', async () => {
    const { rows } = await docket.db.query<{ source: string }>(`select prosrc as source from pg_proc where proname like 'place%order%'`)
    expect(rows.map((row) => row.source).join()).not.toContain('notify')
    const tables = await docket.db.query<{ table: string }>(
      `select tgrelid::regclass::text as table from pg_trigger t join pg_proc p on p.oid = t.tgfoid where p.prosrc like '%docket_changes%'`,
    )
    expect(tables.rows).toEqual([{ table: 'order_events' }])
  })
})

describe('a beat', () => {
  /** Streams that hear no news at all: only the beat looks after them. */
  async function deafStreams(): Promise<{ url: string; streams: Streams }> {
    const callers = openCallers(docket.db, () => true, 100)
    const parts = {
      db: docket.db,
      now: docket.clock.now,
      orders: openOrderReads(docket.db, 100),
      checkKey: async () => {},
      confirming: nothingToConfirm,
    }
    const streams = openStreams(parts as unknown as ApiContext, { perKey: 5, perNode: 2, beatMs: 20 })
    const app = fastify()
    app.get('/api/v2/events', async (request, reply) => {
      const caller = await callers.find(request.headers.authorization!.slice(7))
      await streams.open(caller!, undefined, reply)
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    closing.push(async () => {
      streams.end()
      await app.close()
    })
    return { url, streams }
  }

  test('keeps a quiet stream open', async () => {
    const { url } = await deafStreams()
    const { key } = await docket.account()
    const stream = await connect(key, { url })
    await stream.next()
    for (let count = 0; count < 3; count += 1) await expect(stream.beat()).resolves.toBeUndefined()
  })

  test('makes up for a notification that was lost', async () => {
    const { url } = await deafStreams()
    const { key } = await docket.account()
    const stream = await connect(key, { url })
    await stream.next()
    const order = await place(docket, key, service)
    expect(Object.keys((await stream.next())!.data.orders)).toEqual([String(order)])
  })
})
