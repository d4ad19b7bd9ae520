import { afterEach, describe, expect, test } from 'vitest'
import { Docket, NoAnswer, type Options, PanelRefusal } from '../../sdk/src/index.ts'
import { type DialectName, dialects, type FakeSupplier, type FaultName, faults, openFakeSupplier } from '../support/fake-supplier.ts'

const order = { service: 1448, link: 'https://example.com/p', quantity: 1000 }

let panel: FakeSupplier
afterEach(() => panel.close())

async function open(dialect: DialectName, options: Partial<Options> = {}): Promise<Docket> {
  panel = await openFakeSupplier({ dialect })
  return new Docket({ url: panel.url, key: panel.key, wait: async () => {}, ...options })
}

/** What a state reads when a dialect does not tell counts. */
const UNTOLD: Partial<Record<DialectName, object>> = {
  'nothing for counts': { start_count: null, remains: null, charge: null },
  'words for counts': { start_count: null, remains: null, charge: null },
}

describe('a panel that says it in its own way', () => {
  for (const dialect of Object.keys(dialects) as DialectName[]) {
    test(`${dialect}: orders, states, lists and refusals are read`, async () => {
      const docket = await open(dialect)
      expect(await docket.balance()).toEqual({ balance: '100.84292', currency: 'USD' })
      const id = await docket.orders.add(order)
      expect([id, panel.orders.length]).toEqual(['23501', 1])
      Object.assign(panel.order(id), { status: 'In progress', startCount: 1_234_567, remains: 4_321 })
      const state = {
        status: 'In progress',
        charge: '0.27819',
        currency: 'USD',
        start_count: 1_234_567,
        remains: 4_321,
        ...UNTOLD[dialect],
      }
      expect(await docket.orders.status(id)).toMatchObject(state)

      const second = await docket.orders.add(order)
      const answers = await docket.orders.statuses([second, id, 7, id])
      expect([...answers.keys()]).toEqual([second, id, '7'])
      expect(answers.get(id)).toMatchObject({ ok: true, value: state })
      expect(answers.get('7')).toMatchObject({ ok: false })
      expect([...(await docket.orders.cancel([second, '7'])).values()]).toMatchObject([
        { ok: true },
        { ok: false, error: { code: 'incorrect_order' } },
      ])

      const about = { name: 'PanelRefusal', about: 'order' }
      await expect(docket.orders.add({ ...order, service: 0 })).rejects.toMatchObject({ ...about, code: 'incorrect_service' })
      panel.setFunds(0)
      await expect(docket.orders.add(order)).rejects.toMatchObject({ ...about, code: 'not_enough_funds' })
      expect(panel.orders).toHaveLength(2)
    })
  }

  test('an order that is not known is a refusal, or no answer where a panel answers nothing', async () => {
    const unknown: [DialectName, object][] = [
      ['plain', { code: 'incorrect_order' }],
      ['errors as objects', { code: 'incorrect_order', message: 'Order not found' }],
      ['errors as codes', { code: 'incorrect_order', message: 'order_not_found' }],
      ['empty list for nothing', { name: 'NoAnswer', reason: 'unclear' }],
    ]
    for (const [dialect, error] of unknown) {
      const docket = await open(dialect)
      await expect(docket.orders.status(7)).rejects.toMatchObject(error)
      expect(panel.calls).toHaveLength(1)
      await panel.close()
    }
    await open('plain')
  })

  test('a list that is refused because of some of its ids is asked for in parts', async () => {
    const docket = await open('plain')
    const ids = await Promise.all(Array.from({ length: 100 }, () => docket.orders.add(order)))
    panel.odd.set(ids[17]!, 'Incorrect order ID').set(ids[80]!, 'Order belongs to nobody')
    const answers = await docket.orders.statuses(ids)
    expect([...answers].filter(([, { ok }]) => !ok).map(([id]) => id)).toEqual([ids[17], ids[80]])
    expect([...answers.keys()]).toEqual(ids)
  })

  test('a panel that takes no lists is asked for each alone', async () => {
    const docket = await open('plain', { mostIds: 1 })
    const ids = [await docket.orders.add(order), await docket.orders.add(order)]
    expect([...(await docket.orders.statuses(ids)).values()].every(({ ok }) => ok)).toBe(true)
    expect(panel.calls.filter(({ action }) => action === 'status')).toEqual(ids.map((id) => expect.objectContaining({ order: id })))
  })

  test('its list of services is read, PHP’s gaps and odd entries included; an error is never an empty list', async () => {
    const docket = await open('plain')
    panel.answer('services', {
      0: {
        service: '7',
        name: ' Followers ',
        type: 'default',
        rate: 0.9,
        min: '50',
        max: '10,000',
        dripfeed: 1,
        refill: '1',
        category: 'A',
      },
      2: { service: 8, name: 'Odd', type: 'Livestream', rate: '1,5', min: null, max: 'unlimited', cancel: true },
      3: { name: 'no id' },
    })
    expect(await docket.services()).toEqual([
      { service: '7', name: 'Followers', type: 'Default', words: 'default', category: 'A', rate: '0.9', min: 50, max: 10_000, dripfeed: true, refill: true, cancel: false, more: null },
      { service: '8', name: 'Odd', type: null, words: 'Livestream', category: '', rate: '1.5', min: null, max: null, dripfeed: false, refill: false, cancel: true, more: null },
    ]) // prettier-ignore
    panel.answer('services', [])
    expect(await docket.services()).toEqual([])
    panel.answer('services', { error: 'Invalid API key' })
    await expect(docket.services()).rejects.toMatchObject({ code: 'invalid_key', about: 'caller' })
    panel.answer('services', '<html>Just a moment...</html>')
    await expect(docket.services()).rejects.toMatchObject({ name: 'NoAnswer', reason: 'unreadable' })
  })

  test('refills', async () => {
    const docket = await open('plain')
    const id = await docket.orders.add(order)
    expect(await docket.refills.request(id)).toBe(`1${id}`)
    await expect(docket.refills.request(7)).rejects.toMatchObject({ code: 'incorrect_order' })
    expect(await docket.refills.status(1)).toEqual({ status: 'Completed', words: 'Completed' })
    expect([...(await docket.refills.statuses([1, 3]))]).toMatchObject([
      ['1', { ok: true }],
      ['3', { ok: false, error: { code: 'refill_not_found' } }],
    ])
    panel.answer('refill', [
      { order: 1, refill: 5 },
      { order: 2, refill: { error: 'Refill already requested' } },
    ])
    expect([...(await docket.refills.requests([1, 2, 3]))]).toMatchObject([
      ['1', { ok: true, value: '5' }],
      ['2', { ok: false, error: { code: 'refill_requested' } }],
      ['3', { ok: false, error: { reason: 'unclear' } }],
    ])
  })
})

describe('an add that goes wrong', () => {
  /** Told as a refusal: the panel said clearly that it did nothing. */
  const REFUSED: Partial<Record<FaultName, object>> = {
    'too many requests': { code: 'too_many_requests', about: 'now', retryAfter: 7 },
    'too many requests, as a page': { code: 'too_many_requests', about: 'now' },
    'too many requests, as 200': { code: 'too_many_requests', about: 'now' },
    maintenance: { about: 'now' },
    'docket is busy': { code: 'overloaded', about: 'now' },
    'docket is starting': { code: 'starting', about: 'now' },
    'key reused': { code: 'idempotency_key_reused' },
    'refusal as 422': { message: 'The link field is required.' },
    'quotes the key': { code: 'invalid_key', message: 'Invalid API key (key)' },
  }
  const names = (Object.keys(faults) as FaultName[]).filter((name) => !name.startsWith('too long'))

  for (const dialect of ['plain', 'docket'] as const) {
    for (const fault of names) {
      test(`${fault}, at a panel that ${dialect === 'plain' ? 'keeps no retry keys: it is sent once' : 'keeps retry keys: it is made at most once'}`, async () => {
        const docket = await open(dialect, { timeoutMs: 500 })
        panel.fail(fault)
        const added = await docket.orders.add(order, { retryKey: 'mine' }).catch((error: unknown) => error)
        const sent = panel.calls.filter(({ action }) => action === 'add').length
        const refused = REFUSED[fault]
        if (dialect === 'plain') {
          expect(sent).toBe(fault === 'reset before reading' ? 0 : 1)
          expect(added).toBeInstanceOf(refused ? PanelRefusal : NoAnswer)
          expect(added).toMatchObject(refused ?? { nothingDone: false })
        } else {
          expect(panel.ordersUnder('mine')).toBeLessThanOrEqual(1)
          if (typeof added === 'string') expect(added).toBe(String(panel.orders[0]!.id))
          else expect(added).toMatchObject(refused ?? { reason: 'unclear' })
        }
        expect(panel.strays()).toBe(0)
      })
    }
  }

  test('without a key it is sent once, wherever', async () => {
    const docket = await open('docket')
    panel.fail('lost reply')
    await expect(docket.orders.add(order)).rejects.toMatchObject({ reason: 'network', nothingDone: false })
    expect(panel.orders).toHaveLength(1)
    expect(panel.calls).toHaveLength(1)
  })

  test('to an address where nobody is has done nothing', async () => {
    const docket = await open('plain')
    await panel.close()
    await expect(docket.orders.add(order, { retryKey: 'mine' })).rejects.toMatchObject({ reason: 'network', nothingDone: true })
    await open('plain')
  })
})
