import { randomBytes } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { startSupplierLoops } from '../../server/fulfilment/supplier-loops.ts'
import { checkTheyHaveIt, decide } from '../../server/fulfilment/decide.ts'
import { settleUnconfirmed } from '../../server/fulfilment/unconfirmed.ts'
import { listUndecided, readOrderSteps, tryNow } from '../../server/fulfilment/staff.ts'
import { acknowledgeAlert } from '../../server/loops/alerts.ts'
import { addSupplier, removeSupplier, setSupplier } from '../../server/suppliers/registry.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { openDocket } from '../support/docket.ts'
import { silent } from '../support/fulfilment.ts'
import { openPanels } from '../support/panels.ts'

const docket = openDocket()
const { panelWith } = openPanels(docket)

describe('one odd answer of a supplier', () => {
  test.each([
    ['an error for the whole list', true],
    ['an error in its own place', false],
  ])('%s stops none of the other ninety-nine, and is told until the order is read again', async (_, wholeList) => {
    const it = await panelWith(100)
    for (const order of it.fake.orders) Object.assign(order, { status: 'Completed', remains: 0 })
    const odd = it.theirs(41)
    const standing = { charge: '1', start_count: '0', status: 'Completed', remains: '0', currency: 'USD' }
    if (wholeList) it.fake.odd.set(odd, 'Order is in moderation')
    else {
      const told = Object.fromEntries(it.fake.orders.map(({ id }) => [id, standing as object]))
      it.fake.answer('status', { ...told, [odd]: { error: 'Order is in moderation' } })
    }
    await it.after({ seconds: 5 })
    await it.after({ seconds: 5 })
    expect((await it.statuses()).filter((status) => status === 'Completed')).toHaveLength(99)
    expect((await it.statuses())[41]).toBe('Pending')
    expect(await it.alerts()).toMatchObject([{ kind: 'answer unclear', order: BigInt(it.orders[41]!) }])
    expect((await it.alerts())[0]!.words).toContain('Order is in moderation')

    it.fake.odd.clear()
    it.fake.answer('status', { ...standing, [odd]: standing })
    await it.after({ minutes: 20 })
    expect((await it.statuses())[41]).toBe('Completed')
    expect(await it.alerts()).toEqual([])
  })

  test('is asked for again less and less often', async () => {
    const it = await panelWith(1)
    it.fake.answer('status', { error: 'Order is in moderation' })
    for (let turn = 0; turn < 10; turn += 1) await it.after({ minutes: 11 })
    const asked = it.fake.calls.length
    await it.after({ seconds: 30 })
    expect(it.fake.calls).toHaveLength(asked)
  })

  test.each([
    ['Incorrect order ID', { error: 'Incorrect order ID' }],
    ['an empty list', []],
  ])('%s for ever: the order stays, and staff hear of it after a few asks', async (_, answer) => {
    const it = await panelWith(1)
    it.fake.answer('status', answer)
    await it.after({ seconds: 5 })
    expect(await it.alerts()).toEqual([])
    for (let turn = 0; turn < 3; turn += 1) await it.after({ minutes: 2 })
    expect(await it.alerts()).toMatchObject([{ kind: 'order not known there', order: BigInt(it.orders[0]!) }])
    expect(await it.statuses()).toEqual(['Pending'])

    it.fake.answer('status', { charge: '1', start_count: '0', status: 'In progress', remains: '500', currency: 'USD' })
    await it.after({ minutes: 11 })
    expect(await it.alerts()).toEqual([])
    expect(await it.statuses()).toEqual(['In progress'])
  })

  test('more that remains than was ordered is shown as what was ordered, and told', async () => {
    const it = await panelWith(1)
    Object.assign(it.fake.orders[0]!, { status: 'In progress', remains: 999_999 })
    await it.after({ seconds: 5 })
    expect(await it.status(it.orders[0]!)).toMatchObject({ status: 'In progress', remains: '1000' })
    expect(await it.alerts()).toMatchObject([{ kind: 'remains above quantity', order: BigInt(it.orders[0]!) }])
    Object.assign(it.fake.orders[0]!, { remains: 10 })
    await it.after({ minutes: 5 })
    expect(await it.status(it.orders[0]!)).toMatchObject({ remains: '10' })
    expect(await it.alerts()).toEqual([])
  })

  test('a Partial with more left than was ordered pays nothing back until the supplier tells a possible number', async () => {
    const it = await panelWith(2)
    Object.assign(it.fake.orders[0]!, { status: 'Partial', remains: 999_999 })
    Object.assign(it.fake.orders[1]!, { status: 'Partial', remains: 250 })
    const before = await it.balance()
    await it.after({ seconds: 5 })
    expect(await it.statuses()).toEqual(['Pending', 'Partial'])
    expect(Number(await it.balance()) - Number(before)).toBeCloseTo(0.25, 5)
    expect(await it.alerts()).toMatchObject([{ kind: 'partial not believed', order: BigInt(it.orders[0]!) }])
    expect(await listUndecided(docket.db)).toContainEqual(expect.objectContaining({ order: BigInt(it.orders[0]!), state: 'attention' }))

    Object.assign(it.fake.orders[0]!, { remains: 400 })
    await it.after({ minutes: 5 })
    expect(await it.status(it.orders[0]!)).toMatchObject({ status: 'Partial', remains: '400' })
    expect(Number(await it.balance()) - Number(before)).toBeCloseTo(0.65, 5)
    expect(await it.alerts()).toEqual([])
  })

  test('or until a person decides how much remains, which is paid back once', async () => {
    const it = await panelWith(1)
    const before = await it.balance()
    Object.assign(it.fake.orders[0]!, { status: 'Partial', remains: 999_999 })
    await it.after({ seconds: 5 })
    const decided = (remains: bigint) => decide(docket.db, BigInt(it.orders[0]!), { they: 'did a part', remains }, docket.clock.now())
    await expect(decided(1001n)).rejects.toThrow('1001 cannot remain of 1000')
    expect(await decided(300n)).toBe('partial')
    expect(await decided(300n)).toBeUndefined()
    await it.after({ minutes: 5 })
    expect(await it.status(it.orders[0]!)).toMatchObject({ status: 'Partial', remains: '300' })
    expect(Number(await it.balance()) - Number(before)).toBeCloseTo(0.3, 5)
    expect(await it.alerts()).toEqual([])
  })

  test('another currency and numbers that nobody can read are told, once for all orders, until they are gone', async () => {
    const it = await panelWith(2)
    await it.after({ seconds: 5 })
    const standing = { charge: '1', start_count: '0', status: 'In progress', remains: '2,5', currency: 'EUR' }
    it.fake.answer('status', Object.fromEntries(it.fake.orders.map(({ id }) => [id, standing])))
    await it.after({ minutes: 1 })
    const alerts = await it.alerts()
    expect(alerts.map(({ kind }) => kind).toSorted()).toEqual(['another currency', 'numbers unreadable'])
    expect(alerts.map(({ words }) => words).join()).toMatch(/EUR.*before in USD|answered in USD before/)
    expect(alerts.map(({ words }) => words).join()).toContain('remains "2,5"')
    const right = { ...standing, remains: '2', currency: 'USD' }
    it.fake.answer('status', Object.fromEntries(it.fake.orders.map(({ id }) => [id, right])))
    await it.after({ minutes: 5 })
    expect(await it.alerts()).toEqual([])
  })

  test('Refunded says not how much: it is told and moves no money', async () => {
    const it = await panelWith(1)
    Object.assign(it.fake.orders[0]!, { status: 'Refunded' })
    await it.after({ seconds: 5 })
    expect(await it.alerts()).toMatchObject([{ kind: 'unknown status word', words: 'The supplier calls it "Refunded"' }])
    expect(await docket.balance(it.key)).toBe('999.00000')
  })
})

describe('our account at a supplier', () => {
  test('a wrong key is told as that, and not as a balance', async () => {
    const it = await panelWith(1)
    it.fake.answer('add', { error: 'Invalid API key' })
    await it.add('more')
    await it.work()
    expect((await it.alerts()).map(({ kind, words }) => [kind, words])).toEqual([['supplier refuses our key', 'Invalid API key']])
  })

  test('a status that is refused for the key is told as that', async () => {
    const it = await panelWith(1)
    it.fake.answer('status', { error: 'Invalid API key' })
    docket.clock.forward({ minutes: 1 })
    const staff = startSupplierLoops(
      { db: docket.db, now: docket.clock.now, log: silent, openPrices: () => undefined },
      await it.row(),
      it.supplier,
    )
    staff.wake(['poll'])
    await expect.poll(async () => (await it.alerts()).map(({ kind }) => kind)).toEqual(['supplier refuses our key'])
    await staff.stop()
  })

  test('a balance that was too low is forgotten with the first order that is taken', async () => {
    const it = await panelWith(1)
    it.fake.setFunds(1)
    await it.add('short')
    await it.work()
    expect((await it.alerts()).map(({ kind }) => kind)).toEqual(['supplier balance too low'])
    it.fake.setFunds(10)
    await it.after({ minutes: 6 })
    expect(it.fake.orders).toHaveLength(2)
    expect(await it.alerts()).toEqual([])
  })
})

describe('one id of a supplier for two orders', () => {
  test.each([false, true])('the second is parked and never accepted (its supplier keeps retry keys: %s)', async (keepsRetryKeys) => {
    const it = await panelWith(1, keepsRetryKeys)
    it.fake.answer('add', { order: Number(it.theirs(0)) })
    const second = await it.add('second')
    await it.work()
    Object.assign(it.fake.orders[0]!, { status: 'Completed', remains: 0 })
    await it.after({ minutes: 1 })
    await settleUnconfirmed(it.context)
    await it.after({ minutes: 10 })
    expect(await it.status(it.orders[0]!)).toMatchObject({ status: 'Completed' })
    expect(await it.status(second)).toMatchObject({ status: 'Pending' })
    expect(await it.alerts()).toMatchObject([{ kind: 'unconfirmed hand-off', order: BigInt(second), times: 1 }])
    expect((await it.alerts())[0]!.words).toContain(`our order ${it.orders[0]}`)
  })

  test('two orders that are handed over at once: one has it, one is parked', async () => {
    const it = await panelWith(0)
    it.fake.answer('add', { order: 4711 })
    const both = [await it.add('a'), await it.add('b')]
    await Promise.all([it.work(), it.work()])
    const { rows } = await docket.db.query<{ state: string }>(
      'select state from hand_offs where order_id = any($1::bigint[]) order by state',
      [both],
    )
    expect(rows.map(({ state }) => state)).toEqual(['sent', 'unconfirmed'])
  })
})

describe('an order of which a person says that the supplier has it', () => {
  /** One order at the panel that is ours, and one that was parked. */
  async function parked() {
    const it = await panelWith(1)
    it.fake.fail('lost reply')
    const order = await it.add('second')
    await it.work()
    const has = (reference: string) => checkTheyHaveIt(docket.db, BigInt(order), reference, async () => it.supplier)
    const decided = (reference: string) => decide(docket.db, BigInt(order), { they: 'have it', reference }, docket.clock.now())
    return { ...it, order, has, decided }
  }

  test('is not believed of an id that another order of ours has', async () => {
    const it = await parked()
    await expect(it.has(it.theirs(0))).rejects.toThrow(`is our order ${it.orders[0]}`)
    await expect(it.decided(it.theirs(0))).rejects.toThrow(`is our order ${it.orders[0]}`)
    expect(await it.status(it.order)).toMatchObject({ status: 'Pending' })
  })

  test('is not believed of an id that the supplier does not know', async () => {
    const it = await parked()
    await expect(it.has('999999')).rejects.toThrow('does not show an order 999999: it says "Incorrect order ID"')
  })

  test('is not believed where more remains than was ordered, or another link or quantity is told', async () => {
    const it = await parked()
    Object.assign(it.fake.orders[1]!, { remains: 5000 })
    await expect(it.has(it.theirs(1))).rejects.toThrow('5000 remain of it, and 1000 was ordered')
    it.fake.answer('status', { status: 'Pending', remains: '10', link: 'https://example.com/other', quantity: '10' })
    await expect(it.has(it.theirs(1))).rejects.toThrow(/its link is .*other.*its quantity is 10, and 1000 was ordered/)
  })

  test('is watched from then on, with what the supplier says of it; a wrong id is corrected while the order is open', async () => {
    const it = await parked()
    expect(await it.has(it.theirs(1))).toMatchObject({ status: 'Pending', remains: 1000n })
    const stranger = '424242'
    expect(await it.decided(stranger)).toBe('watched')
    for (let turn = 0; turn < 5; turn += 1) await it.after({ minutes: 2 })
    expect(await it.alerts()).toMatchObject([{ kind: 'order not known there', order: BigInt(it.order) }])

    expect(await it.decided(it.theirs(1))).toBe('watched')
    Object.assign(it.fake.orders[1]!, { status: 'Completed', remains: 0 })
    await it.after({ minutes: 2 })
    expect(await it.status(it.order)).toMatchObject({ status: 'Completed' })
    expect(await it.alerts()).toEqual([])
    expect(await it.decided(it.theirs(1))).toBeUndefined()
  })
})

describe('what staff can do', () => {
  test('orders that wait for a balance are tried at once', async () => {
    const it = await panelWith(1)
    it.fake.setFunds(1)
    await it.add('short')
    await it.work()
    it.fake.setFunds(10)
    await it.after({ seconds: 1 })
    expect(it.fake.orders).toHaveLength(1)
    expect(await tryNow(docket.db, (await it.row()).name, docket.clock.now())).toBe(1)
    await it.work()
    expect(it.fake.orders).toHaveLength(2)
  })

  test('an alert that was seen is closed, and opened again when the matter comes up again', async () => {
    const it = await panelWith(1)
    Object.assign(it.fake.orders[0]!, { status: 'Fail' })
    await it.after({ seconds: 5 })
    const [alert] = await it.alerts()
    expect(await acknowledgeAlert(docket.db, alert!.id, 'tester', docket.clock.now())).toBe(true)
    expect(await acknowledgeAlert(docket.db, alert!.id, 'tester', docket.clock.now())).toBe(false)
    expect(await it.alerts()).toEqual([])
    await it.after({ minutes: 5 })
    expect(await it.alerts()).toHaveLength(1)
  })

  test('why an order was refused and refunded can be read afterwards', async () => {
    const it = await panelWith(1)
    await docket.db.query(`update services set when_all_refuse = 'cancel'`)
    it.fake.answer('add', { error: 'Page is private' })
    const order = await it.add('private')
    await it.work()
    expect(await it.status(order)).toMatchObject({ status: 'Canceled' })
    expect((await readOrderSteps(docket.db, BigInt(order))).map(({ words }) => words)).toContain('Page is private')
  })

  test('a supplier with a wrong address is given the right one', async () => {
    const it = await panelWith(1)
    const secret = { seal: (text: string) => Buffer.from(text), open: (text: Buffer) => text.toString() }
    const { name } = await it.row()
    await setSupplier(docket.db, name, { url: 'https://right.example/api/v2', privateNetwork: false }, secret)
    expect(await it.row()).toMatchObject({ url: 'https://right.example/api/v2', privateNetwork: false })
    await expect(setSupplier(docket.db, name, { url: 'ftp://x' }, secret)).rejects.toThrow('needs the address of its API')
    await expect(removeSupplier(docket.db, name)).rejects.toThrow('has services or orders')
    const wrong = { name: 'never used', protocol: 'manual', url: null, key: null, privateNetwork: false, keepsRetryKeys: null } as const
    const id = await addSupplier(docket.db, wrong, secret)
    expect(await removeSupplier(docket.db, wrong.name)).toBe(id)
  })
})

test('a database whose orders share an id already is upgraded, and the oldest keeps the id', async () => {
  const name = `${inject('template')}_${randomBytes(4).toString('hex')}`
  await onServer(inject('serverUrl'), `create database "${name}"`)
  const url = withDatabase(inject('serverUrl'), name)
  await migrate(url, '0039-know-orders-by-more-than-their-id')
  const db = openPool(url, { size: 1, name: 'test', connectTimeoutMs: 300_000 })
  await db.query(`insert into hand_offs (order_id, supplier_id, reference, state, due_at)
    select n, 1, case when n < 4 then '77' else n::text end, 'sent', now() from generate_series(1, 5) n`)
  await migrate(url)
  const { rows } = await db.query<{ id: bigint }>('select order_id as id from hand_offs where not shares_reference order by 1')
  expect(rows.map(({ id }) => Number(id))).toEqual([1, 4, 5])
  await expect(db.query(`update hand_offs set reference = '77' where order_id = 5`)).rejects.toMatchObject({
    constraint: 'one_order_a_reference',
  })
  await db.end()
})
