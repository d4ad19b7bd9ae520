import { expect, test } from 'vitest'
import { notePresence } from '../../server/staff/presence.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()

test('who has a thing open is told to the others, until they have been gone for a minute and a half', async () => {
  const [ada, ben] = [await openDesk(docket), await openDesk(docket)]
  const open = (who: { staffId: number }, thing = 'order 5') => notePresence(docket.db, thing, who.staffId, docket.clock.now())

  expect(await open(ada)).toEqual([])
  expect(await open(ben)).toEqual([{ name: expect.any(String) as string, seenAt: docket.clock.now() }])
  expect(await open(ben, 'order 6')).toEqual([])

  docket.clock.forward({ seconds: 91 })
  expect(await open(ben)).toEqual([])
  expect(await open(ada)).toHaveLength(1)
})
