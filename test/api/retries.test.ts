import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { addKey } from '../../server/customers/keys.ts'
import { type Node } from '../../server/main.ts'
import { openDocket, send } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { secondNode, urlsOf } from '../support/second-node.ts'

describe('retries with a key', () => {
  const docket = openDocket()
  let second: Node

  beforeAll(async () => {
    second = await secondNode(docket)
  })
  afterAll(() => second.stop())

  test('H1 the same add in parallel is one order', async () => {
    const { key } = await docket.account()
    const add = { key, action: 'add', service: await onSale(docket), link: 'p', quantity: 1000, idempotency_key: 'k' }
    const answers = await Promise.all(Array.from({ length: 50 }, () => docket.call(add)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify({ order: answers[0].order })]))
    expect(await docket.balance(key)).toBe('99.00000')
  })

  test('H1 the same add in parallel on two nodes is one order', async () => {
    const { key } = await docket.account()
    const add = { key, action: 'add', service: await onSale(docket), link: 'p', quantity: 1000, idempotency_key: 'k' }
    const urls = urlsOf(docket)
    const answers = await Promise.all(Array.from({ length: 40 }, async (_, index) => (await send(urls[index % 2]!, add)).json()))
    expect(new Set(answers.map((answer: any) => answer.order)).size).toBe(1)
    expect(answers[0]).toEqual({ order: expect.any(Number) })
    expect(await docket.balance(key)).toBe('99.00000')
  })

  test('H1 the same answer after a day, a month, a year', async () => {
    const { key } = await docket.account()
    const add = { key, action: 'add', service: await onSale(docket), link: 'p', quantity: 1000, idempotency_key: 'k' }
    const first = await docket.call(add)
    for (const days of [1, 30, 365]) {
      docket.clock.forward({ days, seconds: 1 })
      expect(await docket.call(add)).toEqual(first)
    }
    expect(await docket.balance(key)).toBe('99.00000')
  })

  test('H1 the same answer whatever happened since', async () => {
    const { key, account } = await docket.account({ balance: '1' })
    const service = await onSale(docket, { one_active_link: true })
    const add = { key, action: 'add', service, link: 'p', quantity: 1000, idempotency_key: 'k', max_charge: '1' }
    const first = await docket.call(add)
    // The wallet is empty, the link is taken.
    expect(await docket.call(add)).toEqual(first)
    await change(docket, service, { rate: '5' })
    expect(await docket.call(add)).toEqual(first)
    await change(docket, service, { min: 5000, max: 9000 })
    expect(await docket.call(add)).toEqual(first)
    await change(docket, service, { state: 'disabled' })
    expect(await docket.call(add)).toEqual(first)
    await change(docket, service, { state: 'hidden' })
    expect(await docket.call(add)).toEqual(first)
    await tell(docket, first.order, 'Canceled')
    expect(await docket.call(add)).toEqual(first)
    // Another key of the account speaks for the same account.
    const { key: sibling } = await addKey(docket.db, account, { test: false, label: '' }, docket.clock.now())
    expect(await docket.call({ ...add, key: sibling })).toEqual(first)
    expect(await docket.balance(key)).toBe('1.00000')
  })

  test('H1 the same key with other parameters is refused', async () => {
    const { key } = await docket.account()
    const [service, another] = [await onSale(docket), await onSale(docket)]
    const add = { key, action: 'add', service, link: 'p', quantity: 1000, idempotency_key: 'k' }
    const first = await docket.call(add)
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
      expect(await docket.call({ ...add, ...other })).toEqual(reused)
    }
    // What makes no order makes no difference.
    expect(await docket.call({ ...add, lang: 'sl', nonsense: 1, runs: '', price: 3 })).toEqual(first)
    expect(await docket.balance(key)).toBe('99.00000')
  })

  test('H1 in parallel, one key with two orders places one', async () => {
    const { key } = await docket.account()
    const add = { key, action: 'add', service: await onSale(docket), link: 'p', idempotency_key: 'k' }
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => docket.call({ ...add, quantity: index % 2 ? 1000 : 2000 })))
    const placedOnce = answers.filter((answer) => answer.order)
    expect(placedOnce).toHaveLength(10)
    expect(new Set(placedOnce.map((answer) => answer.order)).size).toBe(1)
    expect(answers.filter((answer) => answer.error === 'Idempotency key was used with other parameters')).toHaveLength(10)
  })

  test('H1 a refused add leaves its key free', async () => {
    const { key } = await docket.account({ balance: '0.5' })
    const service = await onSale(docket)
    const add = { key, action: 'add', service, link: 'p', idempotency_key: 'k' }
    expect(await docket.call({ ...add, quantity: 1000 })).toEqual({ error: 'Not enough funds on balance' })
    expect(await docket.call({ ...add, quantity: 0 })).toEqual({ error: 'Incorrect quantity' })
    expect(await docket.call({ ...add, quantity: 500 })).toEqual({ order: expect.any(Number) })
    expect(await docket.balance(key)).toBe('0.00000')
  })

  test('two accounts may use one key', async () => {
    const service = await onSale(docket)
    const [one, two] = [await docket.account(), await docket.account()]
    const add = { action: 'add', service, link: 'p', quantity: 1000, idempotency_key: 'shared' }
    const [first, other] = [await docket.call({ ...add, key: one.key }), await docket.call({ ...add, key: two.key })]
    expect(first.order).not.toBe(other.order)
  })

  test('a key has 1 to 255 characters', async () => {
    const { key } = await docket.account()
    const add = { key, action: 'add', service: await onSale(docket), link: 'p', quantity: 1 }
    const longest = '🎉'.repeat(127) + 'x'
    expect(await docket.call({ ...add, idempotency_key: longest })).toEqual(await docket.call({ ...add, idempotency_key: longest }))
    expect(await docket.call({ ...add, idempotency_key: `${longest}x` })).toEqual({ error: 'Incorrect request' })
    expect(await docket.balance(key)).toBe('99.99900')
  })

  test('without a key nothing is de-duplicated', async () => {
    const { key } = await docket.account()
    const add = { key, action: 'add', service: await onSale(docket), link: 'p', quantity: 1000 }
    const answers = await Promise.all(Array.from({ length: 10 }, () => docket.call(add)))
    expect(new Set(answers.map((answer) => answer.order)).size).toBe(10)
    expect(await docket.balance(key)).toBe('90.00000')
  })

  test('H1 a subscription and a drip-feed are repeated too', async () => {
    const { key } = await docket.account()
    const drip = {
      key,
      action: 'add',
      service: await onSale(docket, { dripfeed: true }),
      link: 'p',
      quantity: 1000,
      runs: 3,
      interval: 5,
      idempotency_key: 'd',
    }
    const subscription = {
      key,
      action: 'add',
      service: await onSale(docket, { type: 'Subscriptions' }),
      username: 'u',
      min: 1,
      max: 2,
      delay: 0,
      expiry: '02/03/2030',
      idempotency_key: 's',
    }
    for (const add of [drip, subscription]) expect(await docket.call(add)).toEqual(await docket.call(add))
    expect(await docket.balance(key)).toBe('97.00000')
    const { rows } = await docket.db.query(
      'select (select count(*) from drip_feeds) as drips, (select count(*) from subscriptions) as subscriptions',
    )
    expect(rows).toEqual([{ drips: 1n, subscriptions: 1n }])
    const last = await docket.call(subscription)
    docket.clock.forward({ days: 3650 })
    // The day of its expiry is over: refused if new, answered because it is not.
    expect(await docket.call(subscription)).toEqual(last)
  })
})

describe('repeats without a key', () => {
  const docket = openDocket()

  test('H2 the window answers the first order', async () => {
    const { key, account } = await docket.account()
    await changeCatalogue(docket.db, (tx) => setAccount(tx, account, { repeatWindowSeconds: 60 }))
    const add = { key, action: 'add', service: await onSale(docket), link: 'p', quantity: 1000 }
    const answers = await Promise.all(Array.from({ length: 10 }, () => docket.call(add)))
    expect(new Set(answers.map((answer) => answer.order)).size).toBe(1)
    docket.clock.forward({ seconds: 59 })
    expect(await docket.call(add)).toEqual(answers[0])
    expect(await docket.balance(key)).toBe('99.00000')
    docket.clock.forward({ seconds: 1 })
    const next = await docket.call(add)
    expect(next.order).toBeGreaterThan(answers[0].order)
    expect(await docket.call(add)).toEqual(next)
    expect(await docket.balance(key)).toBe('98.00000')
  })

  test('H2 what differs is another order', async () => {
    const { key, account } = await docket.account()
    await changeCatalogue(docket.db, (tx) => setAccount(tx, account, { repeatWindowSeconds: 60 }))
    const add = { key, action: 'add', service: await onSale(docket), link: 'p', quantity: 1000 }
    const first = await placed(docket, key, add)
    expect(await placed(docket, key, { ...add, quantity: 1001 })).not.toBe(first)
    expect(await placed(docket, key, { ...add, link: 'P' })).not.toBe(first)
    expect(await placed(docket, key, { ...add, idempotency_key: 'own' })).not.toBe(first)
    expect(await placed(docket, key, { ...add, unknown: 1 })).toBe(first)
  })

  test('H2 is off unless the account asks for it', async () => {
    const { key } = await docket.account()
    const add = { service: await onSale(docket), quantity: 1 }
    expect(await placed(docket, key, add)).not.toBe(await placed(docket, key, add))
  })
})
