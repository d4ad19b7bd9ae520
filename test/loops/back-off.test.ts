import { expect, test } from 'vitest'
import { backOff, pauseAfter, withJitter } from '../../server/loops/back-off.ts'

test('the pause grows with each failure up to the longest, and stays there however many follow', () => {
  const pauses = [0, 1, 2, 3, 10, 5000].map((failures) => pauseAfter(failures, { first: 5, factor: 3, longest: 600 }))
  expect(pauses).toEqual([5, 15, 45, 135, 600, 600])
})

test('what failed together does not come back together: between half of the pause and all of it', () => {
  const pauses = Array.from({ length: 200 }, () => withJitter(60))
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(30)
  expect(Math.max(...pauses)).toBeLessThan(60)
  expect(new Set(pauses).size).toBeGreaterThan(100)
})

test.each([
  { attempts: 0, least: 2.5, most: 5 },
  { attempts: 1, least: 5, most: 10 },
  { attempts: 4, least: 40, most: 80 },
  { attempts: 400, least: 300, most: 600 },
])('after $attempts attempts the next one comes in $least to $most seconds', ({ attempts, least, most }) => {
  const now = new Date('2026-03-01T00:00:00Z')
  const seconds = (backOff(now, attempts).getTime() - now.getTime()) / 1000
  expect(seconds).toBeGreaterThanOrEqual(least)
  expect(seconds).toBeLessThanOrEqual(most)
})
