import { expect, test } from 'vitest'
import { SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import type { Standing, Supplier } from '../../server/suppliers/supplier.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const { clock } = docket

/** An order of two hours ago at a supplier that says what it is told to say. */
async function oldOrder() {
  const service = await docket.service({ rate: '1' }, { supplier: 'simulated' })
  const { key } = await docket.account({ balance: '100' })
  const { order } = await docket.call({ key, action: 'add', service, link: 'https://example.com/old', quantity: 1000 })
  const said: Standing = { status: 'In progress', startCount: 5n, remains: 600n, cost: '0.5', currency: 'USD', words: 'In progress' }
  let asked = 0
  let isAway = false
  const say = { ...said }
  const supplier: Supplier = {
    ...simulatedSupplier({ db: docket.db, now: clock.now, speed: 1 }),
    status: async (references) => {
      if (isAway) throw new Error('away')

      asked += references.filter((reference) => reference === `sim-${order}`).length
      return new Map(references.map((reference) => [reference, { kind: 'read', standing: { ...say } }]))
    },
  }
  const context = { db: docket.db, now: clock.now, supplierId: SIMULATED_SUPPLIER, supplier }
  await handOff(context)
  clock.forward({ hours: 2 })
  await poll(context)
  return {
    say,
    setAway: (away: boolean) => void (isAway = away),
    /** Asks the supplier for what is due, and answers what its row says then. */
    async look() {
      asked = 0
      await poll(context)
      const { rows } = await docket.db.query<{ cost: string; pause: number }>(
        `select h.cost, extract(epoch from least(h.due_at, l.due_at) - $2::timestamptz)::int as pause
        from hand_offs h join poll_lists l on l.id = h.poll_list where h.order_id = $1`,
        [order, clock.now()],
      )
      return { ...rows[0]!, asked }
    },
    status: () => docket.call({ key, action: 'status', order }),
  }
}

test('an old order is asked for every three minutes, and never while an answer is under way', async () => {
  const it = await oldOrder()
  clock.forward({ minutes: 3, seconds: 1 })
  expect(await it.look()).toMatchObject({ asked: 1, pause: 180 })
  expect(await it.look()).toMatchObject({ asked: 0 })
})

test('what an old order comes to is settled, and its new cost is kept', async () => {
  const it = await oldOrder()
  clock.forward({ minutes: 3, seconds: 1 })
  Object.assign(it.say, { remains: 100n, cost: '0.9' })
  expect(await it.look()).toMatchObject({ asked: 1, cost: '0.9', pause: 180 })
  expect(await it.status()).toMatchObject({ status: 'In progress', remains: '100', start_count: '5' })

  clock.forward({ minutes: 3, seconds: 1 })
  Object.assign(it.say, { status: 'Partial' })
  await it.look()
  expect(await it.status()).toMatchObject({ status: 'Partial', remains: '100' })
})

test('a supplier that is away is asked again soon, however old the order', async () => {
  const it = await oldOrder()
  clock.forward({ minutes: 3, seconds: 1 })
  it.setAway(true)
  await expect(it.look()).rejects.toThrow('away')
  it.setAway(false)
  clock.forward({ seconds: 6 })
  expect(await it.look()).toMatchObject({ asked: 1 })
})
