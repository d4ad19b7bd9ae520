import { beforeAll, describe, expect, test } from 'vitest'
import { addRate } from '../../server/payments/rates.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openPaymentDocket } from '../payments/world.ts'

const docket = openPaymentDocket()
let manager: DeskPages
let support: DeskPages

beforeAll(async () => {
  manager = await openDesk(docket, { role: 'owner' })
  support = await openDesk(docket, { role: 'support' })
})

const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

describe('coupons on the desk', () => {
  test('a coupon is added, changed and ended by forms, and its row says what became of it', async () => {
    expect(textOf((await manager.get('/desk/payments/coupons')).html)).toContain('No coupons yet')
    const form = await manager.get('/desk/do/coupon-add')
    expect(form.status).toBe(200)
    const added = await manager.do('coupon-add', {
      coupon_code: 'SPRING-10',
      percent: '10',
      most: '15',
      currency: 'USD',
      times: '100',
    })
    expect(added.location).toContain('/desk')
    const row = textOf((await manager.get('/desk/payments/coupons')).html)
    expect(row).toMatch(/SPRING-10 10% · at most \$15\.00 0 of 100/)
    const { rows } = await docket.db.query<{ id: number }>('select id from coupons')
    const coupon = String(rows[0]!.id)
    await manager.do('coupon-set', { coupon, times: '5' })
    expect(textOf((await manager.get('/desk/payments/coupons')).html)).toContain('0 of 5')
    await manager.do('coupon-end', { coupon })
    const ended = (await manager.get('/desk/payments/coupons')).html
    expect(textOf(ended)).toContain('Ended')
    expect(ended).not.toContain('/desk/do/coupon-end')
  })

  test('who may only look sees them and no button', async () => {
    const { status, html } = await support.get('/desk/payments/coupons')
    expect(status).toBe(200)
    expect(html).not.toContain('/desk/do/coupon-add')
    expect((await support.get('/desk/do/coupon-add')).status).toBe(403)
  })
})

describe('exchange rates on the desk', () => {
  test('the page tells each rate with its source and age, and which are too old', async () => {
    const now = docket.clock.now()
    await addRate(
      docket.db,
      { base: 'USD', currency: 'EUR', rate: '0.92', source: 'our bank', at: new Date(now.getTime() - 120 * 3_600_000) },
      now,
    )
    await manager.do('rate-set', { base: 'USD', currency: 'BRL', exchange: '5.32' })
    const told = textOf((await manager.get('/desk/payments/rates')).html)
    expect(told).toMatch(/USD → EUR €0\.92 our bank 5 days too old/)
    expect(told).toMatch(/USD → BRL R\$5\.32 \S+@\S+ 1 minute/)
    expect(told).toContain('Nobody is asked')
  })
})

describe('reconciliation on the desk', () => {
  test('days and their payments are told, with what can be done about those that differ', async () => {
    const { rows } = await docket.db.query<{ id: number }>(
      `insert into payment_methods (gateway, name, hook_token) values ('stripe', 'Card', 'card') returning id`,
    )
    const method = rows[0]!.id
    expect(textOf((await manager.get('/desk/payments/reconciliation')).html)).toContain('Nothing to compare')
    const day = docket.clock.now().toISOString().slice(0, 10)
    await docket.db.query(`insert into payment_report_days (method_id, day, asked_at, answered_at) values ($1, $2, now(), now())`, [
      method,
      day,
    ])
    await docket.db.query(
      `insert into payment_reports (method_id, day, their_id, amount, currency, fee, at, reference) values ($1, $2, 'pi_7', 10, 'USD', 0.3, $2::date, null)`,
      [method, day],
    )
    expect(textOf((await manager.get('/desk/payments/reconciliation')).html)).toMatch(/Card 1 difference \$10\.00 \$0\.00 \$0\.30/)
    const page = `/desk/payments/reconciliation/${method}/${day}`
    const { html } = await manager.get(page)
    expect(textOf(html)).toMatch(/pi_7 .*Missing here \$10\.00/)
    expect(html).toContain('/desk/do/reconcile-look?')
    await manager.do('reconcile-settle', { method: String(method), receipt: 'pi_7', reason: 'of our other shop' })
    expect(textOf((await manager.get(page)).html)).toContain('of our other shop')
    expect(textOf((await manager.get('/desk/payments/reconciliation')).html)).toContain('1 explained')
    expect((await manager.get(`/desk/payments/reconciliation/99999/${day}`)).status).toBe(404)
    expect((await manager.get(`/desk/payments/reconciliation/${method}/never`)).status).toBe(200)
  })
})
