import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { addKey } from '../../server/customers/keys.ts'
import { type Node } from '../../server/main.ts'
import { openDesk, send } from '../support/desk.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { secondNode, urlsOf } from '../support/second-node.ts'

describe('retries with a key', () => {
  const desk = openDesk()
  let second: Node

  beforeAll(async () => {
    second = await secondNode(desk)
  })
  afterAll(() => second.stop())

  test('H1 the same add in parallel is one order', async () => {
    const { key } = await desk.account()
    const add = { key, action: 'add', service: await onSale(desk), link: 'p', quantity: 1000, idempotency_key: 'k' }
    const answers = await Promise.all(Array.from({ length: 50 }, () => desk.call(add)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify({ order: answers[0].order })]))
    expect(await desk.balance(key)).toBe('99.00000')
  })

  test('H1 the same add in parallel on two nodes is one order', async () => {
    const { key } = await desk.account()
    const add = { key, action: 'add', service: await onSale(desk), link: 'p', quantity: 1000, idempotency_key: 'k' }
    const urls = urlsOf(desk)
    const answers = await Promise.all(Array.from({ length: 40 }, async (_, index) => (await send(urls[index % 2]!, add)).json()))
    expect(new Set(answers.map((answer: any) => answer.order)).size).toBe(1)
    expect(answers[0]).toEqual({ order: expect.any(Number) })
    expect(await desk.balance(key)).toBe('99.00000')
  })

  test('H1 the same answer after a day, a month, a year', async () => {
    const { key } = await desk.account()
    const add = { key, action: 'add', service: await onSale(desk), link: 'p', quantity: 1000, idempotency_key: 'k' }
    const first = await desk.call(add)
    for (const days of [1, 30, 365]) {
      desk.clock.forward({ days, seconds: 1 })
      expect(await desk.call(add)).toEqual(first)
    }
    expect(await desk.balance(key)).toBe('99.00000')
  })

  test('H1 the same answer whatever happened since', async () => {
    const { key, account } = await desk.account({ balance: '1' })
    const service = await onSale(desk, { one_active_link: true })
    const add = { key, action: 'add', service, link: 'p', quantity: 1000, idempotency_key: 'k', max_charge: '1' }
    const first = await desk.call(add)
    // The wallet is empty, the link is taken.
    expect(await desk.call(add)).toEqual(first)
    await change(desk, service, { rate: '5' })
    expect(await desk.call(add)).toEqual(first)
    await change(desk, service, { min: 5000, max: 9000 })
    expect(await desk.call(add)).toEqual(first)
    await change(desk, service, { state: 'disabled' })
    expect(await desk.call(add)).toEqual(first)
    await change(desk, service, { state: 'hidden' })
    expect(await desk.call(add)).toEqual(first)
    await tell(desk, first.order, 'Canceled')
    expect(await desk.call(add)).toEqual(first)
    // Another key of the account speaks for the same account.
    const { key: sibling } = await addKey(desk.db, account, { test: false, label: '' }, desk.clock.now())
    expect(await desk.call({ ...add, key: sibling })).toEqual(first)
    expect(await desk.balance(key)).toBe('1.00000')
  })

  test('H1 the same key with other parameters is refused', async () => {
    const { key } = await desk.account()
    const [service, another] = [await onSale(desk), await onSale(desk)]
    const add = { key, action: 'add', service, link: 'p', quantity: 1000, idempotency_key: 'k' }
    const first = await desk.call(add)
    const reused = { error: 'Idempotency key was used with other parameters' }
    for (const other of [
      { quantity: 1001 },
      { link: 'q' },
      { service: another },
      { runs: 2 },
      { max_charge: '5' },
      { quantity: 0 },
      { service: 999_999 },
    ]) {
      expect(await desk.call({ ...add, ...other })).toEqual(reused)
    }
    // What makes no order makes no difference.
    expect(await desk.call({ ...add, lang: 'sl', nonsense: 1, runs: '', price: 3 })).toEqual(first)
    expect(await desk.balance(key)).toBe('99.00000')
  })

  test('H1 in parallel, one key with two orders places one', async () => {
    const { key } = await desk.account()
    const add = { key, action: 'add', service: await onSale(desk), link: 'p', idempotency_key: 'k' }
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => desk.call({ ...add, quantity: index % 2 ? 1000 : 2000 })))
    const placedOnce = answers.filter((answer) => answer.order)
    expect(placedOnce).toHaveLength(10)
    expect(new Set(placedOnce.map((answer) => answer.order)).size).toBe(1)
    expect(answers.filter((answer) => answer.error === 'Idempotency key was used with other parameters')).toHaveLength(10)
  })

  test('H1 a refused add leaves its key free', async () => {
    const { key } = await desk.account({ balance: '0.5' })
    const service = await onSale(desk)
    const add = { key, action: 'add', service, link: 'p', idempotency_key: 'k' }
    expect(await desk.call({ ...add, quantity: 1000 })).toEqual({ error: 'Not enough funds on balance' })
    expect(await desk.call({ ...add, quantity: 0 })).toEqual({ error: 'Incorrect quantity' })
    expect(await desk.call({ ...add, quantity: 500 })).toEqual({ order: expect.any(Number) })
    expect(await desk.balance(key)).toBe('0.00000')
  })

  test('two accounts may use one key', async () => {
    const service = await onSale(desk)
    const [one, two] = [await desk.account(), await desk.account()]
    const add = { action: 'add', service, link: 'p', quantity: 1000, idempotency_key: 'shared' }
    const [first, other] = [await desk.call({ ...add, key: one.key }), await desk.call({ ...add, key: two.key })]
    expect(first.order).not.toBe(other.order)
  })

  test('a key has 1 to 255 characters', async () => {
    const { key } = await desk.account()
    const add = { key, action: 'add', service: await onSale(desk), link: 'p', quantity: 1 }
    const longest = '🎉'.repeat(127) + 'x'
    expect(await desk.call({ ...add, idempotency_key: longest })).toEqual(await desk.call({ ...add, idempotency_key: longest }))
    expect(await desk.call({ ...add, idempotency_key: `${longest}x` })).toEqual({ error: 'Incorrect request' })
    expect(await desk.balance(key)).toBe('99.99900')
  })

  test('without a key nothing is de-duplicated', async () => {
    const { key } = await desk.account()
    const add = { key, action: 'add', service: await onSale(desk), link: 'p', quantity: 1000 }
    const answers = await Promise.all(Array.from({ length: 10 }, () => desk.call(add)))
    expect(new Set(answers.map((answer) => answer.order)).size).toBe(10)
    expect(await desk.balance(key)).toBe('90.00000')
  })

  test('H1 a subscription and a drip-feed are repeated too', async () => {
    const { key } = await desk.account()
    const drip = {
      key,
      action: 'add',
      service: await onSale(desk, { dripfeed: true }),
      link: 'p',
      quantity: 1000,
      runs: 3,
      interval: 5,
      idempotency_key: 'd',
    }
    const subscription = {
      key,
      action: 'add',
      service: await onSale(desk, { type: 'Subscriptions' }),
      username: 'u',
      min: 1,
      max: 2,
      delay: 0,
      expiry: '02/03/2030',
      idempotency_key: 's',
    }
    for (const add of [drip, subscription]) expect(await desk.call(add)).toEqual(await desk.call(add))
    expect(await desk.balance(key)).toBe('97.00000')
    const { rows } = await desk.db.query(
      'select (select count(*) from drip_feeds) as drips, (select count(*) from subscriptions) as subscriptions',
    )
    expect(rows).toEqual([{ drips: 1n, subscriptions: 1n }])
    const last = await desk.call(subscription)
    desk.clock.forward({ days: 3650 })
    // The day of its expiry is over: refused if new, answered because it is not.
    expect(await desk.call(subscription)).toEqual(last)
  })
})

describe('repeats without a key', () => {
  const desk = openDesk()

  test('H2 the window answers the first order', async () => {
    const { key, account } = await desk.account()
    await changeCatalogue(desk.db, (tx) => setAccount(tx, account, { repeatWindowSeconds: 60 }))
    const add = { key, action: 'add', service: await onSale(desk), link: 'p', quantity: 1000 }
    const answers = await Promise.all(Array.from({ length: 10 }, () => desk.call(add)))
    expect(new Set(answers.map((answer) => answer.order)).size).toBe(1)
    desk.clock.forward({ seconds: 59 })
    expect(await desk.call(add)).toEqual(answers[0])
    expect(await desk.balance(key)).toBe('99.00000')
    desk.clock.forward({ seconds: 1 })
    const next = await desk.call(add)
    expect(next.order).toBeGreaterThan(answers[0].order)
    expect(await desk.call(add)).toEqual(next)
    expect(await desk.balance(key)).toBe('98.00000')
  })

  test('H2 what differs is another order', async () => {
    const { key, account } = await desk.account()
    await changeCatalogue(desk.db, (tx) => setAccount(tx, account, { repeatWindowSeconds: 60 }))
    const add = { key, action: 'add', service: await onSale(desk), link: 'p', quantity: 1000 }
    const first = await placed(desk, key, add)
    expect(await placed(desk, key, { ...add, quantity: 1001 })).not.toBe(first)
    expect(await placed(desk, key, { ...add, link: 'P' })).not.toBe(first)
    expect(await placed(desk, key, { ...add, idempotency_key: 'own' })).not.toBe(first)
    expect(await placed(desk, key, { ...add, unknown: 1 })).toBe(first)
  })

  test('H2 is off unless the account asks for it', async () => {
    const { key } = await desk.account()
    const add = { service: await onSale(desk), quantity: 1 }
    expect(await placed(desk, key, add)).not.toBe(await placed(desk, key, add))
  })
})
