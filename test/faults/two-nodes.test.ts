import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { changeCatalogue, SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { setCustomRate, setService } from '../../server/catalog/import.ts'
import { setAccount, suspendAccount } from '../../server/customers/accounts.ts'
import { addKey, listKeys, revokeKey } from '../../server/customers/keys.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { openSealing } from '../../server/ledger/seal.ts'
import { type Node, startNode } from '../../server/main.ts'
import { settle } from '../../server/orders/settle.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import type { Supplier } from '../../server/suppliers/supplier.ts'
import { add, crowd, eventually, type Known, nothingLostOrDoubled, ordersOf } from '../support/clients.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { openDocket, type Parameters, send, testConfig } from '../support/docket.ts'

const silent = pino({ level: 'silent' })

describe('two nodes on one database', () => {
  const docket = openDocket()
  let second: Node

  beforeAll(async () => {
    second = await startNode(testConfig(docket.databaseUrl), silent, docket.clock.now)
  })
  afterAll(() => second.stop())

  const urls = () => [docket.node.url!, second.url!] as const
  const onBoth = (parameters: Parameters) =>
    Promise.all(urls().map(async (url) => (await send(url, parameters)).json() as Promise<Record<string, unknown>>))

  test('H1 one retry key on both nodes, one order', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account()

    const known = await crowd(96, (client) => {
      const idempotency_key = `key ${client % 6}`
      return add(urls()[client % 2]!, { key, service, quantity: 1000, link: `https://example.com/${client % 6}`, idempotency_key })
    })

    expect(known.filter((each) => each.order === undefined)).toEqual([])
    expect(new Set(known.map((each) => each.order)).size).toBe(6)
    expect(await nothingLostOrDoubled(docket.db, account, 10_000_000, known)).toHaveLength(6)
    const other = await onBoth({ key, action: 'add', service, quantity: 999, link: 'https://example.com/0', idempotency_key: 'key 0' })
    expect(other).toEqual(twice({ error: 'Idempotency key was used with other parameters' }))
  })

  test('H1 an exclusive link on both nodes, one order', async () => {
    const service = await docket.service({}, { oneActiveLink: true })
    const { account, key } = await docket.account()

    const known = await crowd(40, (client) => add(urls()[client % 2]!, { key, service, quantity: 1000 }))

    expect(known.filter((each) => each.order !== undefined)).toHaveLength(1)
    expect(new Set(known.flatMap((each) => each.error ?? []))).toEqual(
      new Set(['You have active order with this link. Please wait until order being completed.']),
    )
    expect(await nothingLostOrDoubled(docket.db, account, 10_000_000, known)).toHaveLength(1)
  })

  test('no order is charged a price that has gone', async () => {
    const service = await docket.service({ rate: '1' })
    const { account, key } = await docket.account({ balance: '10000' })
    // How many changes had been begun, and how many were done, when an add was sent and when it was answered.
    let begun = 0
    let done = 0
    const changes = 6
    const known: (Known & { least: number; most: number })[] = []
    const load = crowd(24, async (client) => {
      for (let after = 0; after < 3;) {
        const least = done
        const answer = await add(urls()[client % 2]!, { key, service, quantity: 1000 })
        known.push({ ...answer, least, most: begun })
        if (least === changes) after += 1
      }
    })
    for (let change = 1; change <= changes; change += 1) {
      const before = known.length
      await eventually('orders went on', () => known.length > before + 24)
      begun += 1
      await changeCatalogue(docket.db, (tx) => setService(tx, service, { rate: String(1 + change) }))
      done += 1
    }
    await load

    const orders = await nothingLostOrDoubled(docket.db, account, 1_000_000_000, known)
    const charges = new Map(orders.map((order) => [order.id, order.charge / 100_000]))
    expect(known.filter((each) => each.order === undefined)).toEqual([])
    expect(known.filter(({ order, least, most }) => charges.get(order!)! < 1 + least || charges.get(order!)! > 1 + most)).toEqual([])
    expect(new Set(charges.values())).toContain(1 + changes)
  })

  test('an agreed rate and a discount hold at once', async () => {
    const service = await docket.service({ rate: '1' })
    const { account, key } = await docket.account({ balance: '1000' })
    const chargesOf = async () => {
      const known = await Promise.all([...urls(), ...urls()].map((url) => add(url, { key, service, quantity: 1000 })))
      const orders = await ordersOf(docket.db, account)
      return known.map((each) => orders.find((order) => order.id === each.order)?.charge)
    }
    expect(await chargesOf()).toEqual(Array(4).fill(100_000))
    // Many turns, because a node that hears of each in time would never need to notice by itself.
    for (let turn = 0; turn < 10; turn += 1) {
      await changeCatalogue(docket.db, (tx) => setAccount(tx, account, { discountBasisPoints: 1000 + turn }))
      expect(await chargesOf()).toEqual(Array(4).fill(90_000 - turn * 10))
      await changeCatalogue(docket.db, (tx) => setCustomRate(tx, account, service, `0.5${turn}`))
      expect(await chargesOf()).toEqual(Array(4).fill(50_000 + turn * 1000))
      await changeCatalogue(docket.db, (tx) => setCustomRate(tx, account, service, null))
    }
    await changeCatalogue(docket.db, (tx) => setService(tx, service, { state: 'disabled' }))
    expect(await onBoth({ key, action: 'add', service, quantity: 1000, link: 'https://example.com' })).toEqual(
      twice({ error: 'Service is disabled' }),
    )
  })

  test('a revoked key is refused at once everywhere', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account()
    const [{ order }] = (await onBoth({ key, action: 'add', service, quantity: 1000, link: 'https://example.com' })) as [
      { order: number },
      unknown,
    ]
    expect(await onBoth({ key, action: 'balance' })).toEqual(twice({ balance: '98.00000', currency: 'USD' }))
    const { key: other } = await addKey(docket.db, account, { test: false, label: 'other' }, docket.clock.now())
    expect(await onBoth({ key: other, action: 'balance' })).toEqual(twice({ balance: '98.00000', currency: 'USD' }))
    const [first] = await listKeys(docket.db, account)

    await revokeKey(docket.db, first!.id, docket.clock.now())

    const form = { service, quantity: 1000, link: 'https://example.com' }
    const asks: Parameters[] = [
      { action: 'add', ...form },
      { action: 'add', ...form, idempotency_key: 'new' },
      { action: 'balance' },
      { action: 'quote', ...form },
      { action: 'status', order },
      { action: 'status', orders: `${order},x` },
      { action: 'cancel', orders: order },
      { action: 'refill', order },
      { action: 'refill_status', orders: order },
      { action: 'changes' },
      { action: 'ledger' },
    ]
    for (const ask of asks) expect(await onBoth({ key, ...ask })).toEqual(twice({ error: 'Invalid API key' }))
    expect(await onBoth({ key: other, action: 'balance' })).toEqual(twice({ balance: '98.00000', currency: 'USD' }))
    // The price list is answered from memory: refused as soon as the node has heard.
    await eventually('the list is refused as well', async () =>
      (await onBoth({ key, action: 'services' })).every((answer) => answer['error'] === 'Invalid API key'),
    )
  })

  test('a suspended account is refused until it is resumed', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account()
    const ask = { key, action: 'add', service, quantity: 1000, link: 'https://example.com' }
    await onBoth(ask)

    await suspendAccount(docket.db, account, true, docket.clock.now())
    const added = await addKey(docket.db, account, { test: false, label: 'while suspended' }, docket.clock.now())
    for (const refused of [ask, { ...ask, key: added.key }, { key, action: 'balance' }]) {
      expect(await onBoth(refused)).toEqual(twice({ error: 'Invalid API key' }))
    }
    expect(await ordersOf(docket.db, account)).toHaveLength(2)

    await suspendAccount(docket.db, account, false, docket.clock.now())
    expect(await onBoth({ key: added.key, action: 'balance' })).toEqual(twice({ balance: '98.00000', currency: 'USD' }))
  })

  test('H6 cancels at once on both nodes refund once', async () => {
    const service = await docket.service({ cancel: true })
    const { account, key } = await docket.account()
    const known = await crowd(10, (client) => add(urls()[client % 2]!, { key, service, quantity: 1000 }))
    const ids = known.map((each) => each.order!)

    const answers = await crowd(12, async (client) => {
      const orders = (client % 3 === 0 ? ids.toReversed() : ids).join(',')
      return (await send(urls()[client % 2]!, { key, action: 'cancel', orders })).json() as Promise<{ order: number; cancel: unknown }[]>
    })

    for (const id of ids) {
      const outcomes = answers.map((answer) => answer.find((entry) => entry.order === id)!.cancel)
      expect(outcomes).toContain(1)
      for (const outcome of outcomes) expect([1, { error: 'Order cannot be canceled' }]).toContainEqual(outcome)
    }
    expect(await onBoth({ key, action: 'balance' })).toEqual(twice({ balance: '100.00000', currency: 'USD' }))
    const { rows } = await docket.db.query(
      `select cause, count(*)::int from transfers t join books b on b.id = t.book_id where b.account_id = $1 group by cause order by cause`,
      [account],
    )
    expect(rows).toEqual([
      { cause: 'deposit', count: 1 },
      { cause: 'charge', count: 10 },
      { cause: 'refund', count: 10 },
    ])
  })

  test('nodes that start at once migrate once', async () => {
    const name = `${inject('template')}_${randomBytes(4).toString('hex')}`
    await onServer(inject('serverUrl'), `create database "${name}"`)
    const databaseUrl = withDatabase(inject('serverUrl'), name)

    const nodes = await crowd(3, () => startNode(testConfig(databaseUrl), silent))

    const { rows } = await onServer(databaseUrl, 'select name from migrations order by name')
    const files = readdirSync(new URL('../../server/db/migrations', import.meta.url)).filter((file) => file.endsWith('.sql'))
    expect(rows.map((row) => row['name'])).toEqual(files.map((file) => file.replace('.sql', '')).toSorted())
    for (const node of nodes) expect((await fetch(`${node.url}/readyz`)).status).toBe(200)
    await Promise.all(nodes.map((node) => node.stop()))
  })

  test('M7 no transaction is open while a supplier works', async () => {
    const service = await docket.service({ cancel: true }, { supplier: 'simulated' })
    const { account, key } = await docket.account()
    const known = await crowd(5, (client) => add(urls()[client % 2]!, { key, service, quantity: 1000 }))
    const gate = gated(simulatedSupplier({ db: docket.db, now: docket.clock.now, speed: 1 }))
    const held = () =>
      docket.db.query(`select application_name, query from pg_stat_activity
        where datname = current_database() and xact_start is not null and pid <> pg_backend_pid() and backend_type = 'client backend'`)

    for (const work of [handOff, poll]) {
      const working = work({ db: docket.db, now: docket.clock.now, supplierId: SIMULATED_SUPPLIER, supplier: gate.supplier })
      await eventually('the supplier was called', () => gate.calls() > 0)
      expect((await held()).rows).toEqual([])
      // Nothing is locked either: the customer can go on ordering and asking to cancel.
      const cancelled = await send(second.url!, { key, action: 'cancel', orders: known[4]!.order })
      expect(await cancelled.json()).toEqual([{ order: known[4]!.order, cancel: 1 }])
      known.push(await add(docket.node.url!, { key, service, quantity: 1000 }))
      gate.open()
      await working
      docket.clock.forward({ seconds: 10 })
    }
    // The cancelled one was given back when the supplier said so, after the first two had been asked for.
    expect((await nothingLostOrDoubled(docket.db, account, 10_000_000, known)).map((order) => order.refunded)).toContain(100_000)
  })

  test('M7 placing never waits inside a transaction', async () => {
    const service = await docket.service({}, { supplier: 'simulated' })
    const { account, key } = await docket.account()
    const load = { isOver: false }
    const loading = crowd(32, async (client) => {
      const mine = []
      for (let turn = 0; turn < 8; turn += 1) {
        mine.push(await add(urls()[client % 2]!, { key, service, quantity: 10 }))
        await onBoth({ key, action: 'status', order: mine.at(-1)!.order })
      }
      return mine
    }).finally(() => (load.isOver = true))
    const idle: unknown[] = []
    let samples = 0
    while (!load.isOver) {
      const { rows } = await docket.db.query(
        `select query from pg_stat_activity where datname = current_database() and application_name = 'docket api' and state like 'idle in transaction%'`,
      )
      idle.push(...rows)
      samples += 1
    }
    expect(samples).toBeGreaterThan(10)
    expect(idle).toEqual([])
    expect(await nothingLostOrDoubled(docket.db, account, 10_000_000, (await loading).flat())).toHaveLength(256)
  })

  test('H4 many dispatchers hand each order over once', async () => {
    const service = await docket.service({}, { supplier: 'simulated' })
    const { account, key } = await docket.account({ balance: '1000' })
    const known = await crowd(300, (client) =>
      add(urls()[client % 2]!, { key, service, quantity: 1000, link: 'https://example.com/#partial' }),
    )
    const counted = counting(simulatedSupplier({ db: docket.db, now: docket.clock.now, speed: 1 }))
    const context = { db: docket.db, now: docket.clock.now, supplierId: SIMULATED_SUPPLIER, supplier: counted.supplier }

    await crowd(8, async () => {
      while ((await handOff(context)) > 0);
    })
    const mine = new Set(known.map((each) => `sim-${each.order}`))
    const adds = [...counted.adds].filter(([reference]) => mine.has(reference))
    expect(adds).toHaveLength(300)
    expect(adds.filter(([, times]) => times !== 1)).toEqual([])

    // At one moment each order is looked at by one poller; at the end each is settled once, whoever tells it.
    for (const minutes of [1, 2, 10]) {
      docket.clock.forward({ minutes })
      counted.looks.clear()
      await crowd(8, async () => {
        while ((await poll(context)) > 0);
      })
      expect([...counted.looks].filter(([, times]) => times !== 1)).toEqual([])
    }
    const { rows } = await docket.db.query(
      `select o.status, count(*)::int, sum(o.refunded)::int as refunded from orders o join books b on b.id = o.book_id where b.account_id = $1 group by o.status`,
      [account],
    )
    expect(rows).toEqual([{ status: 'Partial', count: 300, refunded: 300 * 33_400 }])
    // Looked at a few times more, a day apart, in case the supplier changes its mind.
    const soon = "select from hand_offs where order_id = any($1) and due_at < $2::timestamptz + interval '12 hours'"
    expect((await docket.db.query(soon, [known.map((each) => each.order), docket.clock.now()])).rowCount).toBe(0)
  })

  test('H4 the same news told eight times refunds once', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account()
    const known = await crowd(20, () => add(docket.node.url!, { key, service, quantity: 1000 }))
    const news = known.map(({ order }) => ({
      orderId: BigInt(order!),
      status: 'Partial' as const,
      startCount: 5n,
      remains: 250n,
      words: 'told',
    }))

    const moved = await crowd(8, (teller) => settle(docket.db, teller % 2 ? news : news.toReversed(), 'supplier', docket.clock.now()))

    expect(moved.flat()).toHaveLength(20)
    expect(await onBoth({ key, action: 'balance' })).toEqual(twice({ balance: '85.00000', currency: 'USD' }))
    expect(await ordersOf(docket.db, account)).toHaveLength(20)
  })

  test('M10 the database refuses to change what happened', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account()
    const { order } = await docket.call({ key, action: 'add', service, quantity: 1000, link: 'https://example.com' })
    await settle(
      docket.db,
      [{ orderId: BigInt(order), status: 'Partial', startCount: 0n, remains: 500n, words: null }],
      'staff',
      docket.clock.now(),
    )
    await openSealing(docket.db).seal()
    const { rows } = await docket.db.query<{ id: number }>('select id from books where account_id = $1', [account])
    const book = rows[0]!.id

    for (const [statement, refusal] of [
      [`update transfers set amount = amount + 1 where book_id = ${book}`, /append-only/],
      [`update transfers set note = 'x' where book_id = ${book}`, /append-only/],
      [`delete from transfers where book_id = ${book}`, /append-only/],
      ['truncate transfers cascade', /append-only/],
      [`update seals set hash = '' where book_id = ${book}`, /append-only/],
      [`delete from seals where book_id = ${book}`, /append-only/],
      ['truncate seals', /append-only/],
      [`update orders set charge = 1 where id = ${order}`, /what was ordered and charged never changes/],
      [`update orders set charge = 0, refunded = 0 where id = ${order}`, /what was ordered and charged never changes/],
      [`update orders set quantity = 1 where id = ${order}`, /what was ordered and charged never changes/],
      [`update orders set rate = '2' where id = ${order}`, /what was ordered and charged never changes/],
      [`update orders set book_id = 0 where id = ${order}`, /what was ordered and charged never changes/],
      [`update orders set line = null where id = ${order}`, /what was ordered and charged never changes/],
      [`delete from orders where id = ${order}`, /append-only/],
      ['truncate orders', /append-only/],
      [`select post_transfer(${book}, 'refund', 1, ${order}, 'order ended', 'again', now())`, /one_refund_per_cause/],
      [`update orders set refunded = charge + 1 where id = ${order}`, /refunds_never_exceed_the_charge/],
      [`select post_transfer(${book}, 'charge', 100000000, ${order}, null, null, now())`, /balance_is_never_negative/],
      [`select post_transfer(${book}, 'correction', 100000000, null, null, null, now(), true)`, /balance_is_never_negative/],
      [`select post_transfer(${book}, 'deposit', 0, null, null, null, now())`, /amount_is_positive/],
      [
        `select post_transfer(${book}, 'deposit', -5, null, null, null, now())`,
        /amount_is_positive|balance_is_never_negative|what_comes_in_pays_what_is_owed/,
      ],
      [`update books set wallet = -1 where id = ${book}`, /balance_is_never_negative|book_sums_to_zero/],
      [`update books set wallet = wallet + 1 where id = ${book}`, /book_sums_to_zero/],
      [`update orders set ended = false where id = ${order}`, /ended_matches_status/],
    ] as const) {
      await expect(docket.db.query(statement)).rejects.toThrow(refusal)
    }
    expect(await docket.balance(key)).toBe('99.50000')
  })
})

const twice = <T>(answer: T): T[] => [answer, answer]

/** A supplier that answers only when it is told to. */
function gated(behind: Supplier) {
  let calls = 0
  let release = () => {}
  const held = async () => {
    calls += 1
    await new Promise<void>((resolve) => (release = resolve))
  }
  let isOpen = false
  const pass = async () => {
    if (!isOpen) await held()
  }
  const supplier: Supplier = {
    ...behind,
    add: async (order) => (await pass(), behind.add(order)),
    status: async (references) => (await pass(), behind.status(references)),
  }
  return {
    supplier,
    calls: () => ((isOpen = false), calls),
    open() {
      isOpen = true
      calls = 0
      release()
    },
  }
}

/** A supplier that counts how often it is asked, and about what. */
function counting(behind: Supplier) {
  const adds = new Map<string, number>()
  const looks = new Map<string, number>()
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  const supplier: Supplier = {
    ...behind,
    add: (order) => (count(adds, `sim-${order.orderId}`), behind.add(order)),
    status: (references) => (references.forEach((reference) => count(looks, reference)), behind.status(references)),
  }
  return { supplier, adds, looks }
}
