import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openLimit } from '../../server/db/limit.ts'

function standStill(ms: number) {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('time in which the event loop stands still is not counted against a server', async () => {
  let isLate = false
  const endLimit = openLimit(1000, () => (isLate = true))
  standStill(1500)
  await turn()
  expect(isLate).toBe(false)
  endLimit()
})

test('a limit ends, and not before its time', async () => {
  const began = performance.now()
  await new Promise<void>((resolve) => openLimit(250, resolve))
  // A timer may fire a millisecond early.
  expect(performance.now() - began).toBeGreaterThan(245)
})

test('a limit that was ended says nothing', async () => {
  let isLate = false
  openLimit(1, () => (isLate = true))()
  await new Promise<void>((resolve) => openLimit(5, resolve))
  expect(isLate).toBe(false)
})
