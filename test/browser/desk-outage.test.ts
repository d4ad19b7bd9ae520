import { beforeAll, expect, test } from 'vitest'
import { workJob } from '../../server/acts/job-worker.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { probe } from '../../server/fulfilment/probe.ts'
import { settleAlerts } from '../../server/fulfilment/settled-alerts.ts'
import { openAddingUp } from '../../server/reports/add-up.ts'
import { SupplierAway } from '../../server/suppliers/supplier.ts'
import { houseOf } from '../support/acts.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { type ToldSupplier, toldSupplier } from '../support/told-supplier.ts'
import { axeFaults, browserOf, describeInBrowser } from './browser.ts'

describeInBrowser('a supplier that goes away', (browser) => {
  const docket = openDocket()
  const { clock } = docket
  const house = () => houseOf(docket.db, clock.now)
  let lost: ToldSupplier
  let other: ToldSupplier
  let isAway = true

  beforeAll(async () => {
    ;[lost, other] = [await toldSupplier(docket), await toldSupplier(docket)]
    const service = await onSale(docket, { rate: '2', cancel: true })
    for (const [index, { id }] of [lost, other].entries()) {
      await docket.db.query(
        `insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate) values ($1, $2, $3, '1', '1')`,
        [service, id, index + 11],
      )
    }
    lost.onAdd = () => ({ kind: 'not sent', words: 'connect ECONNREFUSED' })
    const { key } = await docket.account()
    for (let n = 0; n < 3; n += 1) {
      const order = await placed(docket, key, { service, quantity: 1000, link: `https://example.com/${n}` })
      await docket.db.query('update orders set supplier_id = $2 where id = $1', [order, lost.id])
    }
    for (let round = 0; round < 4; round += 1) {
      await work(lost)
      clock.forward({ minutes: 10 })
    }
  })

  /** What the loops of a supplier do, at the test's clock. */
  async function work({ id, supplier }: ToldSupplier) {
    const context = { db: docket.db, now: clock.now, supplierId: id, supplier }
    await handOff(context)
    const balance = async () => {
      if (id === lost.id && isAway) throw new SupplierAway('connect ECONNREFUSED')
      return { balance: '10.00', currency: 'USD' }
    }
    await probe({ db: docket.db, now: clock.now, supplierId: id, prices: { balance, services: () => Promise.reject(new Error('unused')) } })
    await settleAlerts(docket.db, clock.now())
    await openAddingUp(docket.db, clock.now).round()
  }

  test('is seen on Today, its orders are sent elsewhere by keys, and all settles by itself when it is back', async () => {
    const me = await openDesk(docket)
    const base = docket.node.url!
    const page = await browser.visit('about:blank', { baseURL: base, ...browserOf(undefined, base) })
    await page.context().addCookies([{ name: 'docket-desk', value: me.cookie.split('=')[1]!, url: base, httpOnly: true, sameSite: 'Lax' }])

    await page.goto('/desk')
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('link', { name: '1 Suppliers and their answers' }).click()
    await page.waitForURL('**/desk/attention?kind=supplier')
    expect(await axeFaults(page)).toEqual([])
    expect(await page.locator('.trouble').textContent()).toContain('connect ECONNREFUSED')

    // The bulk change opens in place, is looked at and confirmed.
    await page.keyboard.press('j')
    await page.keyboard.press('b')
    const panel = page.locator('dialog.act-panel')
    await panel.locator('[name=with]').fill(JSON.stringify({ supplier: other.name }))
    await panel.locator('button[type=submit]').first().click()
    await panel.locator('.preview').waitFor()
    await panel.locator('.preview button[type=submit]').first().click()
    await page.locator('main > .notice').waitFor()
    expect(await panel.isVisible()).toBe(false)
    while ((await workJob(house())) > 0);
    await work(other)
    expect(other.handed).toHaveLength(3)

    // It stays away until it answers; then its alert settles without anybody.
    await work(lost)
    expect((await docket.db.query('select kind from alerts where closed_at is null')).rows).toEqual([{ kind: 'supplier away' }])
    isAway = false
    await work(lost)
    await page.goto('/desk')
    await page.getByText('Nothing needs you.').waitFor()
    await page.goto('/desk/attention')
    await page.locator('summary', { hasText: 'Settled lately' }).click()
    expect(await page.locator('details.fold table').textContent()).toMatch(/The supplier does not answer.*Settled by itself/)

    const { rows } = await docket.db.query<{ act: string }>(
      `select act from staff_log where act in ('job add', 'order send-to') order by line`,
    )
    expect(rows.map(({ act }) => act)).toEqual(['job add', 'order send-to', 'order send-to', 'order send-to'])
  })
})
