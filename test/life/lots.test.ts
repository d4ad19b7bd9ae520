import { describe, expect, test } from 'vitest'
import { SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { openBudget } from '../../server/fulfilment/budget.ts'
import { eachOfLots } from '../../server/loops/by-itself.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import type { Supplier } from '../../server/suppliers/supplier.ts'
import { openDocket } from '../support/docket.ts'

/** Work that ends when it is told to. */
function openWork() {
  const under = new Map<number, { end: () => void; fail: (error: Error) => void }>()
  let most = 0
  return {
    under,
    most: () => most,
    work: (item: number) =>
      new Promise<void>((resolve, reject) => {
        under.set(item, { end: resolve, fail: reject })
        most = Math.max(most, under.size)
      }).finally(() => under.delete(item)),
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('items that come in lots', () => {
  test('the next lot is begun while the slowest of the one before is still worked on', async () => {
    const lots = [
      [1, 2, 3],
      [4, 5],
    ]
    const { under, work, most } = openWork()
    const done = eachOfLots(async () => lots.shift() ?? [], work, 2)
    await turn()
    expect([...under.keys()]).toEqual([1, 2])
    for (const item of [2, 3, 4]) {
      under.get(item)!.end()
      await turn()
    }
    expect([...under.keys()]).toEqual([1, 5])
    under.get(1)!.end()
    under.get(5)!.end()
    await done
    expect(most()).toBe(2)
  })

  test('one that fails does not stop the others of its lot, and no further lot is taken', async () => {
    const lots = [[1, 2, 3], [4]]
    const worked: number[] = []
    const work = async (item: number) => {
      worked.push(item)
      if (item === 1) throw new Error('the first')
    }
    await expect(eachOfLots(async () => lots.shift() ?? [], work, 1)).rejects.toThrow('the first')
    expect(worked).toEqual([1, 2, 3])
    expect(lots).toEqual([[4]])
  })

  test('a lot that cannot be taken is told after the last item', async () => {
    const worked: number[] = []
    const lots: (() => number[])[] = [
      () => [1, 2],
      () => {
        throw new Error('away')
      },
    ]
    const work = async (item: number) => void worked.push(item)
    await expect(eachOfLots(async () => lots.shift()!(), work, 3)).rejects.toThrow('away')
    expect(worked).toEqual([1, 2])
  })
})

describe('orders that are accepted at the same moment', () => {
  const docket = openDocket()
  const { now } = docket.clock

  /** Orders of one customer that wait for the simulated supplier, which answers all of them at once. */
  async function handOverAtOnce(count: number, referenceOf: (n: number) => string) {
    const service = await docket.service({ rate: '1' }, { supplier: 'simulated' })
    const { key } = await docket.account({ balance: '100' })
    const orders: number[] = []
    for (let n = 0; n < count; n += 1) {
      orders.push((await docket.call({ key, action: 'add', service, link: `https://example.com/${n}`, quantity: 1000 })).order)
    }
    const answers: (() => void)[] = []
    const supplier: Supplier = {
      ...simulatedSupplier({ db: docket.db, now, speed: 1 }),
      add: ({ orderId }) =>
        new Promise((resolve) => {
          const reference = referenceOf(orders.indexOf(Number(orderId)))
          answers.push(() => resolve({ kind: 'accepted', reference, words: null }))
          if (answers.length === count) for (const answer of answers) answer()
        }),
    }
    const budget = openBudget({ atOnce: count, aMinute: 1000 })
    expect(await handOff({ db: docket.db, now, supplierId: SIMULATED_SUPPLIER, supplier, budget })).toBe(count)
    const { rows } = await docket.db.query<{ state: string; reference: string | null }>(
      'select state::text, reference from hand_offs where order_id = any($1) order by order_id',
      [orders],
    )
    return rows
  }

  test('are each recorded with the id that the supplier gave them', async () => {
    const rows = await handOverAtOnce(20, (n) => `t-${n}`)
    expect(rows).toEqual(Array.from({ length: 20 }, (_, n) => ({ state: 'sent', reference: `t-${n}` })))
  })

  test('under one id belong to one order: the others are unconfirmed, and their neighbours are recorded', async () => {
    const rows = await handOverAtOnce(5, (n) => (n < 3 ? 'the same' : `own ${n}`))
    expect(rows.filter(({ reference }) => reference === 'the same')).toEqual([{ state: 'sent', reference: 'the same' }])
    expect(rows.map(({ state }) => state).toSorted()).toEqual(['sent', 'sent', 'sent', 'unconfirmed', 'unconfirmed'])
  })
})
