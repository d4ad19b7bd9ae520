import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, exchangeCost, isRate, priceFor, readPriceRule } from '../../server/catalog/margin.ts'
import { parseDecimal } from '../../server/ledger/money.ts'

const decimal = (wholeDigits: number) =>
  fc
    .tuple(
      fc.bigInt({ min: 0n, max: 10n ** BigInt(wholeDigits) - 1n }),
      fc.integer({ min: 0, max: 12 }),
      fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
    )
    .map(([whole, places, fraction]) =>
      places === 0 ? whole.toString() : `${whole}.${fraction.toString().padStart(12, '0').slice(0, places)}`,
    )
const aboveZero = (text: string) => /[1-9]/.test(text)
const rule = fc.record({ percent: decimal(4), add: decimal(4), step: decimal(3).filter(aboveZero) }).map(readPriceRule)

/** digits at twelve places: whole numbers that compare as the decimals do. */
const at12 = (text: string) => {
  const { digits, places } = parseDecimal(text)
  return digits * 10n ** BigInt(12 - places)
}

describe('a price made of a cost', () => {
  test('is never below the cost', () => {
    fc.assert(
      fc.property(decimal(8), rule, (cost, rule) => {
        expect(at12(priceFor(parseDecimal(cost), rule)) >= at12(cost)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('is never below the cost with its margin, and less than a step above it', () => {
    fc.assert(
      fc.property(decimal(8), rule, (cost, rule) => {
        const { digits, places } = parseDecimal(cost)
        // Everything times 10^40: whole numbers, written out independently of the code under test.
        const scale = (value: { digits: bigint; places: number }) => value.digits * 10n ** BigInt(40 - value.places)
        const percent = scale({ digits: digits * rule.percent.digits, places: places + rule.percent.places + 2 })
        const exact = scale({ digits, places }) + percent + scale(rule.add)
        const price = scale(parseDecimal(priceFor(parseDecimal(cost), rule)))
        expect(price >= exact).toBe(true)
        expect(price - exact < scale(rule.step)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('is a multiple of the step', () => {
    fc.assert(
      fc.property(decimal(8), rule, (cost, rule) => {
        const price = at12(priceFor(parseDecimal(cost), rule))
        expect(price % (rule.step.digits * 10n ** BigInt(12 - rule.step.places))).toBe(0n)
      }),
      { numRuns: 5000 },
    )
  })

  test('never falls when the cost rises', () => {
    fc.assert(
      fc.property(decimal(8), decimal(8), rule, (one, other, rule) => {
        const [low, high] = at12(one) <= at12(other) ? [one, other] : [other, one]
        expect(at12(priceFor(parseDecimal(low), rule)) <= at12(priceFor(parseDecimal(high), rule))).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test.each([
    ['0.90', { percent: '20%', add: '0', step: '0.01' }, '1.08'],
    ['0.90', { percent: '20', add: '0.05', step: '0.01' }, '1.13'],
    ['0.901', { percent: '20 %', add: '0', step: '0.01' }, '1.09'],
    ['1', { percent: '0', add: '0', step: '1' }, '1.00'],
    ['1.000000000001', { percent: '0', add: '0', step: '1' }, '2.00'],
    ['0.0003', { percent: '33.33', add: '0', step: '0.0001' }, '0.0004'],
    ['1', { percent: '0', add: '0', step: '0.03' }, '1.02'],
    ['0', { percent: '20', add: '0.05', step: '0.01' }, '0.05'],
  ])('%s with %j is %s', (cost, rule, price) => {
    expect(priceFor(parseDecimal(cost), readPriceRule(rule))).toBe(price)
  })

  test.each([
    { percent: '-5', add: '0', step: '0.01' },
    { percent: '1e2', add: '0', step: '0.01' },
    { percent: '20', add: '0,05', step: '0.01' },
    { percent: '20', add: '0', step: '0' },
    { percent: '', add: '0', step: '0.01' },
  ])('a rule like %j is refused', (rule) => {
    expect(() => readPriceRule(rule)).toThrow(/like|above zero/)
  })
})

describe('a cost in another currency', () => {
  test('is never exchanged to less than it is, nor to a rate that cannot be kept', () => {
    fc.assert(
      fc.property(decimal(12), decimal(4).filter(aboveZero), (cost, rate) => {
        const exchanged = exchangeCost(cost, parseDecimal(rate))
        if (exchanged === null) return
        const [a, b] = [parseDecimal(cost), parseDecimal(rate)]
        const exact = { digits: a.digits * b.digits, places: a.places + b.places }
        expect(isRate(exchanged)).toBe(true)
        expect(compare(parseDecimal(exchanged), exact) >= 0n).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('at a rate of one it stays what it was', () => {
    fc.assert(
      fc.property(decimal(12), (cost) => {
        expect(compare(parseDecimal(exchangeCost(cost, { digits: 1n, places: 0 })!), parseDecimal(cost))).toBe(0n)
      }),
    )
  })

  test.each(['-1', '1e3', '1234567890123', '', 'free', '1.0000000000001'])('"%s" is no cost', (cost) => {
    expect(exchangeCost(cost, { digits: 1n, places: 0 })).toBeNull()
  })
})
