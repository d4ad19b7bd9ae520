import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import { openPool } from '../../server/db/pool.ts'
import { add, anAccount, aService, crowd, eventually, type Known, nothingLostOrDoubled, ordersOf } from '../support/clients.ts'
import { booksBalance, freshDatabase, openDocket, send } from '../support/docket.ts'
import { endServers, serve } from '../support/server-process.ts'

const GUESSES_A_MINUTE = 60

describe('a flood of wrong keys', () => {
  const docket = openDocket({ DOCKET_RATE_LIMIT: 'on', DOCKET_RATE_LIMIT_UNKNOWN_KEYS: String(GUESSES_A_MINUTE) })

  const guess = (key: string) => send(docket.node.url!, { key, action: 'balance' })

  /** So many guesses from 32 connections, each key another, as long as a key may be. Answers how often came what. */
  async function flood(guesses: number): Promise<{ invalid: number; tooMany: number; minutes: number }> {
    let left = guesses
    const seen = { invalid: 0, tooMany: 0, minutes: 0 }
    const first = minute()
    const agent = new Agent({ keepAlive: true, maxSockets: 32 })
    await crowd(32, async () => {
      while (left-- > 0) {
        const { status, retryAfter, answer } = await get(
          agent,
          `${docket.node.url}/api/v2?action=balance&key=dk_live_${randomBytes(240).toString('hex')}`,
        )
        if (status === 200) {
          expect(answer).toEqual({ error: 'Invalid API key' })
          seen.invalid += 1
        } else {
          expect([status, answer]).toEqual([429, { error: 'Too many requests', code: 'too_many_requests' }])
          expect(Number(retryAfter)).toSatisfy((seconds: number) => seconds >= 1 && seconds <= 60)
          seen.tooMany += 1
        }
      }
    })
    agent.destroy()
    return { ...seen, minutes: minute() - first + 1 }
  }

  test('S4 S7 10,000 wrong keys: 429, nothing remembered', async () => {
    const { key } = await docket.account({ balance: '12' })
    expect(await docket.balance(key)).toBe('12.00000')
    await flood(1000)
    const before = heapInUse()

    const seen = await flood(10_000)

    expect(seen.invalid + seen.tooMany).toBe(10_000)
    expect(seen.invalid).toBeLessThanOrEqual(GUESSES_A_MINUTE * seen.minutes)
    // The keys alone are 4.9 million characters.
    expect(heapInUse() - before).toBeLessThan(2_500_000)
    // Counted per address and minute, not per key.
    const { rows } = await docket.db.query(`select subject from rate_windows where subject like 'unknown keys%' group by subject`)
    expect(rows).toHaveLength(1)
    // A customer behind the same address goes on as before.
    expect(await docket.balance(key)).toBe('12.00000')
  })

  test('S7 guesses beyond the limit ask no database', async () => {
    for (let attempt = 1; ; attempt += 1) {
      const before = minute()
      await flood(300)
      const client = await docket.db.connect()
      try {
        // Whatever looks a key up now waits, and so does whatever counts.
        await client.query('begin; lock table api_keys, rate_windows in access exclusive mode')
        const answers = Promise.all(Array.from({ length: 200 }, async () => (await guess(randomBytes(20).toString('hex'))).status))
        const all = await Promise.race([answers, eventually('the minute has turned', () => minute() !== before, 70)])
        if (Array.isArray(all)) {
          expect(new Set(all)).toEqual(new Set([429]))
          return
        }
        // A new minute allows new guesses: try again in this one.
        await client.query('rollback')
        await answers
        expect(attempt).toBeLessThan(3)
      } finally {
        await client.query('rollback')
        client.release()
      }
    }
  })
})

describe('more than the database can take', () => {
  const docket = openDocket({ DOCKET_QUEUE_LIMIT: '8' })

  test('W8 beyond the queue is 503 at once, uncharged', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account()
    await docket.balance(key)
    const client = await docket.db.connect()
    await client.query('begin')
    await client.query('select from books where account_id = $1 for update', [account])
    const placing = `select from pg_stat_activity where application_name = 'docket api' and wait_event_type = 'Lock' and datname = current_database()`

    const known: Known[] = []
    const asking = [add(docket.node.url!, { key, service, quantity: 1000 })]
    await eventually('the first order waits for its book', async () => (await docket.db.query(placing)).rowCount === 1)
    for (let more = 0; more < 20; more += 1) {
      asking.push(add(docket.node.url!, { key, service, quantity: 1000 }).then((answer) => (known.push(answer), answer)))
    }
    await eventually('all but those in the queue are answered', () => known.length === 12)
    for (const each of known)
      expect(each).toMatchObject({ status: 503, retryAfter: '1', error: 'Too many orders are waiting, please try again' })
    await client.query('rollback')
    client.release()

    const answers = await Promise.all(asking)
    expect(answers.filter((each) => each.order !== undefined)).toHaveLength(9)
    expect(await nothingLostOrDoubled(docket.db, account, 10_000_000, answers)).toHaveLength(9)
  })

  test('W8 waiting reads beyond the queue are 503', async () => {
    const { account, key } = await docket.account()
    await docket.balance(key)
    const client = await docket.db.connect()
    await client.query('begin; lock table books in access exclusive mode')
    const answers: Response[] = []
    const asking = Array.from({ length: 60 }, async () => answers.push(await send(docket.node.url!, { key, action: 'balance' })))
    await eventually('some are refused', () => answers.length >= 20)
    for (const answer of answers) expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    await client.query('rollback')
    client.release()

    await Promise.all(asking)
    expect(answers.map((answer) => answer.status)).toContain(200)
    expect(await ordersOf(docket.db, account)).toEqual([])
  })
})

describe('SIGTERM under load', () => {
  afterEach(endServers)

  test('a stopping server keeps every word it gave', async () => {
    const databaseUrl = await freshDatabase()
    const db = openPool(databaseUrl, { size: 2, name: 'test', connectTimeoutMs: 300_000 })
    const service = await aService(db, 9001, {}, { supplier: 'simulated' })
    const { account, key } = await anAccount(db, '1000')
    const server = await serve({ DATABASE_URL: databaseUrl })
    // A client that connects and says nothing keeps nobody waiting.
    const mute = connect(Number(new URL(server.url).port), '127.0.0.1')
    mute.on('error', () => {})
    await once(mute, 'connect')

    const known: Known[] = []
    const load = crowd(64, async (client) => {
      for (let turn = 0; ; turn += 1) {
        const answer = await add(server.url, { key, service, quantity: 10, link: `https://example.com/${client}/${turn}` })
        known.push(answer)
        if (answer.order === undefined) return
      }
    })
    await eventually('some hundred orders are placed', () => known.length > 300)
    expect(await server.stop()).toBe(0)
    await load
    mute.destroy()

    for (const each of known) {
      if (each.order === undefined && !each.lost) expect(each).toMatchObject({ status: 503, error: 'Docket is stopping, please try again' })
    }
    // Whatever was placed was also answered.
    const orders = await nothingLostOrDoubled(db, account, 100_000_000, known)
    expect(orders).toHaveLength(known.filter((each) => each.order !== undefined).length)
    const connected = `select application_name from pg_stat_activity where datname = current_database() and application_name like 'docket%'`
    await eventually('its connections are gone', async () => (await db.query(connected)).rows.length === 0)
    await booksBalance(db)
    await db.end()
  })
})

const minute = () => Math.floor(Date.now() / 60_000)

/** What is still referred to, after the collector has run. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

/** A plain request: ten thousand of them should cost the server, not the test. */
async function get(
  agent: Agent,
  address: string,
): Promise<{ status: number | undefined; retryAfter: string | undefined; answer: unknown }> {
  const [response] = (await once(request(address, { agent }).end(), 'response')) as [IncomingMessage]
  return { status: response.statusCode, retryAfter: response.headers['retry-after'], answer: await json(response) }
}
