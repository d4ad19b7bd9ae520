import { beforeAll, describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { startDueRuns } from '../../server/orders/drip-feeds.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { openDocket, type Parameters } from '../support/docket.ts'
import { catalogueIsHeard, change, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const docket = openDocket()

async function explained(key: string, order: number): Promise<any> {
  return (await docket.call({ key, action: 'status', order, explain: 1 })).explain
}

/** Each line that an explanation names is in the statement, with that hash. */
async function standsInStatement(key: string, explanation: any) {
  const { lines } = await docket.call({ key, action: 'ledger' })
  const booked = [explanation.charge, ...explanation.given_back].filter((one: any) => one.line !== null)
  for (const { line, hash, amount } of booked) {
    const found = lines.find((one: any) => one.line === line)
    expect({ hash: found.hash, amount: found.amount.replace('-', '') }).toEqual({ hash, amount })
  }
}

describe('the charge of an order is explained', () => {
  let key: string
  let account: number
  beforeAll(async () => {
    ;({ key, account } = await docket.account({ balance: '1000' }))
  })

  async function charged(entry: Record<string, unknown>, parameters: Parameters): Promise<any> {
    const order = await placed(docket, key, { service: await onSale(docket, entry), ...parameters })
    const explanation = await explained(key, order)
    await standsInStatement(key, explanation)
    expect(explanation).toMatchObject({ given_back: [], missed: [], kept: explanation.charge.amount })
    return explanation.charge
  }

  test('by the catalogue’s rate, as it was when it was ordered', async () => {
    const service = await onSale(docket, { rate: '0.90' })
    const order = await placed(docket, key, { service, quantity: 1000 })
    await change(docket, service, { rate: '7' })
    expect((await explained(key, order)).charge).toMatchObject({
      by: 'rate',
      rate: '0.90',
      rate_of: 'catalogue',
      per: '1000',
      quantity: '1000',
      runs: null,
      exact: '0.90',
      rounding: 'none',
      amount: '0.90000',
    })
  })

  test('rounded once, half up, and never to nothing', async () => {
    expect(await charged({ rate: '0.333' }, { quantity: 5 })).toMatchObject({ exact: '0.001665', rounding: 'up', amount: '0.00167' })
    expect(await charged({ rate: '0.333' }, { quantity: 4 })).toMatchObject({ exact: '0.001332', rounding: 'down', amount: '0.00133' })
    expect(await charged({ rate: '0.00007' }, { quantity: 10 })).toMatchObject({ exact: '0.0000007', rounding: 'least', amount: '0.00001' })
    expect(await charged({ rate: '0' }, { quantity: 10 })).toMatchObject({ exact: '0.00', rounding: 'none', amount: '0.00000', line: null })
  })

  test('by a custom rate, and by a discount', async () => {
    const service = await onSale(docket, { rate: '0.90' })
    await setCustomRate(service, '0.7125')
    expect((await explained(key, await placed(docket, key, { service, quantity: 1000 }))).charge).toMatchObject({
      rate: '0.7125',
      rate_of: 'custom',
      exact: '0.7125',
    })
    const other = await onSale(docket, { rate: '0.90' })
    await changeCatalogue(docket.db, (tx) => setAccount(tx, account, { discountBasisPoints: 750 }))
    await catalogueIsHeard(docket)
    const discounted = (await explained(key, await placed(docket, key, { service: other, quantity: 1000 }))).charge
    await changeCatalogue(docket.db, (tx) => setAccount(tx, account, { discountBasisPoints: 0 }))
    await catalogueIsHeard(docket)
    expect(discounted).toMatchObject({
      rate: '0.8325',
      rate_of: 'discount',
      catalogue_rate: '0.90',
      discount_percent: '7.5',
      exact: '0.8325',
    })
  })

  async function setCustomRate(service: number, rate: string) {
    await changeCatalogue(docket.db, (tx) =>
      tx.query('insert into custom_rates (account_id, service_id, rate) values ($1, $2, $3)', [account, service, rate]),
    )
    await catalogueIsHeard(docket)
  }

  test('of a package, at the rate itself', async () => {
    expect(await charged({ type: 'Package', rate: '8.5' }, {})).toMatchObject({ per: '1', quantity: '1', exact: '8.50', amount: '8.50000' })
  })

  test('of a drip-feed, quantity × runs; its runs are paid with it', async () => {
    const service = await onSale(docket, { rate: '0.333', dripfeed: true })
    await change(docket, service, { supplier: 'simulated' })
    const order = await placed(docket, key, { service, quantity: 7, runs: 3, interval: 5 })
    expect((await explained(key, order)).charge).toMatchObject({ quantity: '21', runs: '3', exact: '0.006993', amount: '0.00699' })
    await startDueRuns(docket.db, docket.clock.now())
    const run = (await docket.call({ key, action: 'status', order })).orders[0]
    expect((await explained(key, run)).charge).toEqual({ by: 'parent', order, amount: '0.00000', line: null, hash: null })
  })

  test('of a subscription, which costs nothing itself', async () => {
    const service = await onSale(docket, { type: 'Subscriptions', rate: '1' })
    const { order } = await docket.call({ key, action: 'add', service, username: 'anna', min: 10, max: 20, posts: 3, delay: 0 })
    expect((await explained(key, order)).charge).toMatchObject({ by: 'posts', amount: '0.00000', line: null })
  })

  test('what does not compute to what was booked is unknown, not guessed', async () => {
    const order = await placed(docket, key, { service: await onSale(docket, { rate: '0.90' }), quantity: 1000 })
    const client = await docket.db.connect()
    const as = async (rate: string, source: string | null) => {
      // Orders that came from elsewhere: the guard is set aside for this connection only.
      await client.query('set session_replication_role = replica')
      await client.query('update orders set rate = $2, rate_source = $3 where id = $1', [order, rate, source])
      await client.query('reset session_replication_role')
    }
    try {
      await as('0.95', null)
      expect((await explained(key, order)).charge).toMatchObject({ by: 'unknown', rate: '0.95', amount: '0.90000' })
      await as('0.90', 'by another docket')
      expect((await explained(key, order)).charge).toMatchObject({ by: 'rate', rate_of: 'unknown' })
    } finally {
      await as('0.90', null)
      client.release()
    }
  })

  test('to its own account only, and for one order at a time', async () => {
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 10, idempotency_key: 'mine' })
    const other = await docket.account()
    expect(await docket.call({ key: other.key, action: 'status', order, explain: 1 })).toEqual({ error: 'Incorrect order ID' })
    expect((await docket.call({ key, action: 'status', orders: `${order}`, explain: 1 }))[order].explain).toBeUndefined()
    expect(await docket.call({ key, action: 'status', idempotency_key: 'mine', explain: 1 })).toMatchObject({
      order,
      explain: { kept: '0.01000' },
    })
  })
})

describe('what was given back is explained', () => {
  async function shop(entry: Record<string, unknown>) {
    const { key } = await docket.account({ balance: '10' })
    const service = await onSale(docket, { rate: '1', cancel: true, ...entry })
    return { key, service, add: (quantity = 1000) => placed(docket, key, { service, quantity }) }
  }

  test('a partial: remains ÷ quantity × charge, and what was delivered', async () => {
    const { key, add } = await shop({ rate: '0.1' })
    const order = await add(7)
    await tell(docket, order, 'Partial', { remains: 2 })
    const explanation = await explained(key, order)
    expect(explanation.given_back).toEqual([
      expect.objectContaining({
        cause: 'refund',
        by: 'partial',
        remains: '2',
        delivered: '5',
        quantity: '7',
        exact: '0.0002',
        rounding: 'none',
        limited: false,
        amount: '0.00020',
      }),
    ])
    expect(explanation.kept).toBe('0.00050')
    await standsInStatement(key, explanation)
    const odd = await add(7)
    await tell(docket, odd, 'Partial', { remains: 9 })
    expect((await explained(key, odd)).given_back[0]).toMatchObject({ remains: '7', delivered: '0', amount: '0.00070' })
  })

  test('an amount that does not end is cut, and says so', async () => {
    const { key, add } = await shop({ rate: '3.3334' })
    const order = await add(3)
    await tell(docket, order, 'Partial', { remains: 1 })
    expect((await explained(key, order)).given_back[0]).toMatchObject({ exact: '0.003333333333…', rounding: 'down', amount: '0.00333' })
  })

  test('a cancel: all of it', async () => {
    const { key, add } = await shop({})
    const order = await add()
    await docket.call({ key, action: 'cancel', orders: order })
    const explanation = await explained(key, order)
    expect(explanation).toMatchObject({ given_back: [{ cause: 'refund', by: 'canceled', amount: '1.00000' }], kept: '0.00000' })
    await standsInStatement(key, explanation)
  })

  test('a compensation: which promise, how late, its share; a refund after it is of what was left', async () => {
    const { key, add } = await shop({ finish_within: 60, when_missed: 'compensate', compensation_basis_points: 3333 })
    const order = await add(1001)
    const due = new Date(docket.clock.now().getTime() + 3_600_000)
    docket.clock.forward({ minutes: 90 })
    await workPromises(docket.db, docket.clock.now)
    docket.clock.forward({ minutes: 2 })
    await workPromises(docket.db, docket.clock.now)
    const before = await explained(key, order)
    expect(before.given_back).toEqual([
      expect.objectContaining({
        cause: 'compensation',
        by: 'promise',
        promise: 'finish',
        due: due.toISOString(),
        reached: null,
        when_missed: 'compensate',
        share_basis_points: 3333,
        exact: '0.3336333',
        rounding: 'down',
        limited: false,
        amount: '0.33363',
      }),
    ])
    docket.clock.forward({ minutes: 28 })
    const reached = docket.clock.now().toISOString()
    await tell(docket, order, 'Partial', { remains: 1001 })
    const after = await explained(key, order)
    expect(after.given_back).toEqual([
      expect.objectContaining({ by: 'promise', reached }),
      expect.objectContaining({ by: 'partial', exact: '1.001', limited: true, amount: '0.66737' }),
    ])
    expect(after.kept).toBe('0.00000')
    await standsInStatement(key, after)
  })

  test('a promise that was missed and cancelled the order is told, too', async () => {
    const { key, add } = await shop({ start_within: 30, when_missed: 'cancel' })
    const order = await add()
    docket.clock.forward({ minutes: 31 })
    await workPromises(docket.db, docket.clock.now)
    expect(await explained(key, order)).toMatchObject({
      given_back: [{ by: 'canceled', amount: '1.00000' }],
      missed: [{ promise: 'start', reached: null, when_missed: 'cancel' }],
      kept: '0.00000',
    })
  })
})
