import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readJson } from '../../server/json.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import { apiV2Supplier, type ApiV2Settings } from '../../server/suppliers/api-v2.ts'
import { readDecimal, readReference, readReferences, readWhole } from '../../server/suppliers/reading.ts'
import { type RefusalReason, type Standing, SupplierAway, type WorkOrder } from '../../server/suppliers/supplier.ts'
import { openDocket } from '../support/docket.ts'
import { type DialectName, FAKE_KEY, type FakeSupplier, type FaultName, openFakeSupplier } from '../support/fake-supplier.ts'

const toClose: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of toClose.splice(0).toReversed()) await each.close()
})

async function open(dialect: DialectName = 'plain', settings: Partial<ApiV2Settings> = {}) {
  const fake = await openFakeSupplier({ dialect })
  const outgoing = openOutgoing({ allowPrivate: true })
  toClose.push(fake, outgoing)
  return { fake, supplier: apiV2Supplier({ url: fake.url, key: fake.key, outgoing, ...settings }) }
}

const order: WorkOrder = {
  orderId: 55n,
  theirService: '1448',
  type: 'Default',
  link: 'https://example.com/p/1',
  quantity: 100n,
  parameters: {},
}
const KEY = 'add:55'

function read(standing: Partial<Omit<Standing, 'status'>> & { status?: string | null }) {
  return { kind: 'read', standing } as const
}

/** An order that stands so at the fake. */
async function standing(fake: FakeSupplier, change: Partial<{ status: string; startCount: number; remains: number; charge: string }>) {
  const made = fake.orders.length
  await fetch(fake.url, { method: 'POST', body: new URLSearchParams({ key: FAKE_KEY, action: 'add', service: '1', quantity: '100' }) })
  return String(Object.assign(fake.orders[made]!, change).id)
}

describe('an accepted order', () => {
  const accepting: readonly DialectName[] = [
    'plain',
    'docket',
    'ids as text',
    'nested order',
    'order_id',
    'status beside the order',
    'html type',
    'byte order mark',
    'extra keys',
  ]
  test.each(accepting)('a panel with "%s" has one order, and its id is read', async (dialect) => {
    const { fake, supplier } = await open(dialect)

    const answer = await supplier.add(order)

    expect(answer).toMatchObject({ kind: 'accepted', reference: String(fake.orders[0]!.id) })
    expect(fake.ordersUnder(KEY)).toBe(1)
  })

  test('an id beyond 2^53 keeps every digit', async () => {
    const { fake, supplier } = await open()
    fake.answer('add', '{"order":9007199254740993123}')

    expect(await supplier.add(order)).toMatchObject({ kind: 'accepted', reference: '9007199254740993123' })
  })

  test('a Docket that is handed an order twice has it once', async () => {
    const { fake, supplier } = await open('docket')

    const first = await supplier.add(order)
    const second = await supplier.add(order)

    expect(second).toEqual(first)
    expect(fake.ordersUnder(KEY)).toBe(1)
  })

  test('each of our orders has a name of its own, with that of our desk before it', async () => {
    const { fake, supplier } = await open('docket', { keyPrefix: 'desk-1:' })

    await supplier.add(order)
    await supplier.add({ ...order, orderId: 56n })

    expect(fake.orders.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['desk-1:add:55', 'desk-1:add:56'])
  })
})

describe('what an order is sent as', () => {
  const sent = async (change: Partial<WorkOrder>) => {
    const { fake, supplier } = await open()
    await supplier.add({ ...order, ...change })
    const { key: _, action: __, idempotency_key: ___, ...fields } = fake.orders[0]!.fields
    return fields
  }

  test('Default: service, link, quantity', async () => {
    expect(await sent({})).toEqual({ service: '1448', link: 'https://example.com/p/1', quantity: '100' })
  })

  test('Package: no quantity', async () => {
    expect(await sent({ type: 'Package', quantity: 1n })).toEqual({ service: '1448', link: 'https://example.com/p/1' })
  })

  test('comments go out byte for byte, and are not counted for the supplier', async () => {
    const comments = 'Nice one, really\r\n  two & three=3 \nünï 🎉'
    expect(await sent({ type: 'Custom Comments', quantity: 3n, parameters: { comments } })).toEqual({
      service: '1448',
      link: 'https://example.com/p/1',
      comments,
    })
  })

  test('a drip-feed goes out with the quantity of one run', async () => {
    expect(await sent({ quantity: 10n, parameters: { runs: '3', interval: '5' } })).toMatchObject({
      quantity: '10',
      runs: '3',
      interval: '5',
    })
  })

  test('Subscriptions: the day as d/m/Y, no link', async () => {
    const parameters = { username: 'someone', min: '10', max: '20', delay: '0', expiry: '2026-03-09' }
    expect(await sent({ type: 'Subscriptions', link: 'someone', parameters })).toEqual({
      service: '1448',
      ...parameters,
      expiry: '09/03/2026',
    })
  })
})

describe('a refused order', () => {
  const refusing: readonly DialectName[] = [
    'plain',
    'docket',
    'status beside the order',
    'errors as objects',
    'errors as codes',
    'html type',
  ]
  test.each(refusing)('a panel with "%s" that has no funds of ours refuses, and has nothing', async (dialect) => {
    const { fake, supplier } = await open(dialect)
    fake.setFunds(0)

    expect(await supplier.add(order)).toMatchObject({ kind: 'refused', reason: 'funds' })
    expect(fake.orders).toEqual([])
  })

  test.each(refusing)('a panel with "%s" says which service it does not know', async (dialect) => {
    const { fake, supplier } = await open(dialect)

    expect(await supplier.add({ ...order, theirService: '0' })).toMatchObject({ kind: 'refused', reason: 'service' })
    expect(fake.orders).toEqual([])
  })

  const refusals: readonly [FaultName, RefusalReason][] = [
    ['too many requests, as 200', 'limits'],
    ['maintenance', 'limits'],
    ['refusal as 422', 'link'],
    ['quotes the key', 'account'],
  ]
  test.each(refusals)('"%s" is a clear no, and the supplier has nothing', async (fault, reason) => {
    const { fake, supplier } = await open()
    fake.fail(fault)

    expect(await supplier.add(order)).toMatchObject({ kind: 'refused', reason })
    expect(fake.orders).toEqual([])
  })

  test('a key that the supplier quotes is not in the words', async () => {
    const { fake, supplier } = await open()
    fake.fail('quotes the key')

    expect(await supplier.add(order)).toMatchObject({ kind: 'refused', words: 'Invalid API key (key)' })
  })
})

describe('H3 an order that may have arrived', () => {
  const unclear: readonly FaultName[] = [
    'lost reply',
    'reset before reading',
    'reset in the answer',
    'truncated',
    'half of its JSON',
    'bad gateway',
    'bad gateway after creating',
    'empty 500',
    '500 with an error',
    '500 with the order',
    'redirect',
    'redirect with the order',
    'redirect with an error',
    '500 that says busy',
    '408 with an error',
    'garbage',
    'warning before the JSON',
    'page instead of JSON',
    'forbidden page',
    'empty answer',
    'empty object',
    'empty list',
    'null',
    'order zero',
    'order null',
    'order false',
    'success without an order',
    'error of nothing',
    'order and error',
    'error of a fault',
    'error of an exception',
    'conflict',
    'too many requests, with the order',
    'maintenance, as 503',
    'docket does not know',
    'docket lost its database',
    'key reused',
    'too long an answer',
    'too long a header',
  ]
  test.each(unclear)('H3 after "%s" it is unknown, and was sent once', async (fault) => {
    const { fake, supplier } = await open()
    fake.fail(fault)

    const answer = await supplier.add(order)

    expect(answer.kind).toBe('unknown')
    expect(JSON.stringify(answer)).not.toContain(FAKE_KEY)
    expect(fake.ordersUnder(KEY)).toBeLessThanOrEqual(1)
    expect(fake.calls.length).toBeLessThanOrEqual(1)
    expect(fake.strays()).toBe(0)
  })

  test('H3 after no answer in time it is unknown, and was sent once', async () => {
    const { fake, supplier } = await open('plain', { timeLimitMs: 3000 })
    fake.fail('no answer')

    expect((await supplier.add(order)).kind).toBe('unknown')
    // It was written; on a slow machine it is read later than our limit.
    await expect.poll(() => fake.ordersUnder(KEY), { timeout: 60_000 }).toBe(1)
    expect(fake.calls).toHaveLength(1)
  })

  test('H3 each order goes out on a connection of its own, so that no old connection dies under it', async () => {
    const { fake, supplier } = await open()
    await supplier.balance()

    await supplier.add(order)
    await supplier.add({ ...order, orderId: 56n })

    expect(fake.connections()).toBe(3)
  })

  test('H3 no accepted or refused answer is given for an order that the supplier has otherwise', async () => {
    const { fake, supplier } = await open()
    for (const fault of unclear) fake.fail(fault)

    const answers = []
    for (let id = 1n; id <= BigInt(unclear.length); id += 1n) answers.push(await supplier.add({ ...order, orderId: id }))

    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['unknown']))
    expect(fake.orders.length).toBeGreaterThan(20)
    for (const { idempotencyKey } of fake.orders) expect(fake.ordersUnder(idempotencyKey!)).toBe(1)
  })

  test('the words of an unknown answer say what came', async () => {
    const { fake, supplier } = await open()
    fake.fail('bad gateway after creating')

    expect(await supplier.add(order)).toEqual({
      kind: 'unknown',
      words: 'HTTP 502: <html><body><h1>502 Bad Gateway</h1></body></html>',
    })
  })
})

describe('an order that cannot have arrived', () => {
  const certain: readonly FaultName[] = ['too many requests', 'too many requests, as a page', 'docket is busy', 'docket is starting']
  test.each(certain)('after "%s" it was not sent, and sent again there is one', async (fault) => {
    const { fake, supplier } = await open()
    fake.fail(fault)

    const first = await supplier.add(order)
    expect(fake.orders).toEqual([])
    const second = await supplier.add(order)

    expect(first.kind).toBe('not sent')
    expect(second.kind).toBe('accepted')
    expect(fake.ordersUnder(KEY)).toBe(1)
  })

  test('a supplier that takes no connection was not sent anything', async () => {
    const { fake, supplier } = await open()
    await toClose.shift()!.close()

    expect((await supplier.add(order)).kind).toBe('not sent')
    expect(fake.calls).toEqual([])
  })

  test('S5 a supplier in a private network is not called where that is not allowed', async () => {
    const outgoing = openOutgoing({ allowPrivate: false })
    toClose.push(outgoing)
    const { fake, supplier } = await open('plain', { outgoing })

    expect((await supplier.add(order)).kind).toBe('not sent')
    expect(fake.connections()).toBe(0)
  })
})

describe('status', () => {
  const telling: readonly DialectName[] = [
    'plain',
    'docket',
    'status beside the order',
    'status as a list',
    'numbers as numbers',
    'thousands separators',
    'decimal counts',
    'words in capitals',
    'html type',
    'byte order mark',
    'extra keys',
  ]
  test.each(telling)('a panel with "%s" tells how one order and how several stand', async (dialect) => {
    const { fake, supplier } = await open(dialect)
    const one = await standing(fake, { status: 'Partial', startCount: 3572, remains: 1157 })
    const two = await standing(fake, { status: 'In progress', startCount: 0, remains: 10, charge: '1.44219' })

    const alone = (await supplier.status([one])).get(one)
    const both = await supplier.status([one, two])

    expect(alone).toMatchObject(read({ status: 'Partial', startCount: 3572n, remains: 1157n, cost: '0.27819', currency: 'USD' }))
    expect(both.get(one)).toEqual(alone)
    expect(both.get(two)).toMatchObject(read({ status: 'In progress', startCount: 0n, remains: 10n, cost: '1.44219' }))
  })

  const respelt: readonly [string, string][] = [
    ['Pending', 'Awaiting'],
    ['Processing', 'processing'],
    ['In progress', 'Inprogress'],
    ['Completed', 'COMPLETED'],
    ['Canceled', 'Cancelled'],
  ]
  test.each(respelt)('%s is read from "%s"', async (status, words) => {
    const { fake, supplier } = await open('other words')
    const id = await standing(fake, { status })

    expect((await supplier.status([id])).get(id)).toMatchObject(read({ status, words }))
  })

  test.each(['Fail', 'Error', 'Refunded', 'success', 'Moderation', 'constructor', 'In', 'toString', '进行中'])(
    'the word "%s" is kept and moves nothing',
    async (words) => {
      const { fake, supplier } = await open()
      const id = await standing(fake, { status: words })
      const other = await standing(fake, { status: 'Completed' })

      const answers = await supplier.status([id, other])

      expect(answers.get(id)).toMatchObject(read({ status: null, words }))
      expect(answers.get(other)).toMatchObject(read({ status: 'Completed' }))
      expect((await supplier.status([id])).get(id)).toMatchObject(read({ status: null, words }))
    },
  )

  test.each(['nothing for counts', 'words for counts'] as const)('"%s" is null, not zero', async (dialect) => {
    const { fake, supplier } = await open(dialect)
    const id = await standing(fake, { status: 'In progress' })

    expect((await supplier.status([id])).get(id)).toMatchObject(
      read({ status: 'In progress', startCount: null, remains: null, cost: null }),
    )
  })

  test('a Partial without remains says not how much, and ends nothing', async () => {
    const { fake, supplier } = await open('nothing for counts')
    const id = await standing(fake, { status: 'Partial' })

    expect((await supplier.status([id])).get(id)).toMatchObject(read({ status: null, remains: null, words: 'Partial' }))
  })

  test('a start count below zero is none', async () => {
    const { fake, supplier } = await open()
    const id = await standing(fake, { startCount: -1 })

    expect((await supplier.status([id])).get(id)).toMatchObject(read({ startCount: null }))
  })

  test('a failed order with a message is an order, not a fault of the panel', async () => {
    const { fake, supplier } = await open()
    fake.answer('status', { status: 'Error', charge: '0.1', start_count: '5', remains: '100', message: 'Page is private' })

    expect((await supplier.status(['7'])).get('7')).toMatchObject(read({ status: null, words: 'Error', remains: 100n }))
  })

  test('of an error for a whole batch it is found out whom it is about', async () => {
    const { fake, supplier } = await open()
    const ids = [await standing(fake, {}), await standing(fake, {}), await standing(fake, {})]
    fake.odd.set(ids[1]!, 'Order is in moderation')

    const answers = await supplier.status([...ids, '999'])

    expect(ids.map((id) => answers.get(id)!.kind)).toEqual(['read', 'unclear', 'read'])
    expect(answers.get(ids[1]!)).toEqual({ kind: 'unclear', words: 'Order is in moderation' })
    expect(answers.get('999')).toMatchObject({ kind: 'not known' })
  })

  test('a panel that answers every list with an error is asked a bounded number of times', async () => {
    const { fake, supplier } = await open()
    fake.answer('status', { error: 'Order is in moderation' })

    const answers = await supplier.status(Array.from({ length: 100 }, (_, index) => String(index + 1)))

    expect(fake.calls).toHaveLength(33)
    expect(new Set([...answers.values()].map(({ kind }) => kind))).toEqual(new Set(['unclear']))
    // The others are asked for next time.
    expect(answers.size).toBeGreaterThan(10)
    expect(answers.size).toBeLessThan(100)
  })

  test('a miss that is a bare text is a miss', async () => {
    const { fake, supplier } = await open()
    fake.answer('status', 'Incorrect order ID')
    await expect(supplier.status(['7'])).rejects.toThrow('HTTP 200: Incorrect order ID')
    fake.answer('status', '"Incorrect order ID"')
    expect((await supplier.status(['7'])).get('7')).toEqual({ kind: 'not known', words: 'Incorrect order ID' })
  })

  test('keys in capitals are read, and numbers that cannot be read are told', async () => {
    const { fake, supplier } = await open()
    fake.answer('status', { Status: 'In progress', Remains: '2,5', Start_Count: '7', Charge: '2,5', Currency: 'USD' })

    expect((await supplier.status(['7'])).get('7')).toMatchObject(
      read({ status: 'In progress', startCount: 7n, remains: null, cost: '2.5', currency: 'USD', unread: ['remains "2,5"'] }),
    )
  })

  test('a key that it does not take is no word about an order', async () => {
    const { fake, supplier } = await open()
    fake.answer('status', { error: 'API key not found' })

    for (const ids of [['7'], ['7', '8'], Array.from({ length: 100 }, (_, at) => String(at + 1))]) {
      const before = fake.calls.length
      await expect(supplier.status(ids)).rejects.toMatchObject({ name: 'SupplierAway', message: 'API key not found', refusesKey: true })
      expect(fake.calls.length - before).toBeLessThanOrEqual(3)
    }
  })

  test('over-delivery is a negative remains', async () => {
    const { fake, supplier } = await open()
    const id = await standing(fake, { status: 'Completed', remains: -5 })

    expect((await supplier.status([id])).get(id)).toMatchObject(read({ status: 'Completed', remains: -5n }))
  })

  const missing: readonly DialectName[] = [
    'plain',
    'docket',
    'status as a list',
    'empty list for nothing',
    'errors as text',
    'errors as objects',
    'errors as codes',
  ]
  test.each(missing)('a panel with "%s": one unknown id spoils no other', async (dialect) => {
    const { fake, supplier } = await open(dialect)
    const id = await standing(fake, { status: 'Completed' })

    const answers = await supplier.status([id, '999'])

    expect(answers.get(id)).toMatchObject(read({ status: 'Completed' }))
    expect(answers.get('999')).toMatchObject({ kind: 'not known' })
    expect((await supplier.status(['999'])).get('999')).toMatchObject({ kind: 'not known' })
    expect((await supplier.status(['998', '999'])).get('998')).toMatchObject({ kind: 'not known' })
  })

  const passing: readonly FaultName[] = [
    'lost reply',
    'reset before reading',
    'truncated',
    'bad gateway',
    'empty 500',
    'redirect',
    'page instead of JSON',
    'null',
    'too many requests',
    'too many requests, as 200',
    'maintenance',
    'maintenance, as 503',
    'error of a fault',
    'quotes the key',
    'docket is busy',
  ]
  test.each(passing)('"%s" is an answer for none, and after at most two more calls nobody is asked again', async (fault) => {
    const { fake, supplier } = await open()
    const ids = await Promise.all(Array.from({ length: 10 }, () => standing(fake, {})))
    fake.keepFailing(fault, 'status')
    for (const each of [ids, [ids[0]!]]) {
      const before = fake.calls.length
      const away: unknown = await supplier.status(each).catch((error: unknown) => error)
      expect(away).toBeInstanceOf(SupplierAway)
      expect((away as Error).message).not.toContain(FAKE_KEY)
      expect(fake.calls.length - before).toBeLessThanOrEqual(3)
    }
  })

  test.each(['lost reply', 'too many requests', 'redirect', 'maintenance, as 503', 'docket is busy'] as const)(
    'after "%s" no id is asked for by itself',
    async (fault) => {
      const { fake, supplier } = await open()
      fake.keepFailing(fault, 'status')

      await expect(supplier.status(['1', '2', '3'])).rejects.toBeInstanceOf(SupplierAway)

      expect(fake.calls).toHaveLength(1)
    },
  )

  test('a hundred ids a call, each asked once, and a list that got no answer keeps no other from its own', async () => {
    const { fake, supplier } = await open()
    const ids = Array.from({ length: 250 }, (_, index) => String(index + 1))
    fake.fail('lost reply', 'status')

    const answers = await supplier.status([...ids, ...ids])

    expect(fake.calls.map(({ orders }) => orders!.split(',').length)).toEqual([100, 100, 50])
    expect([...answers.values()].filter(({ kind }) => kind === 'not known')).toHaveLength(150)
    expect([...answers.keys()]).toEqual(ids.slice(100))
  })

  test('a panel without lists is asked one at a time', async () => {
    const { fake, supplier } = await open('plain', { mostIds: 1 })
    const ids = [await standing(fake, {}), await standing(fake, { status: 'Completed' })]
    const before = fake.calls.length

    expect((await supplier.status(ids)).get(ids[1]!)).toMatchObject(read({ status: 'Completed' }))
    expect(fake.calls.slice(before).map((call) => call['order'])).toEqual(ids)
  })

  test('no ids, no call', async () => {
    const { fake, supplier } = await open()

    expect(await supplier.status([])).toEqual(new Map())
    expect(fake.calls).toEqual([])
  })
})

describe('whether the same order twice is one', () => {
  test('a Docket keeps retry keys, and says so until it is asked no more', async () => {
    const { fake, supplier } = await open('docket')

    expect(await supplier.repeatsSafely()).toBe(true)
    expect(await supplier.repeatsSafely()).toBe(true)
    expect(fake.calls).toHaveLength(2)
    expect(fake.orders).toEqual([])
  })

  const deaf: readonly DialectName[] = [
    'plain',
    'errors as objects',
    'errors as codes',
    'empty list for nothing',
    'status beside the order',
  ]
  test.each(deaf)('H3 a panel with "%s" reads no keys, and is not believed to', async (dialect) => {
    const { supplier } = await open(dialect)

    expect(await supplier.repeatsSafely()).toBe(false)
  })

  test.each([
    ['refuses every question about no order', { error: 'Incorrect request' }],
    ['misses every order', { error: 'Incorrect order ID' }],
    ['answers with some order whatever it is asked', { charge: '1', start_count: '1', status: 'Completed', remains: '0', currency: 'USD' }],
  ])('H3 a panel that %s is not believed to', async (_, value) => {
    const { fake, supplier } = await open()
    fake.answer('status', value)

    expect(await supplier.repeatsSafely()).toBe(false)
  })

  test.each(['bad gateway', 'too many requests, as 200', 'quotes the key', 'error of a fault'] as const)(
    'H3 after "%s" it is not known, whichever of the two questions it is, and asked again',
    async (fault) => {
      const { fake, supplier } = await open('docket')
      fake.fail(fault, 'status')
      expect(await supplier.repeatsSafely()).toBe(false)
      fake.answer('status', { error: 'Incorrect order ID' })
      const second = supplier.repeatsSafely()
      fake.fail(fault, 'status')
      expect(await second).toBe(false)
    },
  )

  test('nobody asks where the operator has said it', async () => {
    for (const keepsRetryKeys of [true, false]) {
      const { fake, supplier } = await open('plain', { keepsRetryKeys })
      expect(await supplier.repeatsSafely()).toBe(keepsRetryKeys)
      expect(fake.calls).toEqual([])
    }
  })
})

describe('cancel', () => {
  test('each order has its own answer, and a request is not an end', async () => {
    const { fake, supplier } = await open()
    const open1 = await standing(fake, {})
    const done = await standing(fake, { status: 'Completed' })

    const answers = await supplier.cancel([open1, done, '999'])

    expect(answers.get(open1)).toEqual({ kind: 'taken', reference: null })
    expect(answers.get(done)).toEqual({ kind: 'refused', words: 'Order cannot be canceled' })
    expect(answers.get('999')).toEqual({ kind: 'refused', words: 'Incorrect order ID' })
    expect(fake.order(open1).status).toBe('Canceled')
  })

  const dialects: readonly [string, unknown, string][] = [
    ['a list with ids of tasks', [{ order: 7, cancel: '812' }], 'taken'],
    ['an object by id', { 7: { cancel: 1 } }, 'taken'],
    ['an object by id with an error', { 7: { error: 'Cancel is not available' } }, 'refused'],
    ['the bare answer', { cancel: 1 }, 'taken'],
    ['success', { status: 'success' }, 'taken'],
    ['a sentence', [{ order: '7', cancel: 'Order cannot be canceled' }], 'refused'],
    ['a word', [{ order: '7', cancel: 'denied' }], 'unknown'],
    ['nothing about it', [{ order: 8, cancel: 1 }], 'unknown'],
    ['an empty list', [], 'unknown'],
    ['an error for the whole', { error: 'Incorrect request' }, 'refused'],
    ['a flag and a message', { status: 'fail', message: 'Not allowed' }, 'refused'],
    ['zero', [{ order: 7, cancel: 0 }], 'unknown'],
  ]
  test.each(dialects)('answered with %s', async (_, value, kind) => {
    const { fake, supplier } = await open()
    fake.answer('cancel', value)

    expect((await supplier.cancel(['7'])).get('7')).toMatchObject({ kind })
  })

  test.each([
    ['lost reply', 'unknown'],
    ['bad gateway', 'unknown'],
    ['too many requests', 'not now'],
  ] as const)('after "%s" it is %s for each', async (fault, kind) => {
    const { fake, supplier } = await open()
    fake.fail(fault, 'cancel')

    expect([...(await supplier.cancel(['7', '8'])).values()].map((answer) => answer.kind)).toEqual([kind, kind])
  })
})

describe('refill', () => {
  const answers: readonly [string, unknown, object][] = [
    ['text', { refill: '1' }, { kind: 'taken', reference: '1' }],
    ['a number', { refill: 12 }, { kind: 'taken', reference: '12' }],
    ['a list', [{ order: 7, refill: 3 }], { kind: 'taken', reference: '3' }],
    ['success beside it', { status: 'success', refill: '5' }, { kind: 'taken', reference: '5' }],
    ['an error', { error: 'Refill is not available for this order' }, { kind: 'refused', words: 'Refill is not available for this order' }],
    ['zero', { refill: 0 }, { kind: 'unknown' }],
    ['nothing', {}, { kind: 'unknown' }],
  ]
  test.each(answers)('answered with %s', async (_, value, expected) => {
    const { fake, supplier } = await open()
    fake.answer('refill', value)

    expect(await supplier.refill('7')).toMatchObject(expected)
  })

  test('after a lost reply it is unknown', async () => {
    const { fake, supplier } = await open()
    fake.fail('lost reply', 'refill')

    expect((await supplier.refill('7')).kind).toBe('unknown')
  })

  test('a refill is taken also where a sentence stands beside its id', async () => {
    const { fake, supplier } = await open()
    fake.answer('refill', { success: 'Refill request was sent', refill: 12 })

    expect(await supplier.refill('7')).toMatchObject({ kind: 'taken', reference: '12' })
  })

  test('its status is told for one and for several', async () => {
    const { supplier } = await open()

    expect(await supplier.refillStatus(['1'])).toEqual(new Map([['1', read({ status: 'Completed', words: 'Completed' })]]))
    expect(await supplier.refillStatus(['1', '3'])).toEqual(
      new Map<string, object>([
        ['1', read({ status: 'Completed', words: 'Completed' })],
        ['3', { kind: 'not known', words: 'Refill not found' }],
      ]),
    )
  })

  const words: readonly [string, string | null][] = [
    ['in_progress', 'In progress'],
    ['Rejected', 'Rejected'],
    ['Cancelled', 'Rejected'],
    ['Error', 'Error'],
    ['Moderation', null],
  ]
  test.each(words)('its word "%s" is read as %s', async (said, status) => {
    const { fake, supplier } = await open()
    fake.answer('refill_status', { status: said })

    expect((await supplier.refillStatus(['1'])).get('1')).toMatchObject(read({ status, words: said }))
  })

  test('a supplier that answers for none is away', async () => {
    const { fake, supplier } = await open()
    fake.keepFailing('bad gateway', 'refill_status')

    await expect(supplier.refillStatus(['1', '3'])).rejects.toThrow('HTTP 502: <html>')
  })
})

describe('balance and services', () => {
  const balances: readonly [unknown, object][] = [
    [
      { balance: '100.84292', currency: 'USD' },
      { balance: '100.84292', currency: 'USD' },
    ],
    [
      { status: 'success', balance: 12.3, currency: 'USD' },
      { balance: '12.3', currency: 'USD' },
    ],
    [{ balance: '1,234.50' }, { balance: '1234.5', currency: null }],
    [{ balance: -0.5 }, { balance: '-0.5', currency: null }],
  ]
  test.each(balances)('%j is read without a float', async (value, expected) => {
    const { fake, supplier } = await open()
    fake.answer('balance', value)

    expect(await supplier.balance()).toEqual(expected)
  })

  test.each([
    [{ balance: 'a lot' }, 'HTTP 200: {"balance":"a lot"}', false],
    [[], 'HTTP 200: []', false],
    [{ error: 'Something went wrong' }, 'Something went wrong', false],
    [{ error: 'Invalid API key' }, 'Invalid API key', true],
    [{ error: 'Invalid API key, no balance is shown' }, 'Invalid API key, no balance is shown', true],
  ])('%j is no balance, and a wrong key is told as that', async (value, message, refusesKey) => {
    const { fake, supplier } = await open()
    fake.answer('balance', value)
    fake.answer('services', value)

    await expect(supplier.balance()).rejects.toMatchObject({ name: 'SupplierAway', message, refusesKey })
    if (!Array.isArray(value)) await expect(supplier.services()).rejects.toMatchObject({ name: 'SupplierAway', refusesKey })
  })

  const listed = { service: 1, name: 'Followers', type: 'Default', category: 'First', rate: '0.90', min: '50', max: '10000', refill: true }
  const service = {
    service: '1',
    name: 'Followers',
    type: 'Default',
    typeWords: 'Default',
    category: 'First',
    rate: '0.9',
    min: 50n,
    max: 10_000n,
    dripfeed: false,
    refill: true,
    cancel: false,
  }
  test('a list of services is read, numbers as text or not', async () => {
    const { fake, supplier } = await open()
    fake.answer('services', [
      listed,
      { ...listed, service: '2', type: 'custom_comments', rate: 8, min: 1, max: 5000, dripfeed: 1, refill: '0', cancel: '1' },
      { ...listed, service: 3, type: 'Telepathy' },
      { ...listed, service: null },
    ])

    expect(await supplier.services()).toEqual({
      unreadable: 1,
      services: [
        service,
        {
          ...service,
          service: '2',
          type: 'Custom Comments',
          typeWords: 'custom_comments',
          rate: '8',
          min: 1n,
          max: 5000n,
          dripfeed: true,
          refill: false,
          cancel: true,
        },
        { ...service, service: '3', type: null, typeWords: 'Telepathy' },
      ],
    })
  })

  test('a list with gaps comes as an object, and is a list', async () => {
    const { fake, supplier } = await open()
    fake.answer('services', { 0: listed, 2: { ...listed, service: 2 } })

    expect(await supplier.services()).toMatchObject({ services: [{ service: '1' }, { service: '2' }] })
  })

  test.each([{ status: 'success', data: 'Empty Data' }, { error: 'Invalid API key' }, { message: 'Hello' }])(
    '%j is no list, and never an empty one',
    async (value) => {
      const { fake, supplier } = await open()
      fake.answer('services', value)

      await expect(supplier.services()).rejects.toBeInstanceOf(SupplierAway)
    },
  )

  test('an empty list is a list', async () => {
    const { fake, supplier } = await open()
    fake.answer('services', [])

    expect(await supplier.services()).toEqual({ services: [], unreadable: 0 })
  })
})

describe('numbers', () => {
  const wholes: readonly [string, bigint | null][] = [
    ['157', 157n],
    [' 157 ', 157n],
    ['-5', -5n],
    ['1,234', 1234n],
    ['1 234 567', 1_234_567n],
    ['1,234.00', 1234n],
    ['157.0', 157n],
    ['157.0000', 157n],
    ['1.000', null],
    ['12.5', null],
    ['1,23', null],
    ['12,3456', null],
    ['1e3', null],
    ['0x10', null],
    ['', null],
    ['-', null],
    ['Unknown', null],
    ['NaN', null],
    ['9'.repeat(19), null],
  ]
  test.each(wholes)('the count "%s" is %s', (text, expected) => {
    expect(readWhole(text)).toBe(expected)
  })

  const amounts: readonly [string, string | null][] = [
    ['0.27819', '0.27819'],
    ['8', '8'],
    ['0', '0'],
    ['-0.0', '0'],
    ['007.50', '7.5'],
    ['1,234.50', '1234.5'],
    ['2.5e-5', '0.000025'],
    ['1.5E+3', '1500'],
    ['0.30000000000000004', '0.3'],
    ['0.29999999999999998', '0.3'],
    ['0.9999999999999', '1'],
    ['0.0000000000004', '0'],
    ['1.2.3', null],
    ['$5', null],
    ['', null],
    ['1e999', null],
    ['2,5', '2.5'],
    ['1.234,50', '1234.5'],
    ['0,278', '0.278'],
    ['2,500', null],
    ['1,234,567', '1234567'],
  ]
  test.each(amounts)('the amount "%s" is %s', (text, expected) => {
    expect(readDecimal(text)).toBe(expected)
  })

  test('numbers in JSON are read as the digits that were sent, and texts stay untouched', () => {
    expect(readJson('\uFEFF {"a":0.1,"b":[-1,2.50,1e-7],"c":"x: 1, \\"2\\", \\\\","d":12345678901234567890,"e 5":true,"f":null}')).toEqual({
      a: '0.1',
      b: ['-1', '2.50', '1e-7'],
      c: 'x: 1, "2", \\',
      d: '12345678901234567890',
      'e 5': true,
      f: null,
    })
  })

  test.each(['', '{', '{"order":01}', '{"order":1}}', 'order', '<html>', '{"order":1} <br/>', '{order:1}', 'NaN', '{"a":1,}'])(
    '%j is not JSON',
    (text) => {
      expect(readJson(text)).toBeUndefined()
    },
  )

  test('a text of megabytes is read', () => {
    const long = 'x\\n"'.repeat(1_000_000)
    expect(readJson(JSON.stringify({ description: long, order: 1 }))).toEqual({ description: long, order: '1' })
  })

  test.each(['0', '-1', '1.5', '', 'null', 'true', 'false', 'undefined', '1,2', 'a b', 'error', 'success', 'x'.repeat(101)])(
    '"%s" is no id of an order',
    (text) => {
      expect(readReference(text)).toBeNull()
    },
  )

  test.each(['[1,"2",3]', '"1, 2,3"', '{"0":1,"2":2,"3":3}', '[{"order":1},{"id":"2"},3]', '[1,0,null,"2",true,"a b",3]'])(
    '%s lists three child orders',
    (json) => {
      expect(readReferences(readJson(json))).toEqual(['1', '2', '3'])
    },
  )

  test.each(['null', '""', '[]', '{}', '0', 'true'])('%s lists no child order', (json) => {
    expect(readReferences(readJson(json))).toEqual([])
  })
})

describe('a Docket as supplier of a Docket', () => {
  const docket = openDocket()
  let service: string
  beforeAll(async () => {
    service = String(await docket.service({ rate: '0.90', min: 10, max: 1000 }, { cancel: true }))
  })
  async function resale() {
    const { key } = await docket.account({ balance: '0.09' })
    const outgoing = openOutgoing({ allowPrivate: true })
    toClose.push(outgoing)
    return { key, supplier: apiV2Supplier({ url: `${docket.node.url}/api/v2`, key, outgoing }) }
  }

  test('an order sent twice is one order and one charge, and it says that it keeps retry keys', async () => {
    const { key, supplier } = await resale()

    const first = await supplier.add({ ...order, theirService: service })
    const again = await supplier.add({ ...order, theirService: service })

    expect(first).toMatchObject({ kind: 'accepted' })
    expect(again).toEqual(first)
    expect(await docket.balance(key)).toBe('0.00000')
    expect(await supplier.repeatsSafely()).toBe(true)
  })

  test('its refusals are read', async () => {
    const { supplier } = await resale()

    expect(await supplier.add({ ...order, theirService: service, quantity: 101n })).toMatchObject({ kind: 'refused', reason: 'funds' })
    expect(await supplier.add({ ...order, theirService: service, quantity: 9n })).toMatchObject({ kind: 'refused', reason: 'quantity' })
    expect(await supplier.add({ ...order, theirService: '1' })).toMatchObject({ kind: 'refused', reason: 'service' })
    expect(await supplier.add({ ...order, theirService: service, link: 'java script:' })).toMatchObject({ kind: 'refused', reason: 'link' })
  })

  test('H3 a name that was used for another order is unknown, not refused', async () => {
    const { supplier } = await resale()
    await supplier.add({ ...order, theirService: service, quantity: 20n })

    expect(await supplier.add({ ...order, theirService: service, quantity: 30n })).toMatchObject({ kind: 'unknown' })
  })

  test('its statuses, cancels, balance and services are read', async () => {
    const { supplier } = await resale()
    const added = await supplier.add({ ...order, theirService: service, quantity: 50n })
    const id = added.kind === 'accepted' ? added.reference : ''

    const statuses = await supplier.status([id, '999999'])
    expect(statuses.get(id)).toEqual(
      read({
        status: 'Pending',
        startCount: 0n,
        remains: 50n,
        cost: '0.045',
        currency: 'USD',
        words: 'Pending',
        children: [],
        quantity: null,
        link: null,
        unread: [],
      }),
    )
    const closely = await supplier.status([id], { closely: true })
    expect(closely.get(id)).toMatchObject(read({ quantity: 50n, link: order.link }))
    expect(statuses.get('999999')).toMatchObject({ kind: 'not known' })
    expect((await supplier.cancel([id, '999999'])).get(id)).toEqual({ kind: 'taken', reference: null })
    expect((await supplier.cancel([id, '999999'])).get('999999')).toEqual({ kind: 'refused', words: 'Incorrect order ID' })
    expect((await supplier.refill(id)).kind).toBe('refused')
    expect(await supplier.balance()).toMatchObject({ currency: 'USD' })
    expect(await supplier.services()).toMatchObject({
      services: [{ service, type: 'Default', rate: '0.9', min: 10n, max: 1000n }],
    })
  })
})
