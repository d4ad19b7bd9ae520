import { afterEach, expect, test, vi } from 'vitest'
import { openBudget } from '../../server/fulfilment/budget.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a clock that is set back keeps no supplier waiting', () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const budget = openBudget({ atOnce: 8, aMinute: 100 })
  expect(budget.available(40)).toBe(40)
  vi.setSystemTime(Date.now() - 3_600_000)

  expect(budget.available(40)).toBe(40)
})

test('more calls than there were left are made up for, and never asked for as less than none', () => {
  const budget = openBudget({ atOnce: 8, aMinute: 10 }, () => 0)
  budget.spend(30)

  expect(budget.available(5)).toBe(0)
})
