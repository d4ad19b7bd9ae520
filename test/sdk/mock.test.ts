import { describe, expect, test } from 'vitest'
import { serviceTypes } from '../../contract/service-types.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { Docket as Client, NoAnswer, type Order, PanelRefusal } from '../../sdk/src/index.ts'
import { mockPanel, type MockService } from '../../sdk/src/mock.ts'
import { openDocket } from '../support/docket.ts'
import { MARK, onSale } from '../support/on-sale.ts'
import { tell } from '../support/order-life.ts'

const services: readonly MockService[] = [
  ...serviceTypes.map(({ name, example }) => ({
    service: Number(example['service']),
    name,
    type: name,
    category: 'Test',
    rate: '0.90',
    min: 2,
    max: 10_000,
  })),
  {
    service: 5001,
    name: 'All of it',
    type: 'Default',
    category: 'Test',
    rate: '0.07',
    min: 1,
    max: 100_000,
    dripfeed: true,
    refill: true,
    cancel: true,
  },
]
const order = { service: 5001, link: 'https://example.com/p', quantity: 1000 }

describe('the mock and a Docket', () => {
  const docket = openDocket()

  test('answer the same to the same', async () => {
    const { key } = await docket.account({ balance: '100' })
    await importServices(docket.db, readServiceList(JSON.stringify(services)))
    await onSale(docket)
    const panel = mockPanel({ balance: '100', services })
    const mocked = new Client({ url: panel.url, key: panel.key, fetch: panel.fetch })
    const real = new Client({ url: `${docket.node.url}/api/v2`, key })
    const move = { 'In progress': 600, Partial: 250, Completed: 0 } as const

    const onMock = await story(mocked, async (id, status) => panel.move(id, { status, remains: move[status] }))
    const onDocket = await story(real, async (id, status) => {
      await tell(docket, Number(id), status, { remains: move[status] })
    })
    expect(onMock).toEqual(onDocket)
  })
})

type Move = (order: string, status: 'In progress' | 'Partial' | 'Completed') => Promise<void>

/** Everything that can be told apart, but for the ids. */
async function story(panel: Client, move: Move): Promise<unknown[]> {
  const ids = new Map<string, string>()
  const named = (id: string) => ids.get(id) ?? ids.set(id, `order ${ids.size + 1}`).get(id)!
  const told: unknown[] = []
  const tellOf = async (work: Promise<unknown>) => {
    const answer = await work.catch((error: unknown) => (error instanceof PanelRefusal ? `${error.code}: ${error.message}` : error))
    told.push(answer instanceof Map ? [...answer.values()].map((each) => (each.ok ? each.value : each.error.message)) : answer)
    return answer
  }
  const place = async (of: Order, options = {}) => {
    const answer = await panel.orders.add(of, options).then(named, (error: Error) => error.message)
    told.push(answer)
    return [...ids].find(([, name]) => name === answer)?.[0]
  }
  const known = new Set(services.map(({ service }) => String(service)))
  await tellOf(
    panel
      .services()
      .then((list) =>
        list
          .filter(({ service }) => known.has(service) && service !== String(MARK))
          .toSorted((a, b) => Number(a.service) - Number(b.service)),
      ),
  )
  for (const { name, example } of serviceTypes) {
    await place({ type: name, ...example } as unknown as Order)
    const { [Object.keys(example).at(-1)!]: _, ...short } = example
    await place({ type: name, ...short } as unknown as Order)
  }
  for (const quantity of [0, 100_001] as const) await place({ ...order, quantity })
  await place({ ...order, service: 4 })
  await place({ ...order, runs: 3 })
  await place({ ...order, service: 1512, runs: 3, interval: 5 })
  await place({ ...order, quantity: 100_000, runs: 100, interval: 5 })
  await place(order, { maxCharge: '0.06' })
  await tellOf(panel.quote({ ...order, quantity: 7 }))
  await tellOf(panel.quote({ ...order, quantity: 15, runs: 3, interval: 5 }))
  const [first, second, third] = [await place(order, { retryKey: 'one' }), await place({ ...order, quantity: 777 }), await place(order)]
  await place(order, { retryKey: 'one' })
  await place({ ...order, quantity: 2 }, { retryKey: 'one' })
  await tellOf(panel.orders.find('one').then((found) => found && { ...found, order: named(found.order) }))
  await tellOf(panel.orders.find('two'))
  await tellOf(panel.orders.statuses([first!, second!, 987_654_321]))
  await tellOf(panel.refills.request(first!))
  await move(first!, 'In progress')
  await move(first!, 'Completed')
  await move(second!, 'In progress')
  await move(second!, 'Partial')
  await tellOf(panel.orders.statuses([first!, second!]))
  await tellOf(panel.orders.cancel([first!, third!, 987_654_321]))
  await tellOf(panel.orders.status(third!))
  await tellOf(panel.balance())
  await tellOf(
    panel.refills.requests([first!, third!, 987_654_321]).then((all) => [...all.values()].map((each) => each.ok || each.error.message)),
  )
  await tellOf(panel.refills.request(first!))
  await tellOf(
    panel.orders
      .changes('0')
      .then((page) => [...page.orders].map(([id, state]) => [named(id), state.status]).toSorted(([a], [b]) => a!.localeCompare(b!))),
  )
  return told
}

describe('the mock', () => {
  const client = (panel: ReturnType<typeof mockPanel>, options = {}) =>
    new Client({ url: panel.url, key: panel.key, fetch: panel.fetch, wait: async () => {}, ...options })

  test('goes wrong when it is told to', async () => {
    const panel = mockPanel({ services })
    const docket = client(panel, { timeoutMs: 20 })
    for (const fault of ['lost reply', 'no connection', 'no answer', 'error page', 'too many requests'] as const) {
      panel.fail(fault)
      const failed = await docket.orders.add(order).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(fault === 'too many requests' ? PanelRefusal : NoAnswer)
      if (failed instanceof NoAnswer) expect(failed.nothingDone).toBe(fault === 'no connection')
    }
    expect(panel.orders).toHaveLength(3)
    panel.fail('lost reply', 'add', 3)
    await docket.orders.add(order, { retryKey: 'mine' })
    expect(panel.orders).toHaveLength(4)
    panel.fail('error page', 'balance', 2)
    expect(await docket.balance()).toMatchObject({ currency: 'USD' })
    await expect(docket.orders.add(order, { retryKey: 'mine', signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  test('can be a panel of the usual kind, without retry keys and without a feed', async () => {
    const panel = mockPanel({ services, keepsRetryKeys: false, hasFeed: false })
    const docket = client(panel)
    panel.fail('lost reply')
    await expect(docket.orders.add(order, { retryKey: 'mine' })).rejects.toMatchObject({ name: 'NoAnswer' })
    expect(panel.calls.filter(({ action }) => action === 'add')).toHaveLength(1)
    await expect(docket.orders.find('mine')).rejects.toMatchObject({ name: 'NoAnswer' })
    await expect(docket.orders.watch().next()).rejects.toMatchObject({ name: 'PanelRefusal' })
    await expect(docket.orders.watch({ since: '4-0' }).next()).rejects.toMatchObject({ name: 'PanelRefusal' })
  })

  test('its orders are followed by asking where there is no feed, also while it is away', async () => {
    const panel = mockPanel({ services, hasFeed: false })
    const ids = await Promise.all([client(panel).orders.add(order), client(panel).orders.add(order)])
    const steps = [
      () => panel.move(ids[0], { status: 'In progress', remains: 500 }),
      () => panel.fail('error page', 'status', 5),
      () => panel.move(ids[0], { status: 'Completed' }),
      () => panel.move(ids[1], { status: 'Canceled' }),
    ]
    const waits: number[] = []
    const troubles: string[] = []
    const wait = async (ms: number) => {
      waits.push(ms)
      if (ms >= 60_000) steps.shift()?.()
    }
    const heard: unknown[] = []
    for await (const change of client(panel, { wait }).orders.watch({
      orders: [...ids, '7'],
      onTrouble: ({ message }) => troubles.push(message),
    }))
      heard.push([change.order, change.ok ? change.value.status : change.error.message, change.cursor])
    expect(heard).toEqual([
      [ids[0], 'Pending', null],
      [ids[1], 'Pending', null],
      ['7', 'Incorrect order ID', null],
      [ids[0], 'In progress', null],
      [ids[0], 'Completed', null],
      [ids[1], 'Canceled', null],
    ])
    expect(troubles).toEqual([expect.stringContaining('HTTP 502')])
  })

  test('answers at a real address too, to programs that are not this one', async () => {
    const panel = mockPanel({ services, balance: '1' })
    const server = await panel.listen()
    const { url } = server
    try {
      const docket = new Client({ url, key: panel.key, wait: async () => {} })
      panel.fail('lost reply')
      await docket.orders.add(order, { retryKey: 'mine' })
      expect(panel.orders).toHaveLength(1)
      const first = await docket.services()
      expect(await docket.services()).toBe(first)
      const json = await fetch(url, { method: 'POST', body: JSON.stringify({ key: panel.key, action: 'status', orders: [23501, 7] }) })
      expect(await json.json()).toMatchObject({ 23501: { status: 'Pending' }, 7: { error: 'Incorrect order ID' } })
      expect(await (await fetch(`${url}?key=${panel.key}&action=balance`)).json()).toEqual({ balance: '0.93000', currency: 'USD' })
    } finally {
      await server.close()
    }
  })
})
