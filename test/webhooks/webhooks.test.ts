import pino from 'pino'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { listAlerts } from '../../server/fulfilment/staff.ts'
import { fund } from '../../server/payments/fund.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { noteWords } from '../../server/orders/events.ts'
import { settle } from '../../server/orders/settle.ts'
import { openOutgoing, type Outgoing } from '../../server/outgoing/fetch.ts'
import { openSecret } from '../../server/secret.ts'
import { type WebhookWorker, openWebhookWorker } from '../../server/webhooks/worker.ts'
import { forgetOldMessages, listDeliveries, replay, testWebhook } from '../../server/webhooks/log.ts'
import { everyMessage } from '../../server/webhooks/message.ts'
import { addWebhook, listWebhooks, removeWebhook, rotateSecret, setBalanceLow } from '../../server/webhooks/registry.ts'
import { signedHeaders } from '../../server/webhooks/signature.ts'
import { openWebhookOutgoing } from '../../server/webhooks/outgoing.ts'
import { openDocket } from '../support/docket.ts'
import { openReceiver, type Received, type Receiver } from './receiver.ts'
import { move as moveAt, place as placeAt, serviceOnSale } from './shop.ts'

const docket = openDocket()
const secret = await openSecret({ secret: 'a secret of the test, long enough for it', dataDirectory: '' })
const log = pino({ level: 'silent' })

// The receivers of a test stand on this machine: the one exception, and only in a test.
const inside = openOutgoing({ allowPrivate: true, timeLimitMs: 2000, connections: 64 })
const closing: (() => Promise<unknown>)[] = []
let receiver: Receiver
let worker: WebhookWorker
let service: number

beforeAll(async () => {
  service = await serviceOnSale(docket)
})

beforeEach(async () => {
  await docket.db.query('delete from webhooks')
  receiver = await receive()
  worker = workerWith(inside)
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function receive(): Promise<Receiver> {
  const opened = await openReceiver()
  closing.push(() => opened.close())
  return opened
}

function workerWith(outgoing: Pick<Outgoing, 'post'>): WebhookWorker {
  const opened = openWebhookWorker({
    db: docket.db,
    now: docket.clock.now,
    log,
    secret,
    outgoing,
    site: { name: 'Docket', url: 'https://docket.example' },
  })
  closing.push(() => opened.stop())
  return opened
}

async function deliver(by = worker) {
  await by.turn()
  await by.idle()
}

async function customer(options: { url?: string; events?: readonly string[]; balance?: string } = {}) {
  const account = await docket.account(options.balance === undefined ? {} : { balance: options.balance })
  const { url = receiver.url, events = everyMessage } = options
  const webhook = await addWebhook(
    docket.db,
    { secret, outgoing: inside },
    { accountId: account.account, url, events, test: false },
    docket.clock.now(),
  )
  return { ...account, ...webhook, signingSecret: webhook.secret }
}

const place = (key: string, quantity?: number) => placeAt(docket, key, service, quantity)
const move = (...moved: [orderId: bigint, status: OrderStatus, remains?: bigint, startCount?: bigint]) => moveAt(docket, ...moved)

const typesOf = (received: readonly Received[]) => received.map(({ body }) => JSON.parse(body).type)
const idsOf = (received: readonly Received[]) => received.map(({ headers }) => headers['webhook-id'])

describe('what is told', () => {
  test('every move of an order arrives once, signed, in the texts of status', async () => {
    const { key, signingSecret } = await customer()
    const order = await place(key)
    await move(order, 'In progress', 1000n, 3572n)
    await deliver()
    await move(order, 'Partial', 157n)
    await deliver()
    await deliver()

    expect(typesOf(receiver.received)).toEqual(['order.in_progress', 'order.partial'])
    const [first, last] = receiver.received
    expect(JSON.parse(first!.body)).toEqual({
      type: 'order.in_progress',
      timestamp: docket.clock.now().toISOString(),
      data: { order: Number(order), status: 'In progress', charge: '1.00000', start_count: '3572', remains: '1000', currency: 'USD' },
    })
    const status = await docket.call({ key, action: 'status', order: Number(order) })
    expect(JSON.parse(last!.body).data).toEqual({ order: Number(order), ...status })
    for (const { headers, body } of receiver.received) {
      expect(headers).toMatchObject(signedHeaders([signingSecret], String(headers['webhook-id']), docket.clock.now(), body))
      expect(headers['content-type']).toBe('application/json')
    }
    expect(new Set(idsOf(receiver.received)).size).toBe(2)
  })

  test('several moves between two looks are told one by one, in their order, as they were', async () => {
    const { key } = await customer()
    const order = await place(key)
    await move(order, 'Processing')
    await move(order, 'In progress', 600n, 10n)
    await move(order, 'Canceled')
    await deliver()
    const told = receiver.received.map(({ body }) => JSON.parse(body).data)
    expect(told.map(({ status, charge, remains }) => [status, charge, remains])).toEqual([
      ['Processing', '1.00000', '1000'],
      ['In progress', '1.00000', '600'],
      ['Canceled', '0.00000', '600'],
    ])
  })

  test('counts and notes that move no status make no message', async () => {
    const { key } = await customer()
    const order = await place(key)
    await noteWords(docket.db, order, 'customer', 'a note', docket.clock.now())
    await move(order, 'In progress', 900n)
    await move(order, 'In progress', 500n)
    await noteWords(docket.db, order, 'supplier', 'cancel refused', docket.clock.now())
    await deliver()
    expect(typesOf(receiver.received)).toEqual(['order.in_progress'])
  })

  test('refills are told from the request on', async () => {
    const { key } = await customer({ events: ['refill.*'] })
    const order = await place(key)
    await move(order, 'Completed')
    const { refill } = await docket.call({ key, action: 'refill', order: Number(order) })
    await deliver()
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: 'refill.pending',
        timestamp: docket.clock.now().toISOString(),
        data: { refill: Number(refill), order: Number(order), status: 'Pending' },
      },
    ])
  })

  test('an endpoint is told what it asked for, and nothing of other accounts', async () => {
    const only = await customer({ events: ['order.completed'] })
    const other = await receive()
    const everything = await customer({ url: other.url })
    const [mine, theirs] = [await place(only.key), await place(everything.key)]
    for (const order of [mine, theirs]) {
      await move(order, 'In progress')
      await move(order, 'Completed')
    }
    await deliver()
    expect(receiver.received.map(({ body }) => JSON.parse(body).data.order)).toEqual([Number(mine)])
    expect(typesOf(receiver.received)).toEqual(['order.completed'])
    expect(other.received.map(({ body }) => JSON.parse(body).data.order)).toEqual([Number(theirs), Number(theirs)])
  })

  test('a new endpoint is told what happens from then on', async () => {
    const { key, account } = await docket.account()
    const order = await place(key)
    await move(order, 'In progress')
    await addWebhook(
      docket.db,
      { secret, outgoing: inside },
      { accountId: account, url: receiver.url, events: everyMessage, test: false },
      docket.clock.now(),
    )
    await deliver()
    expect(receiver.received).toEqual([])
    await move(order, 'Completed')
    await deliver()
    expect(typesOf(receiver.received)).toEqual(['order.completed'])
  })

  test('a low balance is told once, and again only after it was not low', async () => {
    const { key, account } = await customer({ balance: '10', events: ['balance.low'] })
    await setBalanceLow(docket.db, account, false, parseUnits('9.5'))
    await deliver()
    expect(receiver.received).toEqual([])
    await place(key)
    await deliver()
    await place(key)
    await deliver()
    expect(receiver.received.map(({ body }) => JSON.parse(body).data)).toEqual([{ balance: '9.00000', below: '9.50000', currency: 'USD' }])
    await fund(docket.db, account, { amount: parseUnits('5'), note: '', reference: null }, docket.clock.now())
    await deliver()
    await place(key, 5000)
    await deliver()
    expect(receiver.received).toHaveLength(2)
    expect(new Set(idsOf(receiver.received)).size).toBe(2)
  })

  test('a test message arrives signed and stands in the log', async () => {
    const { webhook, signingSecret } = await customer()
    expect(await testWebhook(docket.db, { secret, outgoing: inside }, webhook, docket.clock.now())).toMatchObject({
      arrived: true,
      status: 204,
    })
    const [{ headers, body }] = receiver.received as [Received]
    expect(JSON.parse(body)).toMatchObject({ type: 'webhook.test', data: { webhook } })
    expect(headers).toMatchObject(signedHeaders([signingSecret], String(headers['webhook-id']), docket.clock.now(), body))
    expect(await listDeliveries(docket.db, webhook, { givenUp: false, most: 10 })).toMatchObject([
      { type: 'webhook.test', state: 'delivered' },
    ])
  })

  test('after a change of secrets both sign for a while, and then only the new one', async () => {
    const { key, webhook, signingSecret } = await customer()
    const { secret: fresh, oldUntil } = await rotateSecret(docket.db, secret, webhook, 24, docket.clock.now())
    expect(fresh).toMatch(/^whsec_/)
    expect(oldUntil).toEqual(new Date(docket.clock.now().getTime() + 86_400_000))
    const signedBy = async (...secrets: string[]) => {
      const before = receiver.received.length
      await move(await place(key), 'Completed')
      await deliver()
      const { headers, body } = receiver.received[before]!
      expect(headers).toMatchObject(signedHeaders(secrets, String(headers['webhook-id']), docket.clock.now(), body))
      expect(String(headers['webhook-signature']).split(' ')).toHaveLength(secrets.length)
    }
    await signedBy(fresh, signingSecret)
    docket.clock.forward({ hours: 23, minutes: 59 })
    await signedBy(fresh, signingSecret)
    // Changed again within that time: the oldest one ends.
    const { secret: newest } = await rotateSecret(docket.db, secret, webhook, 1, docket.clock.now())
    await signedBy(newest, fresh)
    expect(await testWebhook(docket.db, { secret, outgoing: inside }, webhook, docket.clock.now())).toMatchObject({ arrived: true })
    expect(String(receiver.received.at(-1)!.headers['webhook-signature']).split(' ')).toHaveLength(2)
    docket.clock.forward({ hours: 1 })
    await signedBy(newest)
    const { rows } = await docket.db.query('select old_sealed_secret from webhooks where id = $1', [webhook])
    expect(rows).toEqual([{ old_sealed_secret: null }])
  })

  test('a secret that was given away ends at once, also for messages that wait', async () => {
    const { key, webhook } = await customer()
    receiver.answer = { status: 500 }
    await move(await place(key), 'Completed')
    await deliver()
    const { secret: fresh, oldUntil } = await rotateSecret(docket.db, secret, webhook, 0, docket.clock.now())
    expect(oldUntil).toBeNull()
    receiver.answer = { status: 204 }
    docket.clock.forward({ minutes: 1 })
    await deliver()
    const { headers, body } = receiver.received.at(-1)!
    expect(headers).toMatchObject(signedHeaders([fresh], String(headers['webhook-id']), docket.clock.now(), body))
  })

  test('a secret that cannot be opened any more is told, and a new one mends it', async () => {
    const { webhook } = await customer()
    const another = await openSecret({ secret: 'another secret of the test, as long', dataDirectory: '' })
    const failed = await testWebhook(docket.db, { secret: another, outgoing: inside }, webhook, docket.clock.now())
    expect(failed).toMatchObject({ arrived: false, words: expect.stringContaining('sealed with another DOCKET_SECRET') })
    expect(() => another.open(secret.seal('text'))).toThrow(/^It was sealed with another DOCKET_SECRET/)
    const { secret: fresh } = await rotateSecret(docket.db, another, webhook, 24, docket.clock.now())
    expect(await testWebhook(docket.db, { secret: another, outgoing: inside }, webhook, docket.clock.now())).toMatchObject({
      arrived: true,
    })
    const { headers, body } = receiver.received.at(-1)!
    expect(headers).toMatchObject(signedHeaders([fresh], String(headers['webhook-id']), docket.clock.now(), body))
  })

  test('a secret of an unknown webhook, or one kept for years, is not changed', async () => {
    const { webhook } = await customer()
    await expect(rotateSecret(docket.db, secret, 999_999, 24, docket.clock.now())).rejects.toMatchObject({ code: 'unknown_webhook' })
    await expect(rotateSecret(docket.db, secret, webhook, 721, docket.clock.now())).rejects.toMatchObject({ code: 'incorrect_hours' })
  })

  test('a charge is told as it was kept then, before and after a promise was paid', async () => {
    const { key } = await customer()
    const promising = await serviceOnSale(docket, { start_within: 10, finish_within: 20, compensation_basis_points: 1000 })
    const order = await placeAt(docket, key, promising)
    await move(order, 'Processing')
    docket.clock.forward({ minutes: 11 })
    await workPromises(docket.db, docket.clock.now)
    await move(order, 'In progress', 1000n, 5n)
    docket.clock.forward({ minutes: 11 })
    await move(order, 'Partial', 500n)
    docket.clock.forward({ minutes: 1 })
    await workPromises(docket.db, docket.clock.now)
    await deliver()
    const told = receiver.received.map(({ body }) => JSON.parse(body).data)
    expect(told.map(({ status, charge }) => [status, charge])).toEqual([
      ['Processing', '1.00000'],
      ['In progress', '0.90000'],
      ['Partial', '0.40000'],
    ])
    expect(await docket.call({ key, action: 'status', order: Number(order) })).toMatchObject({ charge: '0.30000' })
  })

  test('the secret lies sealed in the database', async () => {
    const { signingSecret } = await customer()
    const { rows } = await docket.db.query<{ row: string }>(`select w::text || encode(sealed_secret, 'escape') as row from webhooks w`)
    expect(rows[0]!.row).not.toContain(signingSecret.slice(6))
  })
})

describe('nothing is skipped and nothing is doubled', () => {
  test('a crash while messages are written leaves neither them nor a moved cursor', async () => {
    const { key } = await customer()
    const order = await place(key)
    await move(order, 'In progress')
    await docket.db.query(`create function crash() returns trigger language plpgsql as $$ begin raise 'crash'; end $$`)
    await docket.db.query('create trigger crash before update of seen_change on webhooks for each row execute function crash()')
    await expect(worker.turn()).rejects.toThrow('crash')
    expect((await docket.db.query('select from webhook_messages')).rowCount).toBe(0)
    await docket.db.query('drop function crash cascade')
    await move(order, 'Completed')
    await deliver()
    expect(typesOf(receiver.received)).toEqual(['order.in_progress', 'order.completed'])
  })

  test('a crash between call and record delivers again under the same webhook-id', async () => {
    const { key } = await customer()
    const order = await place(key)
    await move(order, 'In progress')
    const crashing = workerWith({
      async post(...call) {
        await inside.post(...call)
        throw new Error('the process died here')
      },
    })
    await deliver(crashing)
    await move(order, 'Completed')
    await deliver()
    expect(typesOf(receiver.received)).toEqual(['order.in_progress', 'order.completed'])
    docket.clock.forward({ seconds: 61 })
    await deliver()
    expect(typesOf(receiver.received)).toEqual(['order.in_progress', 'order.completed', 'order.in_progress'])
    expect(receiver.received[2]!.body).toBe(receiver.received[0]!.body)
    expect(idsOf(receiver.received)[2]).toBe(idsOf(receiver.received)[0])
    docket.clock.forward({ hours: 2 })
    await deliver()
    expect(receiver.received).toHaveLength(3)
  })

  test('two workers at once deliver each message once', async () => {
    const { key } = await customer()
    const orders = await Promise.all(Array.from({ length: 12 }, () => place(key)))
    for (const order of orders) await move(order, 'Completed')
    const second = workerWith(inside)
    await Promise.all([deliver(), deliver(second)])
    await deliver()
    expect(receiver.received).toHaveLength(12)
    expect(new Set(idsOf(receiver.received)).size).toBe(12)
  })

  test('600 events of one account are told, all of them', async () => {
    const { key } = await customer({ balance: '1000' })
    const orders = await Promise.all(
      Array.from({ length: 300 }, () => docket.call({ key, action: 'add', service, link: 'x', quantity: 10 })),
    )
    const ids = orders.map(({ order }) => BigInt(order))
    const news = (status: OrderStatus) => ids.map((orderId) => ({ orderId, status, startCount: null, remains: null, words: null }))
    await settle(docket.db, news('In progress'), 'supplier', docket.clock.now())
    await settle(docket.db, news('Completed'), 'supplier', docket.clock.now())
    await deliver()
    await deliver()
    expect(new Set(idsOf(receiver.received)).size).toBe(600)
    expect(receiver.received).toHaveLength(600)
  })

  test('stopping lets the call end and gives back what was only claimed', async () => {
    const { key, webhook } = await customer()
    const order = await place(key)
    await move(order, 'In progress')
    await move(order, 'Completed')
    receiver.answer = 'hold'
    await worker.turn()
    await receiver.until(1)
    const stopped = worker.stop()
    receiver.release()
    await stopped
    expect(await listDeliveries(docket.db, webhook, { givenUp: false, most: 10 })).toMatchObject([
      { type: 'order.completed', state: 'waiting', attempts: 0 },
      { type: 'order.in_progress', state: 'delivered', attempts: 1 },
    ])
    receiver.answer = { status: 200 }
    await deliver(workerWith(inside))
    expect(typesOf(receiver.received)).toEqual(['order.in_progress', 'order.completed'])
  })
})

describe('a receiver that does not take it', () => {
  test('is tried for a day with growing pauses, then given up, marked and told to staff; replay sends it again', async () => {
    const { key, webhook } = await customer()
    const order = await place(key)
    await move(order, 'Completed')
    receiver.answer = { status: 500 }
    const started = docket.clock.now().getTime()
    const triedAt: number[] = []
    for (let state = 'waiting'; state === 'waiting';) {
      const before = receiver.received.length
      await deliver()
      if (receiver.received.length > before) triedAt.push(docket.clock.now().getTime())
      state = (await listDeliveries(docket.db, webhook, { givenUp: false, most: 1 }))[0]!.state
      docket.clock.forward(triedAt.length < 5 ? { seconds: 5 } : { minutes: 5 })
    }
    const hours = (docket.clock.now().getTime() - started) / 3_600_000
    expect(hours).toBeGreaterThan(22)
    expect(hours).toBeLessThan(25)
    expect(triedAt.length).toBeGreaterThan(15)
    expect(triedAt.length).toBeLessThan(60)
    expect(new Set(idsOf(receiver.received)).size).toBe(1)
    expect((await listWebhooks(docket.db, null))[0]!.failingSince).not.toBeNull()
    expect((await listAlerts(docket.db)).map(({ kind }) => kind)).toContain('webhooks failing')

    receiver.answer = { status: 200 }
    expect(await replay(docket.db, webhook, 'given up', docket.clock.now())).toBe(1)
    await deliver()
    expect(await listDeliveries(docket.db, webhook, { givenUp: false, most: 1 })).toMatchObject([{ state: 'delivered', status: 200 }])
    expect(new Set(idsOf(receiver.received)).size).toBe(1)
    expect((await listWebhooks(docket.db, null))[0]!.failingSince).toBeNull()
    expect((await listAlerts(docket.db)).map(({ kind }) => kind)).not.toContain('webhooks failing')
  })

  test('rests as a whole after three failures, and is caught up when it is back', async () => {
    const { key, webhook } = await customer()
    const orders = await Promise.all(Array.from({ length: 10 }, () => place(key)))
    for (const order of orders) await move(order, 'Completed')
    receiver.answer = { status: 503 }
    await deliver()
    const tried = receiver.received.length
    expect(tried).toBeLessThanOrEqual(6)
    await deliver()
    expect(receiver.received).toHaveLength(tried)
    receiver.answer = { status: 200 }
    docket.clock.forward({ minutes: 2 })
    await deliver()
    expect(
      (await listDeliveries(docket.db, webhook, { givenUp: false, most: 20 })).filter(({ state }) => state === 'delivered'),
    ).toHaveLength(10)
  })

  test('waits as long as its Retry-After asks', async () => {
    const { key } = await customer()
    await move(await place(key), 'Completed')
    receiver.answer = { status: 429, headers: { 'retry-after': '600' } }
    await deliver()
    docket.clock.forward({ seconds: 599 })
    await deliver()
    expect(receiver.received).toHaveLength(1)
    docket.clock.forward({ seconds: 2 })
    await deliver()
    expect(receiver.received).toHaveLength(2)
  })

  test('hurts only itself when it is slow', async () => {
    const slow = await customer()
    const quickReceiver = await receive()
    const quick = await customer({ url: quickReceiver.url })
    receiver.answer = 'hold'
    for (let count = 0; count < 6; count += 1) await move(await place(slow.key), 'Completed')
    await worker.turn()
    await receiver.until(4)
    for (let count = 0; count < 6; count += 1) await move(await place(quick.key), 'Completed')
    await worker.turn()
    await quickReceiver.until(6)
    expect(receiver.received).toHaveLength(4)
    receiver.answer = { status: 200 }
    receiver.release()
    await worker.idle()
    expect(receiver.received).toHaveLength(6)
  })

  test('gets no redirect followed', async () => {
    const elsewhere = await receive()
    const { key, webhook } = await customer()
    await move(await place(key), 'Completed')
    receiver.answer = { status: 307, headers: { location: elsewhere.url } }
    await deliver()
    expect(elsewhere.received).toEqual([])
    expect(await listDeliveries(docket.db, webhook, { givenUp: false, most: 1 })).toMatchObject([
      { state: 'waiting', status: 307, words: 'HTTP 307: redirects are not followed' },
    ])
  })

  test('takes its log with it when it is removed', async () => {
    const { key, webhook } = await customer()
    await move(await place(key), 'Completed')
    await worker.turn()
    await worker.idle()
    await removeWebhook(docket.db, webhook, docket.clock.now())
    expect((await docket.db.query('select from webhook_messages')).rowCount).toBe(0)
    await expect(listDeliveries(docket.db, webhook, { givenUp: false, most: 1 })).rejects.toThrow(`There is no webhook ${webhook}`)
  })

  test('is forgotten after a week when delivered, after thirty days when given up', async () => {
    const { key, webhook } = await customer()
    await move(await place(key), 'Completed')
    await deliver()
    receiver.answer = { status: 500 }
    await testWebhook(docket.db, { secret, outgoing: inside }, webhook, docket.clock.now())
    const states = async () => (await listDeliveries(docket.db, webhook, { givenUp: false, most: 9 })).map(({ state }) => state)
    for (const [days, left] of [
      [6, ['given up', 'delivered']],
      [2, ['given up']],
      [21, ['given up']],
      [2, []],
    ] as const) {
      docket.clock.forward({ days })
      await forgetOldMessages(docket.db, docket.clock.now())
      expect(await states()).toEqual(left)
    }
  })
})

describe('S5: nothing inside the operator’s network is ever called', () => {
  const addresses = [
    'http://127.0.0.1:8080/x',
    'http://localhost/x',
    'http://10.0.0.5/x',
    'http://192.168.1.1/x',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/x',
    'http://[::ffff:10.0.0.1]/x',
    'http://2130706433/x',
    'http://0x7f.1/x',
    'https://user:pass@93.184.216.34/x',
    'ftp://93.184.216.34/x',
    'no address',
  ]
  for (const url of addresses) {
    test(`${url} is refused at registration`, async () => {
      const { account } = await docket.account()
      const outgoing = openWebhookOutgoing()
      closing.push(() => outgoing.close())
      const webhook = { accountId: account, url, events: everyMessage, test: false }
      await expect(addWebhook(docket.db, { secret, outgoing }, webhook, docket.clock.now())).rejects.toMatchObject({
        code: 'address_refused',
      })
      expect(await listWebhooks(docket.db, account)).toEqual([])
    })
  }

  test('a name that moves inside after registration is refused at sending', async () => {
    const { key, account } = await docket.account()
    let address = '93.184.216.34'
    const outgoing = openOutgoing({ allowPrivate: false, timeLimitMs: 2000, resolve: async () => [address] })
    closing.push(() => outgoing.close())
    const url = `http://hooks.example:${receiver.port}/x`
    const { webhook } = await addWebhook(
      docket.db,
      { secret, outgoing },
      { accountId: account, url, events: everyMessage, test: false },
      docket.clock.now(),
    )
    address = '127.0.0.1'
    await move(await place(key), 'Completed')
    await deliver(workerWith(outgoing))
    expect(receiver.received).toEqual([])
    const [delivery] = await listDeliveries(docket.db, webhook, { givenUp: false, most: 1 })
    expect(delivery).toMatchObject({ state: 'waiting', status: null, words: 'hooks.example is not on the public internet' })
  })
})
