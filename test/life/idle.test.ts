import { expect, test } from 'vitest'
import { openDocket } from '../support/docket.ts'
import { transactionsBetweenBeats } from '../support/statements.ts'

openDocket({ DOCKET_ROLE: 'http,fulfilment' })

const BEATS_A_MINUTE = 12

test('a house with nothing to do asks its database at most 180 times per minute', async () => {
  // The pauses between looks grow in the first seconds.
  const counted = await transactionsBetweenBeats(4, 2)
  expect((counted / 2) * BEATS_A_MINUTE).toBeLessThanOrEqual(180)
  // Loops that had stopped would ask for nothing at all.
  expect(counted).toBeGreaterThan(4)
})
