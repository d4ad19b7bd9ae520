import { expect, test } from 'vitest'
import { accountSet } from '../../server/acts/account-set.ts'
import { acts } from '../../server/acts/acts.ts'
import { groupAdd } from '../../server/acts/group-add.ts'
import { groupRates } from '../../server/acts/group-rates.ts'
import { groupSet } from '../../server/acts/group-set.ts'
import { logUndo } from '../../server/acts/log-undo.ts'
import { categoryMove } from '../../server/acts/service-move.ts'
import { serviceSet } from '../../server/acts/service-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { permissionsOf } from '../../server/staff/roles.ts'
import { answerOf, houseOf, run } from '../support/acts.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)
const undo = (line: bigint) => answerOf(house(), logUndo, { line: String(line) })

test.each([
  ['settings', async () => [settingsSet, { name: 'A house', rate_age_hours: 5 }] as const],
  ['the discount of an account', async () => [accountSet, { account: (await docket.account()).account, discount: '7.5' }] as const],
  [
    'a group',
    async () => [groupSet, { group: (await run(house(), groupAdd, { name: 'Big' })).group, name: 'Bigger', discount: '5' }] as const,
  ],
  [
    'rates of a group',
    async () => {
      const { group } = await run(house(), groupAdd, { name: 'Rates' })
      const [one, two] = [await docket.service(), await docket.service()]
      await run(house(), groupRates, { group, rates: [{ service: one, rate: '0.70' }] })
      return [groupRates, { group, rates: [{ service: one, rate: '0.60' }, { service: two, rate: '0.50' }] }] as const // prettier-ignore
    },
  ],
  [
    'the own rate of an account',
    async () => [serviceSet, { service: await docket.service(), account: (await docket.account()).account, custom_rate: '0.40' }] as const,
  ],
  [
    'the place of a category',
    async () => {
      await docket.service({ category: 'First' })
      await docket.service({ category: 'Second' })
      return [categoryMove, { category: 'First', to: 'last' }] as const
    },
  ],
])('%s are as they were before the line, once', async (_, made) => {
  const [act, input] = await made()
  const done = await answerOf<object>(
    house(),
    acts.find(({ name }) => name === act.name)!,
    input,
  )
  const preview = await answerOf(house(), logUndo, { line: String(done.line) }, { dryRun: true })
  const undone = await undo(done.line!)
  expect([undone.before, undone.after]).toEqual([preview.before, preview.after])
  expect([undone.before, undone.after]).toMatchObject([done.after, done.before])
  await expect(undo(done.line!)).rejects.toMatchObject({ code: 'changed_since' })
})

test('values of services are put back, as by the act of services', async () => {
  const service = await docket.service({ rate: '1.00' })
  const { line } = await answerOf(house(), serviceSet, { service, rate: '2.00' })
  expect((await undo(line!)).after).toEqual({ services: { [service]: { rate: '1.00' } } })
})

test('what was changed again since is not replaced', async () => {
  const { line } = await answerOf(house(), settingsSet, { seller_tax_id: 'SI 1' })
  await run(house(), settingsSet, { seller_tax_id: 'SI 2' })
  await expect(undo(line!)).rejects.toMatchObject({ code: 'changed_since' })
  expect((await docket.db.query(`select value from settings where key = 'seller_tax_id'`)).rows).toEqual([{ value: 'SI 2' }])
})

test('undoing needs the permission of the change, and lines without values before cannot be undone', async () => {
  const { account } = await docket.account()
  const { line } = await answerOf(house(), accountSet, { account, discount: '9' })
  const reader = { ...machineUser('reader'), may: permissionsOf('read-only') }
  await expect(answerOf(house(), logUndo, { line: String(line) }, {}, reader)).rejects.toMatchObject({ code: 'act_not_allowed' })
  const added = await answerOf(house(), groupAdd, { name: 'Not undone' })
  await expect(undo(added.line!)).rejects.toMatchObject({ code: 'not_undoable' })
})

test('the desk offers it where the change is told, with a preview, and on its line in the log', async () => {
  const desk = await openDesk(docket)
  const saved = await desk.post('/desk/settings/customers', { funds_note: 'Call us.' })
  const line = /told=(\d+)/.exec(saved.location!)![1]!
  const link = `/desk/do/log-undo?line=${line}`
  expect((await desk.get(saved.location!)).html).toContain(link)
  expect((await desk.get(`/desk/log/${line}`)).html).toContain(link)
  const { preview } = await desk.do('log-undo', { line })
  expect(preview).toContain('Call us.')
  expect((await docket.db.query(`select value from settings where key = 'funds_note'`)).rows).toEqual([{ value: null }])
  const support = await openDesk(docket, { role: 'read-only' })
  expect((await support.get(`/desk/log/${line}`)).html).not.toContain(link)
})
