import { describe, expect, test } from 'vitest'
import { handOffRefills, pollRefills } from '../../server/fulfilment/refills.ts'
import { readOrderSteps } from '../../server/fulfilment/staff.ts'
import { supplierTry } from '../../server/acts/supplier-try.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import type { FaultName } from '../support/fake-supplier.ts'
import { openPanels } from '../support/panels.ts'

const docket = openDocket()
const { panelWith } = openPanels(docket)
type Panel = Awaited<ReturnType<typeof panelWith>>

const standing = { charge: '1', start_count: '0', status: 'Completed', remains: '0', currency: 'USD' }

/** All but the first are completed there, and one look later here. */
async function othersAreCompleted(it: Panel): Promise<void> {
  for (const order of it.fake.orders.slice(1)) Object.assign(order, { status: 'Completed', remains: 0 })
  await it.after({ seconds: 5 })
  expect((await it.statuses()).slice(1).every((status) => status === 'Completed')).toBe(true)
}

describe('a list of statuses that is refused because of one order', () => {
  test.each([
    'Order is in moderation',
    'Order is suspended',
    'You have no permission for this order',
    'Access denied',
    'Your account is suspended',
    'Something went wrong',
    'Please try again later',
  ])('with "%s": the others are settled, and staff read the words', async (words) => {
    const it = await panelWith(12)
    it.fake.odd.set(it.theirs(0), words)
    await othersAreCompleted(it)
    expect((await it.statuses())[0]).toBe('Pending')
    expect(await it.alerts()).toMatchObject([{ kind: 'answer unclear', order: BigInt(it.orders[0]!) }])
    expect((await it.alerts())[0]!.words).toContain(words)
  })

  test.each<FaultName>(['empty 500', 'bad gateway', '500 with an error', 'warning before the JSON', 'garbage', 'forbidden page'])(
    'by a panel that breaks at it ("%s"): the others are settled, and staff are told',
    async (fault) => {
      const it = await panelWith(12)
      it.fake.breaksAt.set(it.theirs(0), fault)
      await othersAreCompleted(it)
      expect(await it.alerts()).toMatchObject([{ kind: 'answer unclear', order: BigInt(it.orders[0]!) }])

      it.fake.breaksAt.clear()
      Object.assign(it.fake.orders[0]!, { status: 'Completed', remains: 0 })
      await it.after({ minutes: 20 })
      expect((await it.statuses())[0]).toBe('Completed')
      expect(await it.alerts()).toEqual([])
    },
  )
})

describe('an odd value of one order stops no other, and moves no money', () => {
  const odd: readonly [string, unknown, string | undefined][] = [
    ['a word of nobody', { ...standing, status: 'Teleported' }, 'unknown status word'],
    ['the word of a subscription that is over', { ...standing, status: 'Expired' }, 'unknown status word'],
    ['the word of a subscription that goes on', { ...standing, status: 'Active' }, 'unknown status word'],
    ['a Partial with less than nothing left', { ...standing, status: 'Partial', remains: '-5' }, 'partial not believed'],
    ['a Partial without remains', { ...standing, status: 'Partial', remains: null }, 'unknown status word'],
    ['more left than any number', { ...standing, status: 'Partial', remains: '9'.repeat(60) }, 'numbers unreadable'],
    ['a charge of nonsense', { ...standing, status: 'In progress', remains: '1000', charge: '1.2.3' }, 'numbers unreadable'],
    ['an object for a status', { ...standing, status: { name: 'Completed' } }, 'answer unclear'],
    ['characters that no database takes', { ...standing, status: 'Odd\u0000\ud800' }, 'unknown status word'],
    ['a number', 7, 'answer unclear'],
    ['a list', [1], 'answer unclear'],
  ]
  test.each(odd)('%s', async (_, value, alert) => {
    const it = await panelWith(3)
    const before = await it.balance()
    it.fake.answer('status', { [it.theirs(0)]: value, [it.theirs(1)]: standing, [it.theirs(2)]: standing })
    await it.after({ seconds: 5 })
    expect((await it.statuses()).slice(1)).toEqual(['Completed', 'Completed'])
    expect(['Pending', 'In progress']).toContain((await it.statuses())[0])
    expect(await it.balance()).toBe(before)
    expect((await it.alerts()).map(({ kind }) => kind)).toContain(alert)
  })

  test('more delivered than ordered is no fault', async () => {
    const it = await panelWith(1)
    Object.assign(it.fake.orders[0]!, { status: 'Completed', remains: -50 })
    await it.after({ seconds: 5 })
    expect(await it.status(it.orders[0]!)).toMatchObject({ status: 'Completed', remains: '-50' })
    expect(await it.alerts()).toEqual([])
  })

  test('news that the database refuses of one order are told, and those of the others are booked', async () => {
    const it = await panelWith(3)
    await docket.db.query(`create function refuse_this_order() returns trigger language plpgsql as $$
      begin raise exception 'this order cannot be booked'; end $$`)
    await docket.db.query(`create trigger refuse_this_order before update on orders for each row
      when (new.id = ${it.orders[0]!} and new.status = 'Completed') execute function refuse_this_order()`)
    for (const order of it.fake.orders) Object.assign(order, { status: 'Completed', remains: 0 })
    await it.after({ seconds: 5 })
    expect(await it.statuses()).toEqual(['Pending', 'Completed', 'Completed'])
    expect(await it.alerts()).toMatchObject([{ kind: 'answer unclear', order: BigInt(it.orders[0]!) }])
    expect((await it.alerts())[0]!.words).toContain('this order cannot be booked')

    await docket.db.query('drop trigger refuse_this_order on orders')
    await it.after({ minutes: 20 })
    expect(await it.statuses()).toEqual(['Completed', 'Completed', 'Completed'])
    expect(await it.alerts()).toEqual([])
  })
})

describe('cancels', () => {
  const cancelAll = async (it: Panel) => {
    await docket.call({ key: it.key, action: 'cancel', orders: it.orders.join(',') })
    await it.after({ minutes: 5 })
  }
  const words = async (order: number) => (await readOrderSteps(docket.db, BigInt(order))).map((step) => step.words)

  test('a list that is refused because of one order: the others are cancelled, and its refusal is kept', async () => {
    const it = await panelWith(8)
    it.fake.odd.set(it.theirs(0), 'Order is in moderation')
    await cancelAll(it)
    expect(it.fake.orders.map(({ status }) => status)).toEqual(['Pending', ...Array.from({ length: 7 }, () => 'Canceled')])
    expect(await words(it.orders[0]!)).toContain('cancel refused: Order is in moderation')
    for (const order of it.orders.slice(1)) expect((await words(order)).join()).not.toContain('refused')
  })

  test.each(['Invalid API key', 'Too many requests'])('"%s" refuses no cancel: it is asked again until it is answered', async (said) => {
    const it = await panelWith(2)
    it.fake.keepFailing(said === 'Invalid API key' ? 'quotes the key' : 'too many requests, as 200', 'cancel')
    await cancelAll(it)
    for (const order of it.orders) expect((await words(order)).join()).not.toContain('refused')
    const isKey = said === 'Invalid API key'
    expect((await it.alerts()).map(({ kind }) => kind)).toEqual(isKey ? ['supplier refuses our key'] : [])

    it.fake.keepFailing(undefined, 'cancel')
    await it.after({ minutes: 5 })
    expect(it.fake.orders.map(({ status }) => status)).toEqual(['Canceled', 'Canceled'])
    expect(await it.alerts()).toEqual([])
  })

  test('one that is answered in words that nobody can act on is told to staff, until it is taken', async () => {
    const it = await panelWith(2)
    it.fake.answer('cancel', { error: 'Something went wrong' })
    await cancelAll(it)
    const alerts = await it.alerts()
    expect(new Set(alerts.map(({ order }) => Number(order)))).toEqual(new Set(it.orders))
    expect(new Set(alerts.map(({ kind }) => kind))).toEqual(new Set(['answer unclear']))
    it.fake.answer('cancel', it.fake.orders.map(({ id }) => ({ order: id, cancel: 1 }))) // prettier-ignore
    await it.after({ minutes: 5 })
    expect(await it.alerts()).toEqual([])
  })
})

describe('refills', () => {
  /** Orders that are completed, each with a refill that the panel has taken. */
  async function refilled(count: number) {
    const it = await panelWith(count)
    for (const order of it.fake.orders) Object.assign(order, { status: 'Completed', remains: 0 })
    await it.after({ seconds: 5 })
    const ask = () => docket.call({ key: it.key, action: 'refill', orders: it.orders.join(',') })
    const statuses = async (): Promise<string[]> => {
      const { rows } = await docket.db.query<{ status: string }>(
        'select status::text from refills where order_id = any($1::bigint[]) order by order_id',
        [it.orders],
      )
      return rows.map(({ status }) => status)
    }
    const look = async (minutes: number) => {
      docket.clock.forward({ minutes })
      await handOffRefills(it.context)
      await pollRefills(it.context)
    }
    return { ...it, ask, statuses, look }
  }

  test('a list that is refused because of one: the others are settled, it is told, and asked for less and less often', async () => {
    const it = await refilled(6)
    await it.ask()
    await handOffRefills(it.context)
    it.fake.odd.set(`1${it.theirs(0)}`, 'Refill is in moderation')
    await it.look(1)
    expect(await it.statuses()).toEqual(['Pending', ...Array.from({ length: 5 }, () => 'Completed')])
    expect(await it.alerts()).toMatchObject([{ kind: 'refill unclear', order: BigInt(it.orders[0]!) }])
    for (let turn = 0; turn < 9; turn += 1) await it.look(11)
    const asked = it.fake.calls.length
    await it.look(1)
    expect(it.fake.calls).toHaveLength(asked)

    it.fake.odd.clear()
    await it.look(11)
    expect((await it.statuses())[0]).toBe('Completed')
    expect(await it.alerts()).toEqual([])
  })

  test('a wrong key rejects no refill: it is told as that, and asked for again', async () => {
    const it = await refilled(1)
    it.fake.keepFailing('quotes the key', 'refill')
    await it.ask()
    await it.look(1)
    expect(await it.statuses()).toEqual(['Pending'])
    expect(await it.alerts()).toMatchObject([{ kind: 'supplier refuses our key', order: null }])
    it.fake.keepFailing(undefined, 'refill')
    await it.look(11)
    await it.look(11)
    expect(await it.statuses()).toEqual(['Completed'])
  })
})

describe('"docket supplier try"', () => {
  const tried = async (it: Panel) => {
    const { name } = await it.row()
    return run(houseOf(docket.db, docket.clock.now, { priceSource: async () => it.supplier }), supplierTry, { name })
  }

  test('tells a wrong key as that, and our balance where the key is right', async () => {
    const it = await panelWith(1)
    it.fake.answer('balance', { error: 'Invalid API key, your balance is not shown' })
    expect((await tried(it)).account).toEqual({ kind: 'key refused', words: 'Invalid API key, your balance is not shown' })
    expect((await it.alerts()).map(({ kind }) => kind)).toEqual(['supplier refuses our key'])

    it.fake.answer('balance', { balance: '12.50', currency: 'USD' })
    expect((await tried(it)).account).toEqual({ kind: 'taken', balance: '12.5', currency: 'USD' })
    expect(await it.alerts()).toEqual([])
  })

  test('tries the orders that wait also at a panel that tells no balance', async () => {
    const it = await panelWith(1)
    it.fake.setFunds(1)
    await it.add('short')
    await it.work()
    it.fake.keepFailing('lost reply', 'balance')
    expect(await tried(it)).toMatchObject({ tried: 1, account: { kind: 'no answer' } })
  })
})
