import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeKey } from '../../server/customers/key.ts'
import { openDocket } from '../support/docket.ts'

// What keeps the way open to several Dockets side by side, each with its own database and accounts (docs/decisions/0087-cells-later.md).
const docket = openDocket()

test('a key has no dot, so one that names its cell before a dot is told apart for ever', () => {
  for (let turn = 0; turn < 200; turn += 1) expect(makeKey(turn % 2 === 0)).toMatch(/^dk_(live|test)_[\w-]{32}$/)
})

test('a key that names a cell is looked up like any other', async () => {
  const { account, key } = await docket.account()
  const named = key.replace('dk_live_', 'dk_live_c2.')
  await docket.db.query("insert into api_keys (account_id, hash, prefix) values ($1, $2, 'dk_live_c2.x')", [
    account,
    hash('sha256', named, 'buffer'),
  ])
  expect(await docket.call({ key: named, action: 'balance' })).toMatchObject({ balance: '100.00000' })
  expect(await docket.call({ key: named, action: 'balance' }, 'json')).toMatchObject({ balance: '100.00000' })
})

test('order ids of a cell may begin at a million millions times its number, and stay exact', async () => {
  const first = 900 * 10 ** 12
  await docket.db.query('update order_ids set next = $1', [first])
  const { key } = await docket.account()
  const service = await docket.service()
  const { order } = await docket.call({ key, action: 'add', service, link: 'https://example.com/cell', quantity: 10 })
  expect(order).toBeGreaterThanOrEqual(first)
  expect(Number.isSafeInteger(order)).toBe(true)
  expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: expect.any(String) })
  expect(await docket.call({ key, action: 'status', orders: `${order},1` })).toHaveProperty(String(order))
  expect(await docket.call({ key, action: 'changes' })).toMatchObject({ orders: { [order]: { status: 'Pending' } } })
})
