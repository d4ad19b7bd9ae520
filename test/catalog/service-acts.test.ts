import { beforeAll, describe, expect, test } from 'vitest'
import { acts } from '../../server/acts/acts.ts'
import type { House } from '../../server/acts/house.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { listCategories } from '../../server/catalog/categories.ts'
import { setCustomRate } from '../../server/catalog/import.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { everyPermission } from '../../server/staff/roles.ts'
import { answerOf, houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { toldSupplier } from '../support/told-supplier.ts'

const docket = openDocket()
let house: House
beforeAll(() => {
  house = houseOf(docket.db, docket.clock.now)
})

const named = (name: string) => acts.find((act) => act.name === name)!
const done = (name: string, input: object): Promise<any> => run(house, named(name), input)
const dry = async (name: string, input: object): Promise<any> => (await answerOf(house, named(name), input, { dryRun: true })).result
const lineOf = async (name: string, input: object) => Number((await answerOf(house, named(name), input)).line)
const is = async (service: number) => (await docket.db.query('select * from services where id = $1', [service])).rows[0]

let categories = 0
async function category(services: number, rate = '1'): Promise<{ name: string; services: number[] }> {
  categories += 1
  const name = `Category ${categories}`
  const made: number[] = []
  for (let each = 0; each < services; each += 1) made.push(await docket.service({ category: name, rate }))
  return { name, services: made }
}

async function costing(service: number, cost: string) {
  await done('service bind', { service, supplier: 'simulated', cost_rate: cost })
}

describe('many services changed at once', () => {
  test('are all changed, in one line of the log, or none is', async () => {
    const [a, b] = [await docket.service({ rate: '1' }), await docket.service({ rate: '1' })]
    const line = await lineOf('service set-many', {
      rows: [
        { service: a, values: { rate: '1.50', name: 'Renamed', max: 500 } },
        { service: b, values: { state: 'hidden', start_within: 60 } },
      ],
    })
    expect(await is(a)).toMatchObject({ rate: '1.50', name: 'Renamed', max: 500n, state: 'on sale' })
    expect(await is(b)).toMatchObject({ rate: '1', state: 'hidden', start_within: 60 })
    const { rows } = await docket.db.query('select before, after from staff_log where line = $1', [line])
    expect(rows[0].before).toEqual({
      services: { [a]: { rate: '1', name: `Service ${a}`, max: 1_000_000 }, [b]: { state: 'on sale', start_within: null } },
    })

    const wrong = [
      { service: a, values: { rate: '9' } },
      { service: b, values: { min: 10, max: 5 } },
    ]
    await expect(done('service set-many', { rows: wrong })).rejects.toMatchObject({ code: 'contradictory_service' })
    await expect(done('service set-many', { rows: [wrong[0], { service: 888_888, values: { rate: '1' } }] })).rejects.toThrow('888888')
    expect((await is(a)).rate).toBe('1.50')
  })

  test('are refused with both values when somebody else changed one meanwhile', async () => {
    const service = await docket.service({ rate: '1' })
    await done('service set', { service, rate: '1.20' })
    const rows = [{ service, values: { rate: '1.10' }, seen: { rate: '1' } }]
    await expect(done('service set-many', { rows })).rejects.toThrow(
      `service ${service}, rate: it was 1, somebody made it 1.20, and you want 1.10`,
    )
    await expect(done('service set-many', { rows })).rejects.toMatchObject({ code: 'services_changed_meanwhile' })
    expect((await is(service)).rate).toBe('1.20')
    // Another value of the row is nobody's clash.
    await done('service set-many', { rows: [{ service, values: { max: 7 }, seen: { max: 1_000_000 } }] })
    expect(await is(service)).toMatchObject({ rate: '1.20', max: 7n })
  })

  test('by two people at one price at once: one is refused', async () => {
    const service = await docket.service({ rate: '1' })
    const ask = (rate: string) => done('service set-many', { rows: [{ service, values: { rate }, seen: { rate: '1' } }] })
    const outcomes = await Promise.allSettled([ask('2'), ask('3')])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((each) => each.status === 'rejected')).toMatchObject({ reason: { code: 'services_changed_meanwhile' } })
  })

  test('need the permission for prices as soon as one is a price', async () => {
    const service = await docket.service()
    const actor = { ...machineUser('helper'), may: new Set(everyPermission.filter((each) => each !== 'services.price')) }
    const ask = (values: object) => answerOf(house, named('service set-many'), { rows: [{ service, values }] }, {}, actor)
    await expect(ask({ rate: '2' })).rejects.toMatchObject({ code: 'act_not_allowed' })
    await ask({ max: 50 })
  })
})

describe('prices', () => {
  test('are set by a margin over the cost, rounded up', async () => {
    const { name, services } = await category(3, '5')
    await costing(services[0]!, '1')
    await costing(services[1]!, '0.333')
    const result = await done('service reprice', { category: name, margin: '20%', step: '0.01' })
    expect(result).toEqual({ changed: 2, without_cost: [services[2]] })
    expect([(await is(services[0]!)).rate, (await is(services[1]!)).rate, (await is(services[2]!)).rate]).toEqual(['1.20', '0.40', '5'])
  })

  test('are raised and lowered by a percentage', async () => {
    const service = await docket.service({ rate: '0.90' })
    await done('service reprice', { services: [service], change: '+5%' })
    expect((await is(service)).rate).toBe('0.945')
    await done('service reprice', { services: [service], change: '-10%', step: '0.01' })
    expect((await is(service)).rate).toBe('0.86')
    await expect(done('service reprice', { services: [service], change: '-100%' })).rejects.toMatchObject({ code: 'incorrect_act_field' })
    await expect(done('service reprice', { services: [service] })).rejects.toMatchObject({ code: 'one_way_to_price' })
    await expect(done('service reprice', { margin: '5' })).rejects.toMatchObject({ code: 'say_one_of' })
  })

  test('are refused below cost, unless that is wanted', async () => {
    const service = await docket.service({ rate: '1' })
    await costing(service, '0.95')
    await expect(done('service reprice', { services: [service], change: '-10%' })).rejects.toMatchObject({ code: 'below_cost' })
    const rows = [{ service, values: { rate: '0.90' } }]
    await expect(done('service set-many', { rows })).rejects.toThrow(`service ${service}: 0.9, and simulated takes 0.95`)
    await expect(done('service set', { service, rate: '0.90' })).rejects.toMatchObject({ code: 'below_cost' })
    await done('service set-many', { rows, below_cost: true })
    expect((await is(service)).rate).toBe('0.90')
  })

  test('are previewed: which, whom they do not reach, and what falls below cost', async () => {
    const service = await docket.service({ rate: '1' })
    await costing(service, '0.85')
    const [agreed, off] = [await docket.account(), await docket.account()]
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, agreed.account, service, '0.92'))
    await changeCatalogue(docket.db, (tx) => setAccount(tx, off.account, { discountBasisPoints: 1000 }))
    const { prices, effects } = await dry('service reprice', { services: [service], change: '-10%' })
    expect(prices).toEqual([{ service, old: '1', new: '0.90' }])
    expect(effects.agreed).toMatchObject([{ account: agreed.account, service, rate: '0.92' }])
    expect(effects.discounts).toEqual([{ discount_percent: 10, accounts: 1 }])
    expect(effects.below_cost).toMatchObject([{ service, account: off.account, source: '10%', price: '0.81', cost: '0.85' }])
    expect((await is(service)).rate).toBe('1')
  })
})

describe('an undo', () => {
  test('puts back what a line of the log changed, and can be undone itself', async () => {
    const [a, b] = [await docket.service({ rate: '1' }), await docket.service({ rate: '2' })]
    const line = await lineOf('service reprice', { services: [a, b], change: '+50%' })
    const undo = await lineOf('service undo', { line })
    expect([(await is(a)).rate, (await is(b)).rate]).toEqual(['1', '2'])
    await done('service undo', { line: undo })
    expect([(await is(a)).rate, (await is(b)).rate]).toEqual(['1.50', '3.00'])
  })

  test('also of one service, of its words, and of a whole category', async () => {
    const { name, services } = await category(2)
    const [service] = services as [number]
    const set = await lineOf('service set', { service, min: 5, finish_within: 90 })
    const words = await lineOf('service words', { service, language: 'sl', name: 'Podnapisi' })
    const hidden = await lineOf('category set', { category: name, state: 'hidden', name: `${name} renamed` })
    for (const line of [hidden, words, set]) await done('service undo', { line })
    expect(await is(service)).toMatchObject({ min: 1n, finish_within: null, translations: {}, state: 'on sale', category: name })
  })

  test('is refused with both values over a later change', async () => {
    const service = await docket.service({ rate: '1' })
    const line = await lineOf('service set', { service, rate: '2' })
    await done('service set', { service, rate: '3' })
    await expect(done('service undo', { line })).rejects.toThrow(`service ${service}, rate: it was 2, somebody made it 3, and you want 1`)
    expect((await is(service)).rate).toBe('3')
  })

  test('is refused for what is no change of services', async () => {
    const line = await lineOf('supplier currency', { code: 'USD' })
    await expect(done('service undo', { line })).rejects.toMatchObject({ code: 'not_undoable' })
    await expect(done('service undo', { line: 9_999_999 })).rejects.toMatchObject({ code: 'no_such_line' })
  })
})

describe('the order of the list', () => {
  const orderOf = async (name: string) =>
    (await docket.db.query<{ id: number }>('select id from services where category = $1 order by position, id', [name])).rows.map(
      ({ id }) => id,
    )

  test('is changed service by service within a category', async () => {
    const { name, services } = await category(3)
    const [a, b, c] = services as [number, number, number]
    await done('service move', { service: c, before: a })
    expect(await orderOf(name)).toEqual([c, a, b])
    await done('service move', { service: c, after: a })
    expect(await orderOf(name)).toEqual([a, c, b])
    await done('service move', { service: a, to: 'last' })
    expect(await orderOf(name)).toEqual([c, b, a])
    const { services: others } = await category(1)
    await expect(done('service move', { service: a, before: others[0] })).rejects.toMatchObject({ code: 'another_category' })
  })

  test('is changed category by category, and brings scattered services together', async () => {
    const [one, two] = [await category(1), await category(1)]
    await docket.service({ category: one.name })
    const names = async () =>
      (await listCategories(docket.db)).map((each) => each.category).filter((name) => [one.name, two.name].includes(name))
    expect((await listCategories(docket.db)).find((each) => each.category === one.name)).toMatchObject({ onSale: 2, scattered: true })
    await done('category move', { category: two.name, before: one.name })
    expect(await names()).toEqual([two.name, one.name])
    expect((await listCategories(docket.db)).find((each) => each.category === one.name)).toMatchObject({ scattered: false })
    await done('category move', { category: one.name, to: 'first' })
    expect((await listCategories(docket.db))[0]).toMatchObject({ category: one.name })
    await expect(done('category move', { category: 'Nowhere', to: 'first' })).rejects.toMatchObject({ code: 'unknown_category' })
  })

  test('of suppliers can be changed, which keeps their costs and numbers', async () => {
    const service = await docket.service()
    const [first, second] = [await toldSupplier(docket), await toldSupplier(docket)]
    for (const { name } of [first, second]) await done('service bind', { service, supplier: name, their_service: '7', cost_rate: '0.5' })
    await done('service prefer', { service, supplier: second.name })
    expect((await is(service)).supplier_id).toBe(second.id)
    const bindings =
      'select supplier_id as id, position, their_service, cost_rate from service_suppliers where service_id = $1 order by position'
    const kept = { their_service: '7', cost_rate: '0.5' }
    expect((await docket.db.query(bindings, [service])).rows).toEqual([
      { id: second.id, position: 1, ...kept },
      { id: first.id, position: 2, ...kept },
    ])
    await done('service unbind', { service, supplier: second.name })
    expect((await is(service)).supplier_id).toBe(first.id)
    await expect(done('service prefer', { service, supplier: second.name })).rejects.toMatchObject({ code: 'not_bound' })
  })

  test('has a copy behind its original, hidden, with its suppliers', async () => {
    const service = await docket.service({ rate: '0.70' })
    await costing(service, '0.5')
    const { service: copy } = await done('service duplicate', { service, name: 'The copy' })
    expect(await is(copy)).toMatchObject({ name: 'The copy', state: 'hidden', rate: '0.70', supplier_id: (await is(service)).supplier_id })
    expect((await docket.db.query('select cost_rate from service_suppliers where service_id = $1', [copy])).rows).toEqual([
      { cost_rate: '0.5' },
    ])
  })
})
