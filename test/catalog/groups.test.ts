import { beforeAll, describe, expect, test } from 'vitest'
import type { House } from '../../server/acts/house.ts'
import { acts } from '../../server/acts/acts.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setCustomRate } from '../../server/catalog/import.ts'
import { listBelowCost } from '../../server/catalog/sync-below-cost.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { catalogueIsHeard, onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'

const docket = openDocket()
let house: House
beforeAll(() => {
  house = houseOf(docket.db, docket.clock.now)
})

const done = (name: string, input: object): Promise<any> =>
  run(
    house,
    acts.find((act) => act.name === name)!,
    input,
  )
const feed = (key: string, since?: string) => docket.call({ key, action: 'service_changes', since })
const rateOf = async (key: string, service: number) =>
  (await docket.call({ key, action: 'services' })).find((each: { service: number }) => each.service === service).rate
const chargeOf = async (key: string, service: number) => {
  await catalogueIsHeard(docket)
  const order = await placed(docket, key, { service, quantity: 1000 })
  return (await docket.call({ key, action: 'status', order })).charge
}

let groups = 0
async function newGroup(given: { discount?: string; rates?: object[]; accounts?: number[] } = {}): Promise<number> {
  groups += 1
  const { group } = await done('group add', { name: `Group ${groups}`, discount: given.discount ?? '0' })
  if (given.rates) await done('group rates', { group, rates: given.rates })
  if (given.accounts) await done('group move', { group, accounts: given.accounts })
  return group
}

describe('a group of customers', () => {
  test('pays its rates; an own rate comes first, then that of the group, then the larger discount', async () => {
    const [agreed, other] = [await onSale(docket, { rate: '1' }), await onSale(docket, { rate: '1' })]
    const [plain, own] = [await docket.account({ balance: '50' }), await docket.account({ balance: '50' })]
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, own.account, agreed, '0.70'))
    await changeCatalogue(docket.db, (tx) => setAccount(tx, own.account, { discountBasisPoints: 2000 }))
    await newGroup({ discount: '10', rates: [{ service: agreed, rate: '0.80' }], accounts: [plain.account, own.account] })

    expect(await chargeOf(plain.key, agreed)).toBe('0.80000')
    expect(await chargeOf(plain.key, other)).toBe('0.90000')
    expect(await chargeOf(own.key, agreed)).toBe('0.70000')
    expect(await chargeOf(own.key, other)).toBe('0.80000')
    expect(await rateOf(plain.key, agreed)).toBe('0.80')
  })

  test('tells its accounts what changes for them, and nobody else', async () => {
    const service = await onSale(docket, { rate: '1' })
    const [member, stranger, own] = [await docket.account(), await docket.account(), await docket.account()]
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, own.account, service, '0.60'))
    const before = await Promise.all([member, stranger, own].map(async ({ key }) => (await feed(key)).cursor))
    const group = await newGroup({ rates: [{ service, rate: '0.80' }], accounts: [member.account, own.account] })
    const changesOf = async () => {
      const found = await Promise.all([member, stranger, own].map(async ({ key }, index) => (await feed(key, before[index])).prices))
      return found.map((prices) => prices.filter((each: { service: number }) => each.service === service))
    }

    expect(await changesOf()).toEqual([[{ service, old_rate: '1', rate: '0.80' }], [], []])
    await done('group rates', { group, rates: [{ service, rate: '0.75' }] })
    expect(await changesOf()).toEqual([[{ service, old_rate: '1', rate: '0.75' }], [], []])
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, own.account, service, null))
    expect((await changesOf())[2]).toEqual([{ service, old_rate: '0.60', rate: '0.75' }])
    await done('group remove', { group })
    expect(await changesOf()).toEqual([[], [], [{ service, old_rate: '0.60', rate: '1' }]])
  })

  test('has its discount told once it is the larger one', async () => {
    const service = await onSale(docket, { rate: '1' })
    const { key, account } = await docket.account()
    await changeCatalogue(docket.db, (tx) => setAccount(tx, account, { discountBasisPoints: 500 }))
    const group = await newGroup({ discount: '3', accounts: [account] })
    const { cursor } = await feed(key)
    await done('group set', { group, discount: '4' })
    expect((await feed(key, cursor)).prices).toEqual([])
    await done('group set', { group, discount: '10' })
    expect((await feed(key, cursor)).prices).toContainEqual({ service, old_rate: '0.95', rate: '0.90' })
  })

  test('is among the prices below cost', async () => {
    const service = await docket.service({ rate: '1' })
    await done('service bind', { service, supplier: 'simulated', cost_rate: '0.85' })
    const { account } = await docket.account()
    await newGroup({ discount: '20', accounts: [account] })
    const below = await listBelowCost(docket.db, 1000)
    expect(below.filter((each) => each.service === service && each.account === account)).toMatchObject([
      { account, source: '20%', price: '0.8', cost: '0.85' },
    ])
  })

  test('has a name of its own, and at most a thousand rates', async () => {
    const group = await newGroup()
    await expect(done('group add', { name: `group ${groups}` })).rejects.toMatchObject({ code: 'group_name_taken' })
    await expect(done('group move', { group, accounts: [999_999] })).rejects.toMatchObject({ code: 'unknown_account' })
    await expect(done('group move', { group: 999_999, accounts: [1] })).rejects.toMatchObject({ code: 'unknown_group' })
    await expect(done('group rates', { group, rates: [{ service: 888_888, rate: '1' }] })).rejects.toMatchObject({
      code: 'unknown_service',
    })
  })
})
