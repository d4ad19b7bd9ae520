import { describe, expect, test } from 'vitest'
import { openDocket } from '../support/docket.ts'
import { listed, openShop } from './shop.ts'

const docket = openDocket()
const shop = openShop(docket)

const version = async () => (await docket.db.query<{ version: bigint }>('select version from catalogue')).rows[0]!.version

describe('a catalogue of 5,000 services', () => {
  test('is on sale in one turn, each service bound, none below its cost', async () => {
    const panel = await shop.panel()
    panel.lists(...Array.from({ length: 5000 }, (_, n) => listed(n + 1, { rate: `${(n % 97) + 1}.00${n % 10}`, min: n + 1, max: 10_000 })))
    const before = await version()
    const done = await panel.import()

    expect(done.added).toHaveLength(5000)
    expect((await version()) - before).toBe(1n)
    const { rows } = await docket.db.query(
      `select count(*)::int as services, count(*) filter (where s.supplier_id = b.supplier_id and s.rate::numeric >= b.cost_rate::numeric * 1.2
         and s.rate::numeric < b.cost_rate::numeric * 1.2 + 0.01 and s.min = b.their_min and s.max = 10000 and s.refill)::int as good
       from services s join service_suppliers b on b.service_id = s.id where b.supplier_id = $1`,
      [panel.id],
    )
    expect(rows).toEqual([{ services: 5000, good: 5000 }])
    const { key } = await docket.account()
    await shop.onSaleAtTheNode(key, done.added.at(-1)!.service)
    expect(await docket.call({ key, action: 'services' })).toHaveLength(5000)
  })

  test('is kept up in one turn when every cost passes its price', async () => {
    const panel = await shop.panel()
    const list = (rate: string) => Array.from({ length: 5000 }, (_, n) => listed(n + 1, { rate: `${n + 1}.${rate}` }))
    panel.lists(...list('1'))
    await panel.import({ whenCostPasses: 'raise', margin: { percent: '0', add: '0', step: '0.0001' } })
    panel.lists(...list('25'))
    const before = await version()

    const done = await panel.sync()

    expect(done).toMatchObject({ bound: 5000, costs: 5000 })
    expect(done.raised).toHaveLength(5000)
    expect((await version()) - before).toBe(1n)
  })
})
