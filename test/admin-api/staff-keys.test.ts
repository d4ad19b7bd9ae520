import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { staffKeyRevoke } from '../../server/acts/staff-key-revoke.ts'
import { openDocket } from '../support/docket.ts'
import { addStaffClient, addManualSupplier, ask, customer } from './staff-client.ts'
import { houseOf, run } from '../support/acts.ts'

describe('staff keys', () => {
  const docket = openDocket()

  beforeAll(async () => {
    await addManualSupplier(docket, 'day staff')
    await addManualSupplier(docket, 'night staff')
  })

  test('H8: a missing, wrong, revoked or customer’s key is refused with 401 in the envelope, at every address', async () => {
    const { key: customersKey } = await docket.account()
    const gone = await addStaffClient(docket, 'gone')
    await run(houseOf(docket.db, docket.clock.now), staffKeyRevoke, { key: gone.keyId })
    const refusal = { status: 401, data: null, error_message: 'Invalid API key', error_code: 401 }

    for (const key of ['', 'dk_staff_wrong', gone.key, customersKey, 'x'.repeat(5000)]) {
      expect(await ask(docket, '/orders', { headers: { 'x-api-key': key } })).toEqual(refusal)
    }
    const addresses = [
      '/orders/pull',
      '/orders/update',
      '/orders/change-status',
      '/orders/cancel',
      '/orders/request-cancel',
      '/orders/1/set-partial',
    ]
    for (const path of [
      ...addresses,
      '/cancel/pull',
      '/cancel/reject',
      '/refill/pull',
      '/refill/change-status',
      '/subscriptions/1/posts',
      '/payments/add',
    ]) {
      expect(await ask(docket, path, { method: 'POST' })).toEqual(refusal)
    }
    expect(await ask(docket, '/orders/1')).toEqual(refusal)
  })

  test('S1: a database dump holds no usable staff key', async () => {
    const { key } = await addStaffClient(docket, 'dumped')
    expect(key).toMatch(/^dk_staff_[\w-]{32}$/)
    const { rows } = await docket.db.query<{ row: string }>(`select k::text as row from staff_keys k where label = 'dumped'`)
    expect(rows[0]!.row).not.toContain(key.slice(13))
  })

  test('a staff key is no customer’s key', async () => {
    const { key } = await addStaffClient(docket, 'curious')
    expect(await docket.call({ key, action: 'balance' })).toEqual({ error: 'Invalid API key' })
  })

  test('W7: a key that is restricted to suppliers neither sees nor changes the orders of others', async () => {
    const { key } = await docket.account()
    const buyer = customer(docket, key)
    const service = await docket.service({}, { supplier: 'night staff' })
    const order = await buyer.add(service)
    const day = await addStaffClient(docket, 'day', ['day staff'])
    const night = await addStaffClient(docket, 'night', ['night staff'])

    expect((await day.post('/orders/pull')).data).toEqual({ count: 0, list: [] })
    expect((await day.get('/orders')).data.list).toEqual([])
    expect((await day.get(`/orders?ids=${order}`)).data.list).toEqual([])
    expect(await day.get(`/orders/${order}`)).toMatchObject({ data: null, error_message: 'Incorrect order ID', error_code: 404 })
    expect((await day.post('/orders/cancel', { ids: order })).data).toMatchObject({ ids: [], skipped_ids: [order] })
    expect(await day.post(`/orders/${order}/set-partial`, { remains: 1000 })).toMatchObject({ error_code: 404 })
    expect(await buyer.status(order)).toMatchObject({ status: 'Pending' })
    expect((await night.post('/orders/pull')).data.list).toMatchObject([{ id: order }])
  })

  test('no key reaches an order that a program fulfils', async () => {
    const { key } = await docket.account()
    const order = await customer(docket, key).add(await docket.service({}, { supplier: 'simulated' }))
    const staff = await addStaffClient(docket, 'all')
    expect((await staff.post('/orders/update', { orders: [{ id: order, status: 'completed' }] })).data.orders).toEqual([
      { id: order, success: false, message: 'Incorrect order ID', error_code: 404 },
    ])
  })

  test('an unknown address, a body that is no object and one that is too large are answered in the envelope', async () => {
    const staff = await addStaffClient(docket, 'clumsy')
    expect(await staff.get('/nothing')).toMatchObject({ status: 404, data: null, error_code: 404 })
    const headers = { 'x-api-key': staff.key, 'content-type': 'application/json' }
    for (const body of ['[1]', '"x"', '{', 'null']) {
      expect(await ask(docket, '/orders/pull', { method: 'POST', headers, body })).toMatchObject({
        status: 200,
        data: null,
        error_code: 400,
      })
    }
    expect(await ask(docket, '/orders/pull', { method: 'POST', headers, body: `"${'x'.repeat(1_100_000)}"` })).toMatchObject({
      status: 413,
      error_code: 413,
    })
  })

  test('the command line adds, lists and revokes keys', async () => {
    const command = async (...words: string[]) => {
      const cli = fileURLToPath(new URL('../../cli/docket.mjs', import.meta.url))
      const { stdout } = await promisify(execFile)(process.execPath, [cli, 'staff-key', ...words, '--json'], {
        env: { ...process.env, DATABASE_URL: docket.databaseUrl },
      })
      return JSON.parse(stdout)
    }
    const { id, key } = await command('add', '--label', 'from the shell', '--supplier', 'day staff')
    expect(await ask(docket, '/orders', { headers: { 'x-api-key': key } })).toMatchObject({ status: 200, error_code: 0 })
    expect(await command('list')).toContainEqual(
      expect.objectContaining({ id, label: 'from the shell', suppliers: ['day staff'], prefix: key.slice(0, 13), revoked: null }),
    )
    expect(await command('revoke', String(id))).toEqual({ id, revoked: true })
    expect(await ask(docket, '/orders', { headers: { 'x-api-key': key } })).toMatchObject({ status: 401 })
  })
})

describe('guessing staff keys', () => {
  const docket = openDocket({ DOCKET_RATE_LIMIT: 'on', DOCKET_RATE_LIMIT_UNKNOWN_KEYS: '5' })

  test('is stopped by the limit of the customers’ API, and locks no right key out', async () => {
    const staff = await addStaffClient(docket, 'right')
    expect(await staff.get('/orders')).toMatchObject({ status: 200 })
    // Twice the limit and one: whichever minute the guesses fall into, one of them has more than it allows.
    const statuses: number[] = []
    for (let guess = 0; guess < 11; guess += 1) {
      statuses.push((await ask(docket, '/orders', { headers: { 'x-api-key': `dk_staff_${guess}` } })).status)
    }
    expect(statuses[0]).toBe(401)
    expect(statuses).toContain(429)
    expect(await staff.get('/orders')).toMatchObject({ status: 200 })
  })
})
