import { beforeAll, describe, expect, test } from 'vitest'
import { serviceTypes } from '../../contract/service-types.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { makeWebhookSecret, signedHeaders } from '../../server/webhooks/signature.ts'
import { Docket as Client, type Options, type Order, readWebhook } from '../../sdk/src/index.ts'
import { crowd } from '../support/clients.ts'
import { freshFixture } from '../support/contract-fixture.ts'
import { openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { tell } from '../support/order-life.ts'

/** LOST_REPLIES_ORDERS=10000 takes a few minutes. */
const ORDERS = Number(process.env['LOST_REPLIES_ORDERS'] ?? 1000)

describe('the SDK at a Docket', () => {
  const docket = openDocket()
  const sent: URLSearchParams[] = []

  /** A client that counts what it sends. */
  function client(key: string, options: Partial<Options> = {}): Client {
    const fetching = (url: string, init: RequestInit) => {
      sent.push(new URLSearchParams(init.body as string))
      return fetch(url, init)
    }
    return new Client({ url: `${docket.node.url}/api/v2`, key, fetch: fetching, wait: async () => {}, ...options })
  }
  const sentOf = (action: string) => sent.filter((fields) => fields.get('action') === action)

  describe('with the contract’s fixture', () => {
    let panel: Client
    beforeAll(async () => {
      panel = client(await freshFixture(docket.db, docket.clock.now()))
    })

    test('reads what the examples of the contract say', async () => {
      expect(await panel.balance()).toEqual({ balance: '100.84292', currency: 'USD' })
      expect(await panel.orders.status(1)).toEqual({
        status: 'Partial', words: 'Partial', charge: '0.27819', currency: 'USD', start_count: 3572, remains: 157,
        runs: null, posts: null, expiry: null, orders: [], more: null,
      }) // prettier-ignore
      expect([...(await panel.orders.statuses([1, 10, 100]))]).toMatchObject([
        ['1', { ok: true, value: { status: 'Partial' } }],
        ['10', { ok: false, error: { code: 'incorrect_order', message: 'Incorrect order ID' } }],
        ['100', { ok: true, value: { status: 'In progress', charge: '1.44219', remains: 10 } }],
      ])
      expect([...(await panel.refills.statuses([1, 2, 3]))]).toMatchObject([
        ['1', { value: { status: 'Completed' } }],
        ['2', { value: { status: 'Rejected' } }],
        ['3', { error: { code: 'refill_not_found' } }],
      ])
      expect(await panel.quote({ service: 1448, link: 'https://example.com/p/1', quantity: 1000 })).toEqual({
        charge: '0.90000',
        currency: 'USD',
      })
    })

    test('reads what only a Docket tells, when it is asked for it', async () => {
      const { more } = await panel.orders.status(1, { extended: true })
      expect(more).toMatchObject({ quantity: '1000', link: 'https://example.com/p', refills_left: null, compensated: '0.00000' })
      const services = await panel.services({ extended: true })
      expect(services.find(({ service }) => service === '1448')).toMatchObject({
        service: '1448',
        type: 'Default',
        rate: '0.90',
        min: 50,
        max: 10_000,
        more: { refill_days: expect.any(Number), start_within: null },
      })
    })

    test('cancels and refills, each order with its own answer', async () => {
      expect([...(await panel.orders.cancel([9, 2]))]).toMatchObject([
        ['9', { error: { code: 'incorrect_order' } }],
        ['2', { ok: true, value: true }],
      ])
      const refill = await panel.refills.request(1)
      expect((await panel.refills.status(refill)).status).toBe('Pending')
      await expect(panel.refills.request(1)).rejects.toMatchObject({ code: 'refill_requested' })
      expect([...(await panel.refills.requests([1, 3]))]).toMatchObject([
        ['1', { error: { code: 'refill_requested' } }],
        ['3', { error: { code: 'incorrect_order' } }],
      ])
    })

    test('a refusal has its code', async () => {
      const order = { service: 1448, link: 'https://example.com/p', quantity: 1000 }
      const refused: [Order, object, object?][] = [
        [{ ...order, service: 7 }, { code: 'incorrect_service' }],
        [{ ...order, link: 'ftp://x' }, { code: 'incorrect_link' }],
        [
          { ...order, quantity: 49 },
          { code: 'quantity_below_min', message: 'Quantity less than minimal 50' },
        ],
        [{ ...order, quantity: 10_000, runs: 99, interval: 1 }, { code: 'not_enough_funds' }],
        [order, { code: 'price_above_max_charge', message: 'Price is now 0.90000' }, { maxCharge: '0.85' }],
      ]
      for (const [of, error, options] of refused)
        await expect(panel.orders.add(of, options)).rejects.toMatchObject({ about: 'order', ...error })
      await expect(client('nobody’s').balance()).rejects.toMatchObject({ code: 'invalid_key', about: 'caller' })
      await expect(panel.call('nothing')).rejects.toMatchObject({ code: 'incorrect_request' })
    })
  })

  test('orders of every type are placed', async () => {
    const { key } = await docket.account()
    const services = serviceTypes.map(({ name, example }) => ({
      service: Number(example['service']),
      name,
      type: name,
      rate: '1',
      min: 1,
      max: 10_000,
      dripfeed: true,
      category: '',
    }))
    await importServices(docket.db, readServiceList(JSON.stringify(services)))
    await onSale(docket)
    const placed = await crowd(serviceTypes.length, async (at) => {
      const { name, example } = serviceTypes[at]!
      return client(key).orders.add({ type: name, ...example } as unknown as Order)
    })
    expect(new Set(placed).size).toBe(serviceTypes.length)
  })

  test('a thousand states take ten calls, and each id is asked for once', async () => {
    const { key } = await docket.account()
    const order = await client(key).orders.add({ service: await onSale(docket), link: 'https://example.com/p', quantity: 10 })
    const others = Array.from({ length: 999 }, (_, at) => 5_000_000 + at)
    sent.length = 0
    const answers = await client(key).orders.statuses([...others, order, order, ...others])
    expect(sentOf('status')).toHaveLength(10)
    expect([...answers].filter(([, { ok }]) => ok).map(([id]) => id)).toEqual([order])
    expect(answers.size).toBe(1000)
  })

  test('an unchanged list of services is not sent again', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { rate: '2' })
    const panel = client(key)
    const first = await panel.services()
    expect(await panel.services()).toBe(first)
    await change(docket, service, { max: 5 })
    expect((await panel.services()).find((each) => each.service === String(service))?.max).toBe(5)
  })

  test('an order is found by its retry key, and ordered once', async () => {
    const { key } = await docket.account()
    const panel = client(key)
    const order = { service: await onSale(docket), link: 'https://example.com/p', quantity: 10 }
    expect(await panel.orders.find('mine')).toBeNull()
    const placed = await panel.orders.add(order, { retryKey: 'mine' })
    expect(await panel.orders.add(order, { retryKey: 'mine' })).toBe(placed)
    expect(await panel.orders.find('mine')).toMatchObject({ order: placed, status: 'Pending', remains: 10 })
    await expect(panel.orders.add({ ...order, quantity: 11 }, { retryKey: 'mine' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
  })

  test(`a client that loses a reply in twenty places ${ORDERS} orders exactly once`, async () => {
    const { key, account } = await docket.account({ balance: String(ORDERS) })
    const service = await onSale(docket, { rate: '1' })
    let replies = 0
    let lost = 0
    const losing = async (url: string, init: RequestInit) => {
      const response = await fetch(url, init)
      await response.clone().arrayBuffer()
      replies += 1
      if (replies % 20 !== 0) return response
      lost += 1
      throw new TypeError('fetch failed', { cause: new Error('other side closed') })
    }
    const panel = new Client({ url: `${docket.node.url}/api/v2`, key, fetch: losing, wait: async () => {} })
    let next = 0
    const ids = new Set<string>()
    await crowd(64, async () => {
      while (next < ORDERS) {
        const retryKey = `order-${(next += 1)}`
        ids.add(await panel.orders.add({ service, link: 'https://example.com/p', quantity: 1000 }, { retryKey }))
      }
    })
    expect(lost).toBeGreaterThanOrEqual(ORDERS / 20)
    expect(ids.size).toBe(ORDERS)
    const { rows } = await docket.db.query(
      'select count(*)::int as orders from orders o join books b on b.id = o.book_id where b.account_id = $1',
      [account],
    )
    expect(rows).toEqual([{ orders: ORDERS }])
    expect(await docket.balance(key)).toBe('0.00000')
  })

  test('orders are followed by the feed until they have ended', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { cancel: true })
    const add = () => client(key).orders.add({ service, link: 'https://example.com/p', quantity: 1000 })
    const [one, two, other] = [await add(), await add(), await add()]
    const heard: unknown[] = []
    sent.length = 0
    for await (const change of client(key).orders.watch({ orders: [one, two] })) {
      heard.push([change.order, change.ok && change.value.status, change.ok && change.value.remains, typeof change.cursor])
      if (heard.length === 2) {
        await tell(docket, Number(one), 'In progress', { remains: 400 })
        await client(key).orders.cancel([other])
      }
      if (heard.length === 3) await tell(docket, Number(one), 'Completed', { remains: 0 })
      if (heard.length === 4) await client(key).orders.cancel([two])
    }
    expect(heard).toEqual([
      [one, 'Pending', 1000, 'string'],
      [two, 'Pending', 1000, 'string'],
      [one, 'In progress', 400, 'string'],
      [one, 'Completed', 0, 'string'],
      [two, 'Canceled', expect.any(Number), 'string'],
    ])
    expect(sentOf('status')).toHaveLength(1)
  })

  test('a watch goes on from its cursor, and misses nothing in between', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const add = () => client(key).orders.add({ service, link: 'https://example.com/p', quantity: 1000 })
    const stop = new AbortController()
    const first = await add()
    const watching = client(key).orders.watch({ since: '0' })
    const { value } = await watching.next()
    expect(value).toMatchObject({ order: first })
    await watching.return()
    const second = await add()
    for await (const change of client(key).orders.watch({ since: value!.cursor!, signal: stop.signal })) {
      expect(change.order).toBe(second)
      break
    }
    await expect(client('nobody’s').orders.watch({ since: '0' }).next()).rejects.toMatchObject({ code: 'invalid_key' })
  })
})

describe('a webhook', () => {
  const [secret, other] = [makeWebhookSecret(), makeWebhookSecret()]
  const now = new Date('2026-03-01T12:00:00Z')
  const told = (type: string, data: object) => JSON.stringify({ type, timestamp: '2026-03-01T11:59:58.000Z', data })
  const completed = told('order.completed', {
    order: 23501,
    status: 'Completed',
    charge: '0.27819',
    start_count: '3572',
    remains: '0',
    currency: 'USD',
  })
  const signed = (body: string, secrets = [secret], at = now) => signedHeaders(secrets, 'msg_7_1042', at, body)

  test('that Docket signed is read, whatever holds its headers and its body', async () => {
    const event = {
      id: 'msg_7_1042',
      type: 'order.completed',
      timestamp: '2026-03-01T11:59:58.000Z',
      kind: 'order',
      order: '23501',
      state: { status: 'Completed', charge: '0.27819', remains: 0 },
    }
    expect(await readWebhook({ secret, now, headers: signed(completed), body: completed })).toMatchObject(event)
    expect(
      await readWebhook({ secret, now, headers: new Headers(signed(completed)), body: new TextEncoder().encode(completed) }),
    ).toMatchObject(event)
    const headers = Object.fromEntries(Object.entries(signed(completed)).map(([name, value]) => [name.toUpperCase(), [value]]))
    expect(await readWebhook({ secret, now, headers, body: completed })).toMatchObject(event)
    // While the secret is changed, either side may have the old one.
    expect(await readWebhook({ secret, now, headers: signed(completed, [other, secret]), body: completed })).toMatchObject(event)
    expect(await readWebhook({ secret: [other, secret], now, headers: signed(completed), body: completed })).toMatchObject(event)
  })

  test('of each kind is read', async () => {
    const kinds: [string, object, object][] = [
      [
        'refill.rejected',
        { refill: 3, order: 1, status: 'Rejected' },
        { kind: 'refill', refill: '3', order: '1', state: { status: 'Rejected' } },
      ],
      [
        'balance.low',
        { balance: '9.90000', below: '10', currency: 'USD' },
        { kind: 'balance', balance: '9.90000', below: '10', currency: 'USD' },
      ],
      [
        'deposit.credited',
        { deposit: 12, reference: 'K7MP3XQ9RT4W', amount: '100.00000', bonus: '5.00000', currency: 'USD', document: '2026-17' },
        {
          kind: 'deposit',
          deposit: '12',
          reference: 'K7MP3XQ9RT4W',
          amount: '100.00000',
          bonus: '5.00000',
          currency: 'USD',
          document: '2026-17',
        },
      ],
      [
        'deposit.credited',
        { deposit: null, reference: null, amount: '7.50000', bonus: '0.00000', currency: 'EUR', document: '2026-18' },
        { kind: 'deposit', deposit: null, reference: null, amount: '7.50000', bonus: '0.00000', currency: 'EUR', document: '2026-18' },
      ],
      [
        'deposit.expired',
        { deposit: 13, reference: 'K7MP3XQ9RT4V', amount: '20.00000', bonus: '0.00000', currency: 'USD', document: null },
        { kind: 'deposit', deposit: '13', reference: 'K7MP3XQ9RT4V', amount: '20.00000', document: null },
      ],
      [
        'ticket.replied',
        { ticket: 12, by: 'staff', message: 345 },
        { kind: 'ticket', ticket: '12', by: 'staff', message: '345', into: null },
      ],
      ['ticket.merged', { ticket: 12, by: 'staff', message: null, into: 11 }, { kind: 'ticket', ticket: '12', message: null, into: '11' }],
      ['deposit.of_tomorrow', { words: 'unknown' }, { kind: 'other', data: { words: 'unknown' } }],
      ['webhook.test', { webhook: 3 }, { kind: 'other', data: { webhook: '3' } }],
    ]
    for (const [type, data, event] of kinds) {
      const body = told(type, data)
      expect(await readWebhook({ secret, now, headers: signed(body), body })).toMatchObject({ type, ...event })
    }
  })

  test('of anybody else is refused', async () => {
    const refused = [
      { headers: signed(completed, [other]) },
      { headers: signed(completed), body: completed.replace('23501', '23502') },
      { headers: { ...signed(completed), 'webhook-id': 'msg_7_1043' } },
      { headers: { ...signed(completed), 'webhook-signature': 'v1,' } },
      { headers: { ...signed(completed), 'webhook-signature': 'v1,***' } },
      { headers: { ...signed(completed), 'webhook-timestamp': 'now' } },
      { headers: signed(completed, [secret], new Date(now.getTime() - 301_000)) },
      { headers: signed(completed, [secret], new Date(now.getTime() + 301_000)) },
      { headers: {} },
    ]
    for (const message of refused)
      await expect(readWebhook({ secret, now, body: completed, ...message })).rejects.toMatchObject({ name: 'WebhookFault' })
  })
})
