import { expect, test } from 'vitest'
import { openSecret } from '../../server/secret.ts'
import { addSupplier } from '../../server/suppliers/registry.ts'
import { openDocket } from '../support/docket.ts'
import { transactionsBetweenBeats } from '../support/statements.ts'

const docket = openDocket({ DOCKET_ROLE: 'http,fulfilment' })

const BEATS_A_MINUTE = 12

test('a house with nothing to do asks its database at most 180 times per minute, however many suppliers it has', async () => {
  const secret = await openSecret({ secret: 'a secret of at least thirty-two characters', dataDirectory: '' })
  for (let n = 0; n < 12; n += 1) {
    const supplier = {
      name: `supplier ${n}`,
      protocol: 'simulated',
      url: null,
      key: null,
      privateNetwork: false,
      keepsRetryKeys: true,
    } as const
    await addSupplier(docket.db, supplier, secret)
  }
  // The pauses between looks grow in the first seconds, and loops that began together come together: a short while would tell of too many or too few.
  const counted = await transactionsBetweenBeats(8, 6)
  expect((counted / 6) * BEATS_A_MINUTE).toBeLessThanOrEqual(180)
  // Loops that had stopped would ask for nothing at all.
  expect(counted).toBeGreaterThan(12)
})
