import type { z } from 'zod'
import { beforeAll, describe, expect, test } from 'vitest'
import { acts } from '../../server/acts/acts.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { lists } from '../../server/operator-api/lists.ts'
import { OPERATOR_API, pathOf } from '../../server/operator-api/route.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { type Described, describedBy } from './described.ts'

const docket = openDocket({ DOCKET_SECRET: 'a secret of this test, long enough' })
let api: Described
let owner: number

beforeAll(async () => {
  const house = houseOf(docket.db, docket.clock.now)
  owner = (await run(house, staffAdd, { email: 'owner@example.com', name: 'Owner', role: 'owner' })).staff
  api = await describedBy(docket, (await run(house, staffTokenAdd, { staff: owner })).token)
})

/** An act that is taken by its schema, tried and done. Answers its result. */
async function done(name: string, input: object): Promise<any> {
  const path = pathOf({ name })
  expect({ name, faults: api.takes(path, input) }).toEqual({ name, faults: [] })
  const tried = await api.call('post', path, { body: { ...input, dry_run: true } })
  expect({ name, ...tried }).toMatchObject({ name, status: 200, answer: { dry_run: true, line: null } })
  const { status, answer } = await api.call('post', path, { body: input })
  expect({ name, status, answer }).toMatchObject({ name, status: 200, answer: { dry_run: false, line: expect.any(Number) } })
  return answer.result
}

describe('the OpenAPI document of the operator’s API', () => {
  test('a list answers as it says, empty and with rows', async () => {
    const words: Readonly<Record<string, string>> = { by: 'day', from: '2026-03-01', to: '2026-03-01' }
    for (const { name, filters } of lists) {
      const { parameters } = api.document.paths[`${OPERATOR_API}/${name}`].get as { parameters: { name: string; required?: boolean }[] }
      const needed = parameters.filter(({ required }) => required).map((each) => each.name)
      expect(needed).toEqual(Object.entries(filters.shape).filter(([, field]) => !(field as z.ZodType).isOptional()).map(([filter]) => filter)) // prettier-ignore
      const query = new URLSearchParams(needed.map((filter) => [filter, words[filter] ?? '1']))
      // Nothing was exported and no page written yet.
      const status = needed.includes('export') || needed.includes('page') ? 404 : 200
      expect(await api.call('get', `/${name}`, { query: `?${query.toString()}` })).toMatchObject({ status })
      expect(await api.call('get', `/${name}`, { query: '?no_such_filter=1' })).toMatchObject({ status: 400 })
    }
  })

  test('an act answers as it says when a field is wrong, and when nobody is known', async () => {
    for (const act of acts) {
      const path = pathOf(act)
      const body = { no_such_field: 1 }
      expect(api.takes(path, body)).not.toEqual([])
      expect(await api.call('post', path, { body })).toMatchObject({ status: 400 })
      expect(await api.call('post', path, { body: {}, bearer: 'dk_staff_nobody' })).toMatchObject({ status: 401 })
    }
  })

  test('acts are taken as it says, and answer as it says, tried and done', async () => {
    const service = await onSale(docket, { name: 'Views', rate: '1', cancel: true, refill: true })
    const { account } = await done('account add', { email: 'buyer@example.com', balance: '100', note: 'by bank' })
    await done('fund', { account, amount: '5', note: 'by bank' })
    await done('account note', { account, note: 'pays late' })
    await done('account set', { account, discount: '5' })
    const { key } = await done('key add', { account })
    expect(key).toEqual(expect.anything())
    await done('service import', {
      services: [{ service: 900, name: 'Clicks', type: 'Default', category: 'Ads', rate: '2', min: 1, max: 1000 }],
    })
    await done('service set', { service, rate: '1.5' })
    await done('group add', { name: 'wholesale' })
    await done('house-rule add', { kind: 'host', pattern: 'bad.example', reason: 'asked for' })
    await done('supplier add', { name: 'by hand', protocol: 'manual' })
    const { order } = await done('order add', { account, service, link: 'https://example.com/p', quantity: 10 })
    await done('order note', { order, note: 'asked by mail' })
    await done('settings set', { name: 'Shop' })
    await done('staff add', { email: 'support@example.com', name: 'Support', role: 'support' })
    await done('staff-token add', { staff: owner })
    await done('account suspend', { account })
    await done('account resume', { account })
    expect(await api.call('post', '/acts/staff-set', { body: { staff: 999, role: 'support' } })).toMatchObject({ status: 404 })
    expect(await api.call('post', '/acts/staff-end', { body: { staff: owner } })).toMatchObject({ status: 409 })
    for (const name of ['accounts', 'keys', 'log', 'staff', 'services', 'suppliers', 'orders'])
      expect((await api.call('get', `/${name}`)).answer.rows.length).toBeGreaterThan(0)
  })
})
