import { describe, expect, test } from 'vitest'
import { type Catalogue, type Service, SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { PricesChanged } from '../../server/catalog/price.ts'
import type { PriceList } from '../../server/customers/prices.ts'
import { checkPricesAreOf, isBeyondAnyWallet, priceFor, soldTo } from '../../server/ordering/price-sale.ts'

const service: Service = {
  id: 7,
  name: '',
  category: '',
  type: 'Default',
  rate: '1.5',
  min: 1n,
  max: 10n ** 12n,
  dripfeed: false,
  refill: false,
  cancel: false,
  refillDays: null,
  refillCount: null,
  startWithin: null,
  finishWithin: null,
  compensationBasisPoints: null,
  startTime: null,
  finishTime: null,
  description: '',
  oneActiveLink: false,
  state: 'on sale',
  supplierId: 3,
  translations: {},
}
const usual: PriceList = { discountBasisPoints: 0, customRates: new Map() }
const buyer = { bookId: 1, keyId: 2, test: false, capped: false }

describe('the price of an order, whoever asks for it', () => {
  const cases: readonly [string, Partial<Service>, bigint, Partial<PriceList>, bigint][] = [
    ['the rate of the service, per thousand', {}, 333n, {}, 49_950n],
    ['one, rounded half up', {}, 1n, {}, 150n],
    ['a rate of their own', {}, 333n, { customRates: new Map([[7, '1']]) }, 33_300n],
    ['a rate of their own of another service', {}, 333n, { customRates: new Map([[8, '1']]) }, 49_950n],
    ['a discount of a tenth', {}, 333n, { discountBasisPoints: 1000 }, 44_955n],
    ['a package, which is one', { type: 'Package' }, 1n, {}, 150_000n],
    ['a post of a subscription, which is counted', { type: 'Subscriptions' }, 333n, {}, 49_950n],
    ['nothing for a subscription itself', { type: 'Subscriptions' }, 0n, {}, 0n],
  ]
  test.each(cases)('%s', (_, change, quantity, agreed, charge) => {
    expect(priceFor({ ...service, ...change }, quantity, { ...usual, ...agreed }).charge).toBe(charge)
  })

  test('more than any wallet holds is known as that', () => {
    expect(isBeyondAnyWallet(priceFor(service, 10n ** 17n, usual).charge)).toBe(true)
    expect(isBeyondAnyWallet(2n ** 63n - 1n)).toBe(false)
  })

  test('it goes to whoever has it already, else to the simulated supplier for test money, else to the supplier of the service', () => {
    const price = priceFor(service, 333n, usual)
    const none = { parameters: null, activeLink: null, retry: null, post: null, supplierId: null } as const
    const sale = { ...none, service, kind: 'single', quantity: 333n, price, link: 'https://example.com' } as const
    const supplierOf = (test: boolean, supplierId: number | null = null) => soldTo({ ...buyer, test }, { ...sale, supplierId }).supplierId
    expect(supplierOf(false)).toBe(3)
    expect(supplierOf(true)).toBe(SIMULATED_SUPPLIER)
    expect(supplierOf(true, 9)).toBe(9)
    expect(soldTo(buyer, sale)).toMatchObject({ charge: price.charge, rate: price.rate, serviceId: 7, bookId: 1, keyId: 2 })
  })

  test('prices that are older than the catalogue are read again', () => {
    const catalogue = (version: bigint) => ({ version }) as Catalogue
    expect(() => checkPricesAreOf(catalogue(6n), { pricesVersion: 5n })).toThrow(PricesChanged)
    expect(() => checkPricesAreOf(catalogue(5n), { pricesVersion: 5n })).not.toThrow()
  })
})
