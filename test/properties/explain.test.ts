import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { openDocket } from '../support/docket.ts'
import { catalogueIsHeard, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

describe('any life of an order', () => {
  const docket = openDocket()

  const word = fc.constantFrom<OrderStatus>('In progress', 'Completed', 'Partial', 'Canceled')
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ status: word, remains: fc.option(fc.integer({ min: -5, max: 3000 })) }) },
    { weight: 2, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 40 }) }) },
  )
  const life = fc.record({
    service: fc.nat(4),
    quantity: fc.integer({ min: 1, max: 2500 }),
    runs: fc.option(fc.integer({ min: 2, max: 5 })),
    steps: fc.array(step, { maxLength: 5 }),
  })

  test('its explanation adds up again to its charge and to each of its refunds, to the last unit', async () => {
    const promise = { start_within: 300, finish_within: 1200, when_missed: 'compensate' }
    const services = [
      await onSale(docket, { rate: '0.90', cancel: true, dripfeed: true }),
      await onSale(docket, { rate: '7.77777', dripfeed: true, ...promise, compensation_basis_points: 3333 }),
      await onSale(docket, { rate: '0.00123', dripfeed: true, ...promise, compensation_basis_points: 9999 }),
      await onSale(docket, { rate: '3.10101', ...promise, when_missed: 'cancel' }),
      await onSale(docket, { rate: '4.56789', type: 'Package', ...promise, compensation_basis_points: 1234 }),
    ]
    const seen = new Set<string>()

    const lives = fc.asyncProperty(
      fc.array(life, { minLength: 5, maxLength: 25 }),
      fc.constantFrom(0, 750, 3333),
      async (orders, discount) => {
        const { key, account } = await docket.account({ balance: '1000' })
        await changeCatalogue(docket.db, (tx) => setAccount(tx, account, { discountBasisPoints: discount }))
        await catalogueIsHeard(docket)
        const ids: number[] = []
        for (const { service, quantity, runs } of orders) {
          const more = runs === null || service > 2 ? {} : { runs, interval: 5 }
          ids.push(await placed(docket, key, { service: services[service], quantity, ...more }))
        }
        for (let at = 0; at < 5; at += 1) {
          for (const [n, { steps }] of orders.entries()) {
            const one = steps[at]
            if (one && 'status' in one) await tell(docket, ids[n]!, one.status, one.remains === null ? {} : { remains: one.remains })
            else if (one) docket.clock.forward({ hours: one.hours })
          }
          for (let judged = -1; judged !== 0;) judged = await workPromises(docket.db, docket.clock.now)
        }
        const { lines } = await docket.call({ key, action: 'ledger' })
        for (const id of ids) addsUp(await docket.call({ key, action: 'status', order: id, explain: 1 }), lines)
      },
    )
    await fc.assert(lives, { numRuns: 12, endOnFailure: true })
    // Enough of each to mean something.
    expect([...seen].toSorted()).toEqual(['canceled', 'partial', 'promise', 'rate'])

    /** By the words of the explanation alone, with arithmetic of its own. */
    function addsUp({ charge: kept, explain }: any, lines: any[]) {
      const { charge, given_back } = explain
      for (const { by } of [charge, ...given_back]) seen.add(by)
      const { rate, per, quantity, amount } = charge
      const [whole, fraction = ''] = rate.split('.')
      const product = BigInt(whole + fraction) * BigInt(quantity) * 100_000n
      const rounded = halfUp(product, 10n ** BigInt(fraction.length) * BigInt(per))
      expect(units(amount)).toBe(rounded === 0n ? 1n : rounded)
      let left = units(amount)
      for (const one of given_back) {
        const share =
          one.by === 'canceled'
            ? left
            : one.by === 'partial'
              ? halfUp(units(amount) * BigInt(one.remains), BigInt(one.quantity))
              : halfUp(units(amount) * BigInt(one.share_basis_points), 10_000n)
        expect(units(one.amount)).toBe(share < left ? share : left)
        expect(one.limited ?? false).toBe(left < share)
        left -= units(one.amount)
      }
      expect([explain.kept, kept]).toEqual([textOf(left), textOf(left)])
      const booked = [charge, ...given_back].map(({ line, hash }) => ({ line, hash }))
      expect(lines.filter((line) => booked.some((one) => one.line === line.line)).map(({ line, hash }) => ({ line, hash }))).toEqual(booked)
    }
  })
})

function units(text: string): bigint {
  return BigInt(text.replace('.', ''))
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  const [whole, rest] = [numerator / denominator, numerator % denominator]
  return rest * 2n >= denominator ? whole + 1n : whole
}

function textOf(amount: bigint): string {
  const digits = amount.toString().padStart(6, '0')
  return `${digits.slice(0, -5)}.${digits.slice(-5)}`
}
