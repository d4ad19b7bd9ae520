import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { suspendAccount } from '../../server/customers/accounts.ts'
import { addKey, listKeys, revokeKey } from '../../server/customers/keys.ts'
import { hashKey, keyPrefix, makeKey } from '../../server/customers/key.ts'
import type { Node } from '../../server/main.ts'
import { type Docket, openDocket, type Parameters, send } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { secondNode, urlsOf } from '../support/second-node.ts'
import { everyTable } from '../support/tables.ts'

const invalid = { error: 'Invalid API key' }

/** Every action but services, which is answered from memory. */
function everyCall(key: string, service: number): Parameters[] {
  return [
    { key, action: 'balance' },
    { key, action: 'add', service, link: 'p', quantity: 1 },
    { key, action: 'add', service, link: 'p', quantity: 1, idempotency_key: 'k' },
    { key, action: 'quote', service, link: 'p', quantity: 1 },
    { key, action: 'status', order: 1 },
    { key, action: 'status', orders: '1,2' },
    { key, action: 'refill', order: 1 },
    { key, action: 'refill', orders: '1' },
    { key, action: 'refill_status', refills: '1' },
    { key, action: 'cancel', orders: '1' },
    { key, action: 'changes' },
    { key, action: 'ledger' },
  ]
}

async function keyIdOf(docket: Docket, account: number): Promise<number> {
  return (await listKeys(docket.db, account))[0]!.id
}

describe('keys and accounts', () => {
  const docket = openDocket()
  let second: Node

  beforeAll(async () => {
    second = await secondNode(docket)
  })
  afterAll(() => second.stop())

  test('S1 a key has 192 random bits', () => {
    const keys = Array.from({ length: 2000 }, (_, index) => makeKey(index % 2 === 0))
    expect(new Set(keys).size).toBe(2000)
    for (const key of keys) expect(key).toMatch(/^dk_(live|test)_[A-Za-z0-9_-]{32}$/)
    const bytes = Buffer.concat(keys.map((key) => Buffer.from(key.slice(8), 'base64url')))
    expect(bytes).toHaveLength(2000 * 24)
    const ones = bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    expect(ones / (bytes.length * 8)).toBeCloseTo(0.5, 1)
  })

  test('S1 a dump of every table holds no usable key', async () => {
    const { key, account } = await docket.account()
    const { key: test } = await addKey(docket.db, account, { test: true, label: 'sandbox' }, docket.clock.now())
    const service = await onSale(docket)
    for (const each of [key, test]) {
      await placed(docket, each, { service, quantity: 1, idempotency_key: 'k' })
      await docket.call({ key: each, action: 'balance' }, 'query')
      await docket.call({ key: each, action: 'nonsense' })
    }
    let dump = ''
    for (const table of await everyTable(docket.db)) {
      const { rows } = await docket.db.query<{ row: string }>(`select t::text as row from ${table} t`)
      dump += rows.map((row) => row.row).join('\n')
    }
    for (const each of [key, test]) {
      const secret = each.slice(8)
      const forms = [
        each,
        secret,
        Buffer.from(each).toString('hex'),
        Buffer.from(each).toString('base64'),
        Buffer.from(secret, 'base64url').toString('hex'),
      ]
      for (const form of forms) expect(dump).not.toContain(form)
      // What the dump does hold opens nothing.
      const held = [hashKey(each).toString('hex'), `\\x${hashKey(each).toString('hex')}`, hashKey(each).toString('latin1'), keyPrefix(each)]
      expect(dump).toContain(held[0])
      for (const form of held) expect(await docket.call({ key: form, action: 'balance' })).toEqual(invalid)
    }
  })

  test('S1 a key is shown once, then by its prefix', async () => {
    const { key, account } = await docket.account()
    const [row] = await listKeys(docket.db, account)
    expect(Object.values(row!).map(String).join(' ')).not.toContain(key.slice(13))
    expect(key.startsWith(row!.prefix)).toBe(true)
  })

  test('a key must match to the last character', async () => {
    const { key } = await docket.account()
    for (const wrong of [
      key.slice(0, -1),
      `${key}x`,
      key.toUpperCase(),
      key.replace('live', 'test'),
      `x${key}`,
      'x'.repeat(10_000),
      '%',
      "' or ''='",
    ]) {
      expect(await docket.call({ key: wrong, action: 'balance' })).toEqual(invalid)
    }
    expect(await docket.call({ key: ` ${key} `, action: 'balance' })).toHaveProperty('balance')
  })

  test('S1 a revoked key is refused at once on every node', async () => {
    const { key, account } = await docket.account()
    const service = await onSale(docket)
    const urls = urlsOf(docket)
    for (const url of urls) expect(await (await send(url, { key, action: 'balance' })).json()).toHaveProperty('balance')
    await revokeKey(docket.db, await keyIdOf(docket, account), docket.clock.now())
    for (const call of everyCall(key, service)) {
      const answers = await Promise.all(urls.map(async (url) => (await send(url, call)).json()))
      expect({ [String(call['action'])]: answers }).toEqual({ [String(call['action'])]: [invalid, invalid] })
    }
    // The list of services is answered from memory: the nodes hear of it a moment later.
    for (const url of urls) {
      await vi.waitFor(async () => expect(await (await send(url, { key, action: 'services' })).json()).toEqual(invalid), {
        timeout: 300_000,
        interval: 2,
      })
    }
    const { rows } = await docket.db.query(
      'select count(*)::int as count from orders o join books b on b.id = o.book_id where b.account_id = $1',
      [account],
    )
    expect(rows).toEqual([{ count: 0 }])
  })

  test('one revoked key leaves the others of its account', async () => {
    const { key, account } = await docket.account()
    const { key: other } = await addKey(docket.db, account, { test: false, label: 'other' }, docket.clock.now())
    await revokeKey(docket.db, await keyIdOf(docket, account), docket.clock.now())
    expect(await docket.call({ key, action: 'balance' })).toEqual(invalid)
    expect(await docket.call({ key: other, action: 'balance' })).toEqual({ balance: '100.00000', currency: 'USD' })
  })

  test('a suspended account is refused at once on every node', async () => {
    const { key, account } = await docket.account()
    const { key: revoked, id } = await addKey(docket.db, account, { test: false, label: '' }, docket.clock.now())
    await revokeKey(docket.db, id, docket.clock.now())
    const service = await onSale(docket)
    const urls = urlsOf(docket)
    for (const url of urls) expect(await (await send(url, { key, action: 'balance' })).json()).toHaveProperty('balance')
    await suspendAccount(docket.db, account, true, docket.clock.now())
    for (const call of everyCall(key, service)) {
      for (const url of urls) expect(await (await send(url, call)).json()).toEqual(invalid)
    }
    const { key: late } = await addKey(docket.db, account, { test: false, label: 'late' }, docket.clock.now())
    expect(await docket.call({ key: late, action: 'balance' })).toEqual(invalid)
    await suspendAccount(docket.db, account, false, docket.clock.now())
    for (const url of urls) {
      for (const each of [key, late]) expect(await (await send(url, { key: each, action: 'balance' })).json()).toHaveProperty('balance')
      expect(await (await send(url, { key: revoked, action: 'balance' })).json()).toEqual(invalid)
    }
  })

  test('a flood that is suspended stops buying', async () => {
    const { key, account } = await docket.account({ balance: '1000' })
    const service = await onSale(docket)
    const flood = Array.from({ length: 200 }, (_, index) => docket.call({ key, action: 'add', service, link: `p${index}`, quantity: 1000 }))
    await suspendAccount(docket.db, account, true, docket.clock.now())
    const { rows } = await docket.db.query('select lines from books where account_id = $1', [account])
    const answers = await Promise.all(flood)
    const bought = answers.filter((answer) => answer.order).length
    expect(answers.filter((answer) => !answer.order)).toEqual(Array.from({ length: 200 - bought }, () => invalid))
    const after = await docket.db.query('select wallet, lines from books where account_id = $1', [account])
    expect(after.rows[0].wallet).toBe(BigInt(1000 - bought) * 100_000n)
    // At most the batches that were under way when the suspension was committed.
    expect(after.rows[0].lines - rows[0].lines).toBeLessThanOrEqual(200n)
  })

  test('sandbox keys spend test money only', async () => {
    const { key, account } = await docket.account({ balance: '5' })
    const { key: test } = await addKey(docket.db, account, { test: true, label: '' }, docket.clock.now())
    expect(test).toMatch(/^dk_test_/)
    const service = await onSale(docket)
    expect(await docket.call({ key: test, action: 'balance' })).toEqual({ balance: '10000.00000', currency: 'USD' })
    const order = await placed(docket, test, { service, quantity: 1000 })
    const live = await placed(docket, key, { service, quantity: 1000 })
    expect(await docket.balance(test)).toBe('9999.00000')
    expect(await docket.balance(key)).toBe('4.00000')
    // Played by the simulated supplier, whoever fulfils the service.
    const { rows } = await docket.db.query('select supplier_id from orders where id = any($1::bigint[]) order by id', [[order, live]])
    expect(rows).toEqual([{ supplier_id: 1 }, { supplier_id: null }])
    const unknown = { error: 'Incorrect order ID' }
    expect(await docket.call({ key: test, action: 'status', order: live })).toEqual(unknown)
    expect(await docket.call({ key, action: 'status', order })).toEqual(unknown)
    expect(await docket.call({ key, action: 'cancel', order })).toEqual([{ order, cancel: unknown }])
    expect((await docket.call({ key, action: 'ledger' })).lines).toHaveLength(2)
    expect(Object.keys((await docket.call({ key, action: 'changes' })).orders)).toEqual([String(live)])
  })

  test('an account may have many test keys', async () => {
    const { account } = await docket.account()
    const keys = []
    for (let count = 0; count < 3; count += 1) keys.push(await addKey(docket.db, account, { test: true, label: '' }, docket.clock.now()))
    for (const { key } of keys) expect(await docket.balance(key)).toBe('10000.00000')
  })

  test('two test keys at once share one play book', async () => {
    const { account } = await docket.account()
    const keys = await Promise.all(
      Array.from({ length: 3 }, () => addKey(docket.db, account, { test: true, label: '' }, docket.clock.now())),
    )
    for (const { key } of keys) expect(await docket.balance(key)).toBe('10000.00000')
  })
})
