import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callersRate, chargeFor } from '../../server/catalog/price.ts'
import { divideHalfUp, formatDecimal, formatUnits, parseDecimal, parseUnits } from '../../server/ledger/money.ts'

const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`))
/** A rate as an operator may type it. */
const rateText = fc
  .tuple(digits(1, 12), fc.option(digits(1, 12)))
  .map(([whole, fraction]) => (fraction === null ? whole : `${whole}.${fraction}`))
const quantity = fc.bigInt(0n, 10n ** 12n)
const basisPoints = fc.integer({ min: 0, max: 9999 })
const noPrices = { discountBasisPoints: 0, customRates: new Map<number, string>() }

/** A decimal text as a fraction, without any of the code under test. */
function fraction(text: string): { over: bigint; under: bigint } {
  const [whole, decimals = ''] = text.split('.')
  return { over: BigInt(whole! + decimals), under: 10n ** BigInt(decimals.length) }
}

/** Whether `units` is `over ÷ under` rounded half up: units − ½ ≤ over ÷ under < units + ½. */
function isHalfUp(units: bigint, over: bigint, under: bigint): boolean {
  return (2n * units - 1n) * under <= 2n * over && 2n * over < (2n * units + 1n) * under
}

describe('pricing', () => {
  test('M2 every charge is the exact product, rounded once', () => {
    fc.assert(
      fc.property(rateText, basisPoints, quantity, fc.boolean(), (rate, discount, counted, isPackage) => {
        const { over, under } = fraction(rate)
        const callers = callersRate(1, rate, { ...noPrices, discountBasisPoints: discount })
        const charge = chargeFor(callers.value, counted, isPackage)
        const exact = { over: over * BigInt(10_000 - discount) * counted * 100_000n, under: under * 10_000n * (isPackage ? 1n : 1000n) }
        const rounded = isHalfUp(charge, exact.over, exact.under)
        expect(rounded || (charge === 1n && exact.over > 0n && 2n * exact.over < exact.under)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('M3 what has a price is never charged as zero', () => {
    fc.assert(
      fc.property(rateText, basisPoints, quantity, fc.boolean(), (rate, discount, counted, isPackage) => {
        const { value } = callersRate(1, rate, { ...noPrices, discountBasisPoints: discount })
        expect(chargeFor(value, counted, isPackage) > 0n).toBe(fraction(rate).over > 0n && counted > 0n)
      }),
      { numRuns: 5000 },
    )
  })

  test('more never costs less, a discount never costs more', () => {
    fc.assert(
      fc.property(rateText, basisPoints, basisPoints, quantity, quantity, (rate, one, other, few, more) => {
        const charge = (discount: number, counted: bigint) =>
          chargeFor(callersRate(1, rate, { ...noPrices, discountBasisPoints: discount }).value, counted, false)
        expect(charge(one, few) <= charge(one, few + more)).toBe(true)
        expect(charge(Math.max(one, other), few) <= charge(Math.min(one, other), few)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  test('W6 the rate shown, multiplied out, is the charge', () => {
    fc.assert(
      fc.property(rateText, basisPoints, quantity, (rate, discount, counted) => {
        const callers = callersRate(1, rate, { ...noPrices, discountBasisPoints: discount })
        expect(callers.text).toMatch(/^\d+(\.\d+)?$/)
        const shown = fraction(callers.text)
        const charge = chargeFor(callers.value, counted, false)
        const rounded = isHalfUp(charge, shown.over * counted * 100n, shown.under)
        expect(rounded || (charge === 1n && 2n * shown.over * counted * 100n < shown.under)).toBe(true)
        if (discount === 0) expect(callers.text).toBe(rate)
      }),
      { numRuns: 3000 },
    )
  })

  test('an agreed rate is final, whatever the discount', () => {
    fc.assert(
      fc.property(rateText, rateText, basisPoints, (rate, custom, discount) => {
        const callers = callersRate(7, rate, { discountBasisPoints: discount, customRates: new Map([[7, custom]]) })
        expect(callers.text).toBe(custom)
        expect(callers.source).toBe('custom')
      }),
    )
  })

  test('M9 a refund and what is kept are the charge', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), fc.bigInt(1n, 10n ** 12n), fc.bigInt(0n, 10n ** 12n), (charge, ordered, left) => {
        const remains = left > ordered ? ordered : left
        const refund = divideHalfUp(charge * remains, ordered)
        expect(refund >= 0n && refund <= charge).toBe(true)
        expect(isHalfUp(refund, charge * remains, ordered)).toBe(true)
        expect(divideHalfUp(charge * ordered, ordered)).toBe(charge)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('money as text', () => {
  test('W4 every amount survives being written and read', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 17n) + 1n, 10n ** 17n - 1n), (units) => {
        const text = formatUnits(units)
        expect(text).toMatch(/^-?\d+\.\d{5}$/)
        expect(text).not.toMatch(/^-?0\d/)
        expect(parseUnits(text)).toBe(units)
      }),
      { numRuns: 5000 },
    )
  })

  test('an amount is digits and one dot, or refused', () => {
    const nearly = fc.stringMatching(/^[-+ ]?[0-9 ,]{0,14}[.,]?[0-9eE_']{0,8}$/)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (text) => {
        let units: bigint
        try {
          units = parseUnits(text)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          return
        }
        expect(text.trim()).toMatch(/^-?[0-9]{1,12}(\.[0-9]{1,5})?$/)
        const { over, under } = fraction(text.trim().replace('-', ''))
        expect((units < 0n ? -units : units) * under).toBe(over * 100_000n)
      }),
      { numRuns: 5000 },
    )
  })

  test('a rate is digits and one dot, or refused', () => {
    const nearly = fc.stringMatching(/^[-+ ]?[0-9 ,]{0,14}[.,]?[0-9eE_']{0,14}$/)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly, rateText), (text) => {
        let rate
        try {
          rate = parseDecimal(text)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          return
        }
        expect(text).toMatch(/^[0-9]{1,12}(\.[0-9]{1,12})?$/)
        const shown = fraction(formatDecimal(rate))
        const typed = fraction(text)
        expect(shown.over * typed.under).toBe(typed.over * shown.under)
      }),
      { numRuns: 5000 },
    )
  })
})
