import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fund } from '../../server/payments/fund.ts'
import { openSealing } from '../../server/ledger/seal.ts'
import { type Docket, openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

interface LedgerLine {
  line: number
  at: string
  cause: string
  from: string
  to: string
  amount: string
  balance: string
  order: number | null
  reference: string | null
  note: string | null
  hash: string
}

/** The whole statement, page by page, each page proved onto the last with nothing but what is published. */
async function provedStatement(docket: Docket, key: string): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = []
  let cursor: string | undefined
  let hash: string | undefined
  for (;;) {
    const page = await docket.call({ key, action: 'ledger', cursor })
    hash ??= page.previous
    expect(page.previous).toBe(hash)
    const computed = []
    for (const line of page.lines as LedgerLine[]) {
      hash = hashOf(hash!, line)
      computed.push({ hash, line: lines.length + 1, balance: units(lines.at(-1)?.balance ?? '0.00000') + units(line.amount) })
      lines.push(line)
    }
    expect(page.lines.map(({ hash, line, balance }: LedgerLine) => ({ hash, line, balance: units(balance) }))).toEqual(computed)
    cursor = page.cursor
    if (!page.more) return lines
    expect(page.lines).toHaveLength(500)
  }
}

function hashOf(before: string, line: LedgerLine): string {
  const plain = [
    line.line,
    line.cause,
    line.from,
    line.to,
    units(line.amount.replace('-', '')),
    units(line.balance),
    line.order ?? '',
    line.reference ?? '',
    line.note ?? '',
    line.at,
  ]
  return createHash('sha256')
    .update(before + JSON.stringify(plain.map(String)))
    .digest('hex')
}

function units(text: string): bigint {
  if (!/^-?\d+\.\d{5}$/.test(text)) throw new Error(`${text} is no amount of five decimals`)
  return BigInt(text.replace('.', ''))
}

/** Follows the feed to its end. Answers every id in the order of the pages' texts. */
async function followed(
  docket: Docket,
  key: string,
  since?: string,
): Promise<{ cursor: string; orders: string[]; refills: string[]; newest: Map<string, any> }> {
  const [orders, refills, newest] = [[] as string[], [] as string[], new Map<string, any>()]
  let cursor = since
  for (;;) {
    const text = await (await docket.request({ key, action: 'changes', since: cursor })).text()
    const page = JSON.parse(text)
    orders.push(...[...text.matchAll(/"(\d+)":\{"charge"/g)].map((match) => match[1]!))
    refills.push(...[...text.matchAll(/"(\d+)":\{"status":"[A-Za-z ]+","order"/g)].map((match) => match[1]!))
    for (const [id, order] of Object.entries(page.orders)) newest.set(id, order)
    cursor = page.cursor as string
    if (!page.more) return { cursor, orders, refills, newest }
  }
}

describe('ledger', () => {
  const docket = openDocket()

  test('a statement proves itself from its own fields', async () => {
    const { key, account } = await docket.account({ balance: '10' })
    const service = await onSale(docket, { cancel: true })
    const order = await placed(docket, key, { service, quantity: 1000 })
    docket.clock.forward({ minutes: 1 })
    await tell(docket, order, 'Partial', { remains: 400 })
    await fund(docket.db, account, { amount: 250_000n, note: 'thank you, "quoted" — ünïcode', reference: 'pay-1' }, docket.clock.now())
    await fund(docket.db, account, { amount: -50_000n, note: 'mistake', reference: null }, docket.clock.now())
    const lines = await provedStatement(docket, key)
    expect(lines.map(({ cause, amount, balance, order: of }) => [cause, amount, balance, of])).toEqual([
      ['deposit', '10.00000', '10.00000', null],
      ['charge', '-1.00000', '9.00000', order],
      ['refund', '0.40000', '9.40000', order],
      ['deposit', '2.50000', '11.90000', null],
      ['correction', '-0.50000', '11.40000', null],
    ])
    expect(lines[0]!.at).toBe('2026-03-01T12:00:00.000000Z')
    expect(lines[3]).toMatchObject({ reference: 'pay-1', note: 'thank you, "quoted" — ünïcode' })
    expect(await docket.balance(key)).toBe('11.40000')
  })

  test('over many pages no line is skipped or doubled', async () => {
    const { key } = await docket.account({ balance: '2000' })
    const service = await onSale(docket)
    await Promise.all(Array.from({ length: 1099 }, (_, index) => placed(docket, key, { service, quantity: index + 1, link: `p${index}` })))
    const lines = await provedStatement(docket, key)
    expect(lines).toHaveLength(1100)
    expect(new Set(lines.map((line) => line.order)).size).toBe(1100)
    expect(`${units(lines.at(-1)!.balance)}`).toBe((await docket.balance(key)).replace('.', ''))
    // The same hashes when most lines are sealed, whatever page is asked for.
    await openSealing(docket.db).seal()
    expect(await provedStatement(docket, key)).toEqual(lines)
    for (const cursor of [1, 255, 256, 257, 511, 512, 1099]) {
      const page = await docket.call({ key, action: 'ledger', cursor })
      expect(page.previous).toBe(lines[cursor - 1]!.hash)
      expect(page.lines).toEqual(lines.slice(cursor, cursor + 500))
    }
  })

  test('a page at the end says there is no more', async () => {
    const { key } = await docket.account({ balance: '1' })
    const [line] = await provedStatement(docket, key)
    expect(await docket.call({ key, action: 'ledger', cursor: 1 })).toEqual({
      cursor: '1',
      currency: 'USD',
      previous: line!.hash,
      lines: [],
      more: false,
    })
    const empty = await docket.account({ balance: '0' })
    expect(await docket.call({ key: empty.key, action: 'ledger' })).toMatchObject({ cursor: '0', lines: [], more: false })
  })

  test('a cursor that is none is an incorrect request', async () => {
    const { key } = await docket.account()
    for (const cursor of ['x', '-1', '1.5', '1e3', '9'.repeat(19), '1-1']) {
      expect(await docket.call({ key, action: 'ledger', cursor })).toEqual({ error: 'Incorrect request' })
    }
    for (const since of ['x', '1', '-1', '1-', '-1-1', '1-x', `${'9'.repeat(19)}-1`]) {
      expect(await docket.call({ key, action: 'changes', since })).toEqual({ error: 'Incorrect request' })
    }
  })

  test('W7 two statements never show each other', async () => {
    const [one, two] = [await docket.account({ balance: '1' }), await docket.account({ balance: '2' })]
    expect((await provedStatement(docket, one.key)).map((line) => line.amount)).toEqual(['1.00000'])
    expect((await provedStatement(docket, two.key)).map((line) => line.amount)).toEqual(['2.00000'])
    expect((await docket.call({ key: one.key, action: 'ledger' })).previous).not.toBe(
      (await docket.call({ key: two.key, action: 'ledger' })).previous,
    )
  })
})

describe('changes', () => {
  const docket = openDocket()

  test('an order appears when placed and each time it moves', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true })
    const [one, two] = [await placed(docket, key, { service, quantity: 1000 }), await placed(docket, key, { service, quantity: 1000 })]
    const start = await followed(docket, key)
    expect(start.orders).toEqual([String(one), String(two)])
    expect(await docket.call({ key, action: 'changes', since: start.cursor })).toEqual({
      cursor: start.cursor,
      orders: {},
      refills: {},
      more: false,
    })
    docket.clock.forward({ minutes: 1 })
    await tell(docket, one, 'In progress', { startCount: 5, remains: 800 })
    const moved = await followed(docket, key, start.cursor)
    expect([...moved.newest]).toEqual([
      [String(one), { charge: '1.00000', start_count: '5', status: 'In progress', remains: '800', currency: 'USD' }],
    ])
    // The same news twice is no change.
    await tell(docket, one, 'In progress', { startCount: 5, remains: 800 })
    expect((await followed(docket, key, moved.cursor)).orders).toEqual([])
    await tell(docket, one, 'Completed')
    const { refill } = await docket.call({ key, action: 'refill', order: one })
    const last = await docket.call({ key, action: 'changes', since: moved.cursor })
    expect(last).toMatchObject({
      orders: { [one]: { status: 'Completed', remains: '0' } },
      refills: { [refill]: { status: 'Pending', order: one } },
    })
  })

  test('oldest first, also across charges and moves', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const one = await placed(docket, key, { service, quantity: 10 })
    docket.clock.forward({ seconds: 1 })
    const two = await placed(docket, key, { service, quantity: 10 })
    docket.clock.forward({ seconds: 1 })
    await tell(docket, one, 'Processing')
    docket.clock.forward({ seconds: 1 })
    const three = await placed(docket, key, { service, quantity: 10 })
    // Each id once, at the place of its newest step.
    expect((await followed(docket, key)).orders).toEqual([two, one, three].map(String))
  })

  test('over many pages nothing is skipped', async () => {
    const { key } = await docket.account({ balance: '1000' })
    const service = await onSale(docket)
    const orders = await Promise.all(
      Array.from({ length: 600 }, (_, index) => placed(docket, key, { service, quantity: 10, link: `p${index}` })),
    )
    for (const order of orders.slice(0, 30)) {
      docket.clock.forward({ seconds: 1 })
      await tell(docket, order, 'In progress', { remains: 5 })
    }
    const all = await followed(docket, key)
    expect(new Set(all.orders)).toEqual(new Set(orders.map(String)))
    expect(all.orders).toHaveLength(630)
    for (const order of orders.slice(0, 30)) expect(all.newest.get(String(order))).toMatchObject({ status: 'In progress' })
  })

  test('a reader among writers sees every order', async () => {
    const { key } = await docket.account({ balance: '1000' })
    const service = await onSale(docket, { cancel: true })
    const [seen, canceled] = [new Set<string>(), new Set<string>()]
    let cursor: string | undefined
    const writers = { writing: true }
    const read = async () => {
      const page = await followed(docket, key, cursor)
      cursor = page.cursor
      for (const [id, order] of page.newest) {
        seen.add(id)
        if (order.status === 'Canceled') canceled.add(id)
      }
    }
    const reader = (async () => {
      while (writers.writing) await read()
    })()
    const orders: number[] = []
    await Promise.all(
      Array.from({ length: 12 }, async (_, writer) => {
        for (let turn = 0; turn < 20; turn += 1) {
          const order = await placed(docket, key, { service, quantity: 10, link: `w${writer}-${turn}` })
          orders.push(order)
          if (turn % 2) await docket.call({ key, action: 'cancel', order })
        }
      }),
    )
    writers.writing = false
    await reader
    await read()
    expect(seen).toEqual(new Set(orders.map(String)))
    expect(canceled.size).toBe(120)
  })

  test('W7 changes of others are not told', async () => {
    const [one, two] = [await docket.account(), await docket.account()]
    const order = await placed(docket, one.key, { service: await onSale(docket), quantity: 10 })
    await tell(docket, order, 'Completed')
    expect((await followed(docket, two.key)).orders).toEqual([])
    expect(await docket.call({ key: two.key, action: 'changes', since: '0' })).toEqual({
      cursor: '0-0',
      orders: {},
      refills: {},
      more: false,
    })
  })

  test('subscriptions are told of like orders', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Subscriptions' })
    const { order } = await docket.call({ key, action: 'add', service, username: 'u', min: 1, max: 2, delay: 0, posts: 1 })
    expect((await docket.call({ key, action: 'changes' })).orders).toEqual({
      [order]: expect.objectContaining({ status: 'Active', posts: '0', orders: [] }),
    })
  })
})
