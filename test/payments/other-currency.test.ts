import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { formatAmount, placesOf, readAmount } from '../../server/payments/amounts.ts'
import { inOtherCurrency } from '../../server/payments/other-currency.ts'

const shown = (sum: string, rate: string, currency: string) =>
  formatAmount(inOtherCurrency(readAmount(sum)!, readAmount(rate)!, currency), currency)

describe('a price in another currency', () => {
  test.each([
    ['with two digits of euros', '1.23456', '0.9', 'EUR', '1.11'],
    ['with no digits of yen', '1.50', '150.1', 'JPY', '225'],
    ['with three digits of Kuwaiti dinars', '10', '0.3072', 'KWD', '3.072'],
    ['with the digits that a small price needs', '0.00087', '0.92', 'EUR', '0.0008'],
    ['with three digits that count', '0.000871', '0.92', 'EUR', '0.000801'],
    ['with digits of yen where there is less than a hundred', '0.01', '150.1', 'JPY', '1.5'],
    ['rounded half up', '0.125', '1', 'EUR', '0.125'],
    ['rounded half up at its last digit', '1.005', '1', 'EUR', '1.01'],
    ['rounded up to the next power of ten', '0.9999', '1', 'EUR', '1.00'],
    ['of zero', '0', '0.92', 'EUR', '0.00'],
    ['of zero yen', '0', '150', 'JPY', '0'],
    ['beyond what a float holds', '123456789012.12345', '10000000.000001', 'VND', '1234567890121357957'],
    ['with a rate of many digits', '1', '0.000000000123', 'BTC', '0.000000000123'],
  ])('is shown %s', (_, sum, rate, currency, text) => {
    expect(shown(sum, rate, currency)).toBe(text)
  })

  test('is off by less than half of its last digit, and by less than half a per cent', () => {
    const decimal = fc.tuple(fc.bigInt(1n, 10n ** 15n), fc.integer({ min: 0, max: 12 })).map(([digits, places]) => ({ digits, places }))
    fc.assert(
      fc.property(decimal, decimal, fc.constantFrom('EUR', 'JPY', 'KWD', 'VND', 'BTC'), (sum, rate, currency) => {
        const about = inOtherCurrency(sum, rate, currency)
        expect(about.places).toBeGreaterThanOrEqual(placesOf(currency))
        // |about − exact| × 2 ≤ one of its last digit, in whole numbers.
        const scale = 10n ** BigInt(sum.places + rate.places)
        const exact = sum.digits * rate.digits * 10n ** BigInt(about.places)
        const off = about.digits * scale - exact
        expect(2n * (off < 0n ? -off : off) <= scale).toBe(true)
        if (about.places < placesOf(currency) + 12) expect(200n * (off < 0n ? -off : off) <= exact).toBe(true)
      }),
    )
  })
})
