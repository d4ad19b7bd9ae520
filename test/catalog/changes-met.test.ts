import { describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { countChangesSince, readChangesMet } from '../../server/catalog/changes-met.ts'
import { type ServiceChange, setCustomRate, setService } from '../../server/catalog/import.ts'
import { nameCause } from '../../server/catalog/sync-trail.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const NEWEST = 10n ** 18n
const DAY_MS = 86_400_000

/** A change that is noted as of the test's clock. */
const set = (service: number, change: ServiceChange) =>
  changeCatalogue(docket.db, async (tx) => {
    await nameCause(tx, 'test', docket.clock.now())
    await setService(tx, service, change)
  })

/** What the account met of these services, newest first, as `101: 1 → 2`. */
async function met(account: number, services: readonly (number | null)[]) {
  const { changes } = await readChangesMet(docket.db, account, NEWEST, 200)
  return changes.filter(({ service }) => services.includes(service)).map(({ service, old, rate }) => `${service}: ${old} → ${rate}`)
}

describe('changes as a customer met them', () => {
  test('each change with its price before and after, newest first', async () => {
    const { account } = await docket.account()
    const service = await docket.service({ rate: '1' })
    await set(service, { rate: '2' })
    await set(service, { state: 'hidden' })
    await set(service, { rate: '3' })
    await set(service, { state: 'on sale' })
    await set(service, { rate: '3.00' })

    expect(await met(account, [service])).toEqual([
      `${service}: null → 3`,
      `${service}: 2 → null`,
      `${service}: 1 → 2`,
      `${service}: null → 1`,
    ])
  })

  test('at the own rate: what is agreed with one account is told to nobody else', async () => {
    const [plain, agreed, discounted] = [await docket.account(), await docket.account(), await docket.account()]
    const service = await docket.service({ rate: '10' })
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, agreed.account, service, '7'))
    await changeCatalogue(docket.db, (tx) => setAccount(tx, discounted.account, { discountBasisPoints: 1000 }))
    await set(service, { rate: '20' })

    expect(await met(plain.account, [service])).toEqual([`${service}: 10 → 20`, `${service}: null → 10`])
    expect(await met(agreed.account, [service])).toEqual([`${service}: 10 → 7`, `${service}: null → 10`])
    expect(await met(discounted.account, [service, null])).toEqual([`${service}: 9.00 → 18.00`, 'null: 0 → 1000', `${service}: null → 10`])
  })

  test('goes on where the page before ended, and ends', async () => {
    const { account } = await docket.account()
    const service = await docket.service({ rate: '1' })
    for (let rate = 2; rate <= 8; rate += 1) await set(service, { rate: String(rate) })
    const whole = (await readChangesMet(docket.db, account, NEWEST, 1000)).changes

    const paged = []
    for (let before: bigint | null = NEWEST; before !== null;) {
      const page: Awaited<ReturnType<typeof readChangesMet>> = await readChangesMet(docket.db, account, before, 3)
      expect(page.changes.length).toBeLessThanOrEqual(3)
      paged.push(...page.changes)
      before = page.before
    }

    expect(paged).toEqual(whole)
    expect(whole.at(0)).toMatchObject({ service, old: '7', rate: '8' })
  })

  test('counts what is different now from a week ago, at the own rate', async () => {
    const [plain, agreed] = [await docket.account(), await docket.account()]
    const [moved, back, gone] = [
      await docket.service({ rate: '1' }),
      await docket.service({ rate: '1' }),
      await docket.service({ rate: '1' }),
    ]
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, agreed.account, moved, '5'))
    // Operators' changes are noted by the database's clock: the week begins behind all of them.
    docket.clock.forward({ days: (Date.now() - docket.clock.now().getTime()) / DAY_MS + 1 })
    const since = docket.clock.now()
    docket.clock.forward({ days: 2 })
    const counts = async () => [
      await countChangesSince(docket.db, plain.account, since),
      await countChangesSince(docket.db, agreed.account, since),
    ]
    expect(await counts()).toEqual([0, 0])

    await set(moved, { rate: '2' })
    await set(back, { rate: '2' })
    await set(back, { rate: '1' })
    await set(gone, { state: 'disabled' })
    expect(await counts()).toEqual([2, 1])

    docket.clock.forward({ days: 1 })
    expect(await countChangesSince(docket.db, plain.account, docket.clock.now())).toBe(0)
  })

  test('a discount is a change of every service that it is for', async () => {
    const { account } = await docket.account()
    const since = docket.clock.now()
    docket.clock.forward({ days: 1 })
    await changeCatalogue(docket.db, async (tx) => {
      await nameCause(tx, 'test', docket.clock.now())
      await setAccount(tx, account, { discountBasisPoints: 500 })
    })
    const { rows } = await docket.db.query<{ n: number }>(`select count(*)::int as n from services where state = 'on sale'`)

    expect(await countChangesSince(docket.db, account, since)).toBe(rows[0]!.n)
  })
})
