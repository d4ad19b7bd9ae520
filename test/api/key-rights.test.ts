import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { actions } from '../../contract/actions.ts'
import { scopes } from '../../contract/scopes.ts'
import { openStreams } from '../../server/api/events.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { openCallers } from '../../server/customers/callers.ts'
import { type KeyLimits, NO_LIMITS, checkRights, rightsOf } from '../../server/customers/key-rights.ts'
import { addKey, listKeys, setKeyLimits } from '../../server/customers/keys.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import type { Node } from '../../server/main.ts'
import { type Docket, openDocket, type Parameters, send } from '../support/docket.ts'
import { nothingToConfirm } from '../support/nothing-to-confirm.ts'
import { onSale } from '../support/on-sale.ts'
import { tell } from '../support/order-life.ts'
import { secondNode, urlsOf } from '../support/second-node.ts'
import { statementsOf } from '../support/statements.ts'

const refused = {
  action: { error: 'This API key may not use this action' },
  address: { error: 'This API key may not be used from this address' },
  service: { error: 'This API key may not order this service' },
  expired: { error: 'This API key has expired' },
  cap: { error: 'The daily spend limit of this API key is reached' },
  funds: { error: 'Not enough funds on balance' },
}

const everyCall: Readonly<Record<string, Parameters>> = {
  balance: {},
  services: {},
  add: { service: 0 },
  quote: { service: 0 },
  status: { order: 1 },
  refill: { order: 1 },
  refill_status: { refill: 1 },
  cancel: { orders: '1' },
  changes: {},
  service_changes: {},
  ledger: {},
}

describe('keys to hand out', () => {
  const docket = openDocket({ DOCKET_TRUST_PROXY: '1' })
  let second: Node
  let service: number

  beforeAll(async () => {
    second = await secondNode(docket, { DOCKET_TRUST_PROXY: '1' })
    service = await onSale(docket)
  })
  afterAll(() => second.stop())

  async function limitedKey(limits: Partial<KeyLimits>, balance = '100') {
    const { account, key: whole } = await docket.account({ balance })
    const added = await addKey(
      docket.db,
      account,
      { test: false, label: 'handed out', limits: { ...NO_LIMITS, ...limits } },
      docket.clock.now(),
    )
    return { account, whole, ...added }
  }

  function limit(id: number, limits: Partial<KeyLimits>): Promise<void> {
    return changeCatalogue(docket.db, (tx) => setKeyLimits(tx, id, { ...NO_LIMITS, ...limits }, docket.clock.now()))
  }

  async function call(url: string, parameters: Parameters, address = '198.51.100.1'): Promise<any> {
    return (await send(url, parameters, 'form', { 'x-forwarded-for': address })).json()
  }

  const order = (key: string, more: Parameters = {}) => ({
    key,
    action: 'add',
    service,
    link: 'https://example.com/p',
    quantity: 1000,
    ...more,
  })

  test('every action of the contract is in a scope', () => {
    const inScopes = new Set(Object.values(scopes).flat())
    expect(Object.keys(everyCall).toSorted()).toEqual(actions.map((action) => action.name).toSorted())
    for (const { name } of actions) expect(inScopes).toContain(name)
    // What only reads is one scope, and nothing that orders is in it.
    expect(scopes['read']!.filter((action) => scopes['order']!.includes(action))).toEqual(['quote'])
  })

  test('a key does what its scopes allow, and nothing else, on every node', async () => {
    for (const [scope, allowed] of Object.entries(scopes)) {
      const { key } = await limitedKey({ scopes: [scope] })
      for (const [action, parameters] of Object.entries(everyCall)) {
        for (const url of urlsOf(docket)) {
          const answer = await call(url, { key, action, ...parameters })
          const isRefused = JSON.stringify(answer) === JSON.stringify(refused.action)
          expect({ scope, action, isRefused }).toEqual({ scope, action, isRefused: !allowed.includes(action) })
        }
      }
    }
    expect(await call(docket.node.url!, { key: (await limitedKey({ scopes: ['read'] })).key, action: 'nonsense' })).toEqual({
      error: 'Incorrect request',
    })
  })

  test('scopes add up, and everything is no limit', async () => {
    const { key } = await limitedKey({ scopes: ['balance', 'order'] })
    expect(await call(docket.node.url!, { key, action: 'balance' })).toHaveProperty('balance')
    expect(await call(docket.node.url!, order(key))).toHaveProperty('order')
    expect(await call(docket.node.url!, { key, action: 'status', order: 1 })).toEqual(refused.action)
    const { account } = await limitedKey({ scopes: ['read', 'everything'] })
    expect((await listKeys(docket.db, account)).at(-1)!.scopes).toBeNull()
  })

  test('a key without limits is none the dearer', async () => {
    const { key } = await docket.account()
    await call(docket.node.url!, { key, action: 'balance' })
    for (const [parameters, count] of [[{ key, action: 'balance' }, 1], [order(key), 2], [{ key, action: 'services' }, 0]] as const) {
      const statements = await statementsOf(() => call(docket.node.url!, parameters))
      expect(statements.length).toBeLessThanOrEqual(count)
      for (const { text } of statements) expect(text).not.toMatch(/place_orders|key_spending/)
    } // prettier-ignore
  })

  test('a key works from its networks only', async () => {
    const { key } = await limitedKey({ addresses: ['203.0.113.0/24', '192.0.2.7', '2001:db8:1::/48'] })
    const inside = ['203.0.113.0', '203.0.113.255', '192.0.2.7', '::ffff:203.0.113.9', '2001:db8:1::1', '2001:db8:1:ffff::1']
    const outside = ['203.0.114.1', '192.0.2.8', '2001:db8:2::1', '::ffff:203.0.114.9', '::1', 'cb00:7100::']
    for (const url of urlsOf(docket)) {
      for (const address of inside) expect(await call(url, { key, action: 'balance' }, address)).toHaveProperty('balance')
      for (const address of outside) {
        for (const action of ['balance', 'services', 'status', 'add']) {
          expect({ address, answer: await call(url, { key, action, ...everyCall[action] }, address) }).toEqual({
            address,
            answer: refused.address,
          })
        }
      }
    }
    const stream = await fetch(`${docket.node.url}/api/v2/events`, {
      headers: { authorization: `Bearer ${key}`, 'x-forwarded-for': '::1' },
    })
    expect(stream.status).toBe(400)
    expect(await stream.json()).toMatchObject(refused.address)
  })

  test('an address that cannot be read is nobody’s', () => {
    const rights = rightsOf({ scopes: null, serviceIds: null, addresses: ['0.0.0.0/0'], expiresAt: null, capped: false })!
    checkRights(rights, 'balance', '203.0.113.1', docket.clock.now())
    for (const address of ['', 'unknown', '::1', '203.0.113.1, 10.0.0.1']) {
      expect(() => checkRights(rights, 'balance', address, docket.clock.now())).toThrow(refused.address.error)
    }
  })

  test('a key expires to the second', async () => {
    const expiresAt = new Date(docket.clock.now().getTime() + 3_600_000)
    const { key } = await limitedKey({ expiresAt })
    docket.clock.forward({ minutes: 59, seconds: 59 })
    for (const url of urlsOf(docket)) expect(await call(url, { key, action: 'balance' })).toHaveProperty('balance')
    docket.clock.forward({ seconds: 1 })
    for (const url of urlsOf(docket)) {
      for (const [action, parameters] of Object.entries(everyCall))
        expect(await call(url, { key, action, ...parameters })).toEqual(refused.expired)
    }
  })

  test('an open stream ends when its key expires', async () => {
    const { key } = await limitedKey({ expiresAt: new Date(docket.clock.now().getTime() + 60_000) })
    const streams = openStreams({ db: docket.db, now: docket.clock.now, checkKey: async () => {}, confirming: nothingToConfirm } as any, {
      perKey: 5,
      perNode: 5,
      beatMs: 5,
    })
    const caller = (await openCallers(docket.db, () => true, 10).find(key))!
    const written: string[] = []
    const response = {
      headersSent: true, writableNeedDrain: false, destroyed: false, destroy() {}, on() {}, writeHead() {},
      write: (text: string) => void written.push(text), end: (done: () => void) => done(),
    } // prettier-ignore
    await streams.open(caller, '0-0', { raw: response, hijack() {}, request: { id: 'x' } } as any)
    docket.clock.forward({ minutes: 1 })
    await vi.waitFor(() => expect(written.join('')).toContain(`event: closed\ndata: ${JSON.stringify(refused.expired)}`), {
      timeout: 300_000,
      interval: 5,
    })
    streams.end()
  })

  test('a key orders its services only, and sees no others', async () => {
    const other = await onSale(docket)
    const { key, whole } = await limitedKey({ serviceIds: [service] })
    for (const url of urlsOf(docket)) {
      expect(await call(url, order(key))).toHaveProperty('order')
      for (const action of ['add', 'quote']) expect(await call(url, { ...order(key, { service: other }), action })).toEqual(refused.service)
      for (const extended of [undefined, 1]) {
        expect((await call(url, { key, action: 'services', extended })).map((each: { service: number }) => each.service)).toEqual([service])
        expect((await call(url, { key: whole, action: 'services', extended })).length).toBeGreaterThan(1)
      }
    }
    expect(await call(docket.node.url!, order(key, { service: 99_999 }))).toEqual({ error: 'Incorrect service ID' })
  })

  test('changed limits hold on every node', async () => {
    const { key, id } = await limitedKey({})
    for (const url of urlsOf(docket)) expect(await call(url, { key, action: 'balance' })).toHaveProperty('balance')
    await limit(id, { scopes: ['services'] })
    for (const url of urlsOf(docket)) {
      await vi.waitFor(async () => expect(await call(url, { key, action: 'balance' })).toEqual(refused.action), {
        timeout: 300_000,
        interval: 5,
      })
    }
    await limit(id, {})
    for (const url of urlsOf(docket)) {
      await vi.waitFor(async () => expect(await call(url, { key, action: 'balance' })).toHaveProperty('balance'), {
        timeout: 300_000,
        interval: 5,
      })
    }
  })

  test('limits that cannot be meant are refused, and make no key', async () => {
    const { account } = await docket.account()
    const wrong: [Partial<KeyLimits>, string][] = [
      [{ scopes: [] }, 'unknown_scope'],
      [{ scopes: ['read', 'write'] }, 'unknown_scope'],
      [{ scopes: ['constructor'] }, 'unknown_scope'],
      [{ dailyCap: 0n }, 'incorrect_daily_cap'],
      [{ dailyCap: -1n }, 'incorrect_daily_cap'],
      [{ serviceIds: [] }, 'incorrect_services'],
      [{ serviceIds: [service, 99_999] }, 'no_such_service'],
      [{ expiresAt: docket.clock.now() }, 'expiry_is_past'],
      [{ expiresAt: new Date(Number.NaN) }, 'expiry_is_past'],
      ...[
        '',
        '203.0.113',
        '203.0.113.0/33',
        '203.0.113.0/-1',
        '0x7f.0.0.1',
        '2130706433',
        '010.0.0.1',
        '203.0.113.0/24/8',
        'example.com',
        '2001:db8::/129',
        'fe80::1%eth0',
      ].map((text): [Partial<KeyLimits>, string] => [{ addresses: [text] }, 'incorrect_network']),
      [{ addresses: [] }, 'incorrect_networks'],
    ]
    for (const [limits, code] of wrong) {
      const adding = async () =>
        addKey(docket.db, account, { test: false, label: '', limits: { ...NO_LIMITS, ...limits } }, docket.clock.now())
      await expect(adding()).rejects.toMatchObject({ code })
    }
    expect(await listKeys(docket.db, account)).toHaveLength(1)
    const { id } = await addKey(
      docket.db,
      account,
      {
        test: false,
        label: '',
        limits: { ...NO_LIMITS, addresses: ['203.0.113.77/24', '::ffff:192.0.2.1', '::ffff:10.0.0.0/104', '2001:DB8::7/32'] },
      },
      docket.clock.now(),
    )
    const stored = (await listKeys(docket.db, account)).find((key) => key.id === id)!
    expect(stored.addresses).toEqual(['203.0.113.0/24', '192.0.2.1/32', '10.0.0.0/8', '2001:db8::/32'])
  })
})

describe('the daily cap of a key', () => {
  const docket = openDocket()
  let second: Node
  let service: number

  beforeAll(async () => {
    second = await secondNode(docket)
    service = await onSale(docket)
  })
  afterAll(() => second.stop())

  async function cappedKey(cap: string, balance = '100', more: { test?: boolean } = {}) {
    const { account, key: whole } = await docket.account({ balance })
    const limits = { ...NO_LIMITS, dailyCap: parseUnits(cap) }
    return { account, whole, ...(await addKey(docket.db, account, { test: more.test === true, label: '', limits }, docket.clock.now())) }
  }

  async function call(docket: Docket, node: number, parameters: Parameters): Promise<any> {
    const urls = urlsOf(docket)
    return (await send(urls[node % urls.length]!, parameters)).json()
  }

  const order = (key: string, more: Parameters = {}) => ({
    key,
    action: 'add',
    service,
    link: 'https://example.com/p',
    quantity: 1000,
    ...more,
  })

  async function spentToday(account: number, id: number): Promise<bigint> {
    return (await listKeys(docket.db, account, docket.clock.now())).find((key) => key.id === id)!.spentToday
  }

  function counted(answers: readonly any[]) {
    const is = (text: string) => answers.filter((answer) => answer.error === text).length
    return { placed: answers.filter((answer) => answer.order).length, cap: is(refused.cap.error), funds: is(refused.funds.error) }
  }

  test('100 concurrent orders on a cap for exactly 10 are exactly 10, over two nodes', async () => {
    const { account, id, key } = await cappedKey('10')
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => call(docket, index, order(key, { link: `p${index}` }))))
    expect(counted(answers)).toEqual({ placed: 10, cap: 90, funds: 0 })
    expect(await spentToday(account, id)).toBe(parseUnits('10'))
    expect(await docket.balance(key)).toBe('90.00000')
  })

  test('a cap is met to the last unit, in orders of many sizes', async () => {
    const { account, id, key } = await cappedKey('5')
    const sizes = Array.from({ length: 60 }, (_, index) => 1 + ((index * 37) % 400))
    const answers = await Promise.all(sizes.map((quantity, index) => call(docket, index, order(key, { quantity, link: `s${index}` }))))
    const spent = sizes.filter((_, index) => answers[index].order).reduce((sum, size) => sum + BigInt(size) * 100n, 0n)
    expect(await spentToday(account, id)).toBe(spent)
    expect(spent).toBeLessThanOrEqual(500_000n)
    // Whoever was refused would have passed the cap.
    const smallest = Math.min(...sizes.filter((_, index) => !answers[index].order))
    expect(spent + BigInt(smallest) * 100n).toBeGreaterThan(500_000n)
    expect(await call(docket, 0, order(key, { quantity: Number((500_000n - spent) / 100n) }))).toHaveProperty('order')
    expect(await call(docket, 1, order(key, { quantity: 1 }))).toEqual(refused.cap)
  })

  test('beside a short wallet each order gets the refusal that is its own', async () => {
    // 20 orders by the capped key and 20 by the other, on a balance for 12: whatever their order, none is refused wrongly.
    for (let round = 0; round < 6; round += 1) {
      const { whole, key, account, id } = await cappedKey('5', '12')
      const [capped, free] = await Promise.all([
        Promise.all(Array.from({ length: 20 }, (_, index) => call(docket, index, order(key, { link: `c${index}` })))),
        Promise.all(Array.from({ length: 20 }, (_, index) => call(docket, index + 1, order(whole, { link: `f${index}` })))),
      ])
      const [one, other] = [counted(capped), counted(free)]
      expect(one.placed + other.placed).toBe(12)
      expect(one.placed).toBeLessThanOrEqual(5)
      expect(other.cap).toBe(0)
      if (one.placed < 5) expect(one.cap).toBe(0)
      expect(await spentToday(account, id)).toBe(BigInt(one.placed) * 100_000n)
      expect(await docket.balance(whole)).toBe('0.00000')
    }
  })

  test('a new day begins at midnight UTC, and a clock behind it counts into it', async () => {
    const { account, id, key } = await cappedKey('2')
    expect(await call(docket, 0, order(key, { quantity: 2000 }))).toHaveProperty('order')
    expect(await call(docket, 0, order(key, { quantity: 1 }))).toEqual(refused.cap)
    const untilMidnight = 86_400_000 - (docket.clock.now().getTime() % 86_400_000)
    docket.clock.forward({ seconds: untilMidnight / 1000 - 1 })
    expect(await call(docket, 0, order(key, { quantity: 1 }))).toEqual(refused.cap)
    docket.clock.forward({ seconds: 1 })
    expect(await spentToday(account, id)).toBe(0n)
    expect(await call(docket, 1, order(key, { quantity: 2000 }))).toHaveProperty('order')
    docket.clock.forward({ seconds: -2 })
    expect(await call(docket, 0, order(key, { quantity: 1 }))).toEqual(refused.cap)
    docket.clock.forward({ seconds: 2 })
    expect(await spentToday(account, id)).toBe(200_000n)
  })

  test('what is refused, refunded or repeated is not counted twice', async () => {
    const { account, id, key } = await cappedKey('3')
    const first = await call(docket, 0, order(key, { idempotency_key: 'one', quantity: 2000 }))
    expect(first).toHaveProperty('order')
    expect(await call(docket, 1, order(key, { service: 99_999 }))).toEqual({ error: 'Incorrect service ID' })
    for (let node = 0; node < 2; node += 1)
      expect(await call(docket, node, order(key, { idempotency_key: 'one', quantity: 2000 }))).toEqual(first)
    expect(await spentToday(account, id)).toBe(200_000n)
    await tell(docket, first.order, 'Canceled')
    expect(await docket.balance(key)).toBe('100.00000')
    expect(await call(docket, 0, order(key, { quantity: 2000 }))).toEqual(refused.cap)
    expect(await call(docket, 0, order(key))).toHaveProperty('order')
    // With the cap reached, the repetition of an order that was placed is still that order.
    expect(await call(docket, 1, order(key, { idempotency_key: 'one', quantity: 2000 }))).toEqual(first)
  })

  test('a quote tells what the add would be told', async () => {
    const { key } = await cappedKey('1')
    const quote = { ...order(key), action: 'quote' }
    expect(await call(docket, 0, quote)).toEqual({ charge: '1.00000', currency: 'USD' })
    expect(await call(docket, 0, { ...quote, quantity: 1001 })).toEqual(refused.cap)
    await call(docket, 0, order(key))
    expect(await call(docket, 1, { ...quote, quantity: 1 })).toEqual(refused.cap)
  })

  test('a drip-feed counts whole, and a subscription is not ordered by a key with a cap', async () => {
    const dripped = await onSale(docket, { dripfeed: true })
    const subscribed = await onSale(docket, { type: 'Subscriptions' })
    const { key, whole } = await cappedKey('5')
    expect(await call(docket, 0, order(key, { service: dripped, runs: 6, interval: 10 }))).toEqual(refused.cap)
    expect(await call(docket, 0, order(key, { service: dripped, runs: 5, interval: 10 }))).toHaveProperty('order')
    const subscription = { action: 'add', service: subscribed, username: 'anna', min: 10, max: 20, posts: 3, delay: 0 }
    expect(await call(docket, 0, { key, ...subscription })).toEqual({
      error: 'An API key with a daily spend limit cannot order subscriptions',
    })
    expect(await call(docket, 0, { key: whole, ...subscription })).toHaveProperty('order')
  })

  test('a cap that is set holds from its commit on, on nodes that have not heard of it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { account, key } = await docket.account({ balance: '1000' })
      const { id } = (await listKeys(docket.db, account))[0]!
      for (let node = 0; node < 2; node += 1) await call(docket, node, { key, action: 'balance' })
      const flood = Array.from({ length: 80 }, (_, index) => call(docket, index, order(key, { link: `h${index}` })))
      await changeCatalogue(docket.db, (tx) => setKeyLimits(tx, id, { ...NO_LIMITS, dailyCap: parseUnits('5') }, docket.clock.now()))
      const { rows } = await docket.db.query<{ lines: bigint }>('select lines from books where account_id = $1', [account])
      const late = await Promise.all(Array.from({ length: 40 }, (_, index) => call(docket, index, order(key, { link: `l${index}` }))))
      const early = await Promise.all(flood)
      expect(counted(late).placed + counted(late).cap).toBe(40)
      // Uncounted were at most those that were placed before the commit.
      const placed = counted(early).placed + counted(late).placed
      expect(placed).toBeLessThanOrEqual(Number(rows[0]!.lines) - 1 + 5)
      expect(await spentToday(account, id)).toBe(parseUnits('5'))
    }
  })

  test('a cap can be raised on the same day, and taken away', async () => {
    const { id, key } = await cappedKey('1')
    expect(await call(docket, 0, order(key))).toHaveProperty('order')
    expect(await call(docket, 1, order(key))).toEqual(refused.cap)
    await changeCatalogue(docket.db, (tx) => setKeyLimits(tx, id, { ...NO_LIMITS, dailyCap: parseUnits('2') }, docket.clock.now()))
    expect(await call(docket, 1, order(key))).toHaveProperty('order')
    expect(await call(docket, 0, order(key))).toEqual(refused.cap)
    await changeCatalogue(docket.db, (tx) => setKeyLimits(tx, id, NO_LIMITS, docket.clock.now()))
    expect(await call(docket, 0, order(key))).toHaveProperty('order')
  })

  test('keys of one account have caps of their own, and test money counts too', async () => {
    const one = await cappedKey('1')
    const other = await addKey(
      docket.db,
      one.account,
      { test: false, label: '', limits: { ...NO_LIMITS, dailyCap: 200_000n } },
      docket.clock.now(),
    )
    const answers = await Promise.all(
      [one.key, other.key, one.whole].flatMap((key) =>
        Array.from({ length: 8 }, (_, index) => call(docket, index, order(key, { link: `${key}${index}` }))),
      ),
    )
    expect(counted(answers.slice(0, 8)).placed).toBe(1)
    expect(counted(answers.slice(8, 16)).placed).toBe(2)
    expect(counted(answers.slice(16)).placed).toBe(8)
    const play = await cappedKey('1', '1', { test: true })
    expect(await call(docket, 0, order(play.key))).toHaveProperty('order')
    expect(await call(docket, 0, order(play.key))).toEqual(refused.cap)
  })
})
