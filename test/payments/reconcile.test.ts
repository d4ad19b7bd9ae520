import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { reconcileLook } from '../../server/acts/reconcile-look.ts'
import { reconcileSettle } from '../../server/acts/reconcile-settle.ts'
import { readAmount } from '../../server/payments/amounts.ts'
import type { OpenGateway, ReportedReceipt } from '../../server/payments/gateway.ts'
import { askForReports, noteReportDays } from '../../server/payments/reconcile.ts'
import { compareDay, listReportDays } from '../../server/payments/reports.ts'
import type { OpenPayments } from '../../server/payments/open.ts'
import { houseOf, run } from '../support/acts.ts'
import { stripeCase } from './cases/stripe.ts'
import { asAsked, beginPayment, depositsOf, offer, openPaymentDocket, paymentsOf, sendHooks } from './world.ts'

describe('what gateways report', () => {
  const docket = openPaymentDocket()
  const today = () => docket.clock.now().toISOString().slice(0, 10)

  /** A gateway whose report a test writes, with the rest of it as it is. */
  async function world() {
    const fake = await stripeCase.openFake()
    onTestFinished(() => fake.close())
    const own = await paymentsOf(docket)
    const method = await offer(docket, stripeCase, fake.settings)
    onTestFinished(async () => void (await docket.db.query('delete from payment_report_days where method_id = $1', [method.id])))
    const report = { lines: null as readonly ReportedReceipt[] | null, asked: [] as string[] }
    const payments: OpenPayments = {
      ...own,
      gateways: {
        of: (row) => {
          const open = own.gateways.of(row)
          const reported: OpenGateway['reported'] = async ({ from }) => {
            report.asked.push(from.toISOString().slice(0, 10))
            return report.lines
          }
          return Object.assign(open, { reported: row.id === method.id ? reported : undefined })
        },
      },
    }
    const pay = async (amount: string, isTold = true) => {
      const payment = await beginPayment(docket, payments, method, amount)
      const id = fake.pay(payment.reference, asAsked(payment))
      if (isTold) await sendHooks(docket, method, fake, payment.reference)
      return { id, payment }
    }
    const line = (id: string, amount: string, more: Partial<ReportedReceipt> = {}): ReportedReceipt => ({
      id,
      amount: readAmount(amount)!,
      currency: 'USD',
      at: docket.clock.now(),
      fee: readAmount('0.30')!,
      reference: null,
      ...more,
    })
    const house = houseOf(docket.db, docket.clock.now, { payments: async () => payments })
    /** A new day, and what the gateway says of the one that ended. */
    const nextDay = async (lines: readonly ReportedReceipt[] | null) => {
      const day = today()
      const until = new Date(`${day}T00:00:00Z`).getTime() + 27 * 3_600_000
      docket.clock.forward({ seconds: (until - docket.clock.now().getTime()) / 1000 })
      report.lines = lines
      await noteReportDays(payments)
      await askForReports(payments)
      return day
    }
    return { fake, payments, method, house, pay, line, report, nextDay }
  }

  const alerts = async () =>
    (await docket.db.query<{ words: string }>(`select words from alerts where kind = 'payment reports differ' and closed_at is null`)).rows

  // The other side has the clock of the machine.
  beforeEach(() => docket.clock.forward({ seconds: (Date.now() - docket.clock.now().getTime()) / 1000 }))

  /** When everything so far came, on the day of the test. */
  const cameAt = (hour: string) => docket.db.query('update payment_receipts set at = $1', [`${today()}T${hour}Z`])

  test('each payment of a day is matched, missing here, missing there, or of another amount, with the sums of the day', async () => {
    const { method, pay, line, nextDay } = await world()
    const [same, other, unreported, unheard] = [await pay('100'), await pay('50'), await pay('20'), await pay('10', false)]
    await cameAt('12:00')
    const day = await nextDay([
      line(same.id, '100.00'),
      line(other.id, '49.00'),
      line(unheard.id, '10', { reference: unheard.payment.reference }),
    ])
    const rows = await compareDay(docket.db, method.id, day)
    expect(rows.map(({ theirId, state, reported, here }) => [theirId, state, reported, here])).toEqual(
      expect.arrayContaining([
        [same.id, 'matched', '100.00', '100.00'],
        [other.id, 'other amount', '49.00', '50.00'],
        [unreported.id, 'missing there', null, '20.00'],
        [unheard.id, 'missing here', '10.00', null],
      ]),
    )
    expect(rows).toHaveLength(4)
    expect(await listReportDays(docket.db, day, day)).toMatchObject([
      {
        methodId: method.id,
        day,
        matched: 1,
        open: 3,
        settled: 0,
        sums: [{ currency: 'USD', reported: '159.00', here: '170.00', fees: '0.90' }],
      },
    ])
    expect(await alerts()).toEqual([{ words: expect.stringContaining(`on ${day}: 3`) }])
  })

  test('what is missing here is credited by a look, what a person explains is settled, and then nobody is told any more', async () => {
    const { method, house, pay, line, nextDay } = await world()
    const [other, unheard] = [await pay('50'), await pay('10', false)]
    await cameAt('12:00')
    const day = await nextDay([line(other.id, '49.00'), line(unheard.id, '10', { reference: unheard.payment.reference })])
    expect(await depositsOf(docket, unheard.payment.bookId)).toEqual([])
    expect(await run(house, reconcileLook, { method: method.id, receipt: unheard.id })).toMatchObject({ state: 'credited' })
    expect(await run(house, reconcileLook, { method: method.id, receipt: unheard.id })).toMatchObject({ state: 'credited' })
    expect(await depositsOf(docket, unheard.payment.bookId)).toEqual([1_000_000n])
    const settle = { method: method.id, receipt: other.id, reason: 'their fee was taken off' }
    await run(house, reconcileSettle, settle)
    await expect(run(house, reconcileSettle, settle)).rejects.toMatchObject({ code: 'difference_settled' })
    await expect(run(house, reconcileSettle, { ...settle, receipt: 'none' })).rejects.toMatchObject({ code: 'nothing_reported' })
    expect((await listReportDays(docket.db, day, day)).find(({ methodId }) => methodId === method.id)).toMatchObject({
      matched: 1,
      open: 0,
      settled: 1,
    })
    const left = await alerts()
    expect(left.some(({ words }) => words.includes(method.token))).toBe(false)
  })

  test('a payment that nobody here began stays missing, unless staff keep it as money without a payer', async () => {
    const { method, house, line, pay, nextDay } = await world()
    await pay('1')
    await nextDay([line('pi_of_somebody', '77', { reference: 'SOMEBODYELSE' })])
    const look = { method: method.id, receipt: 'pi_of_somebody' }
    expect(await run(house, reconcileLook, look)).toMatchObject({ state: 'missing here' })
    expect(await run(house, reconcileLook, { ...look, keep: true })).toMatchObject({ state: 'review' })
    const { rows } = await docket.db.query(
      `select state, payment_id, amount::text as amount from payment_receipts where their_id = 'pi_of_somebody'`,
    )
    expect(rows).toEqual([{ state: 'review', payment_id: null, amount: '77.00' }])
    await expect(run(house, reconcileLook, { ...look, receipt: 'never reported' })).rejects.toMatchObject({ code: 'nothing_reported' })
  })

  test('while a gateway does not answer, its day is unknown and asked for again; it is asked for each day once, also by several nodes', async () => {
    const { payments, method, pay, line, report, nextDay } = await world()
    const { id } = await pay('100')
    await cameAt('12:00')
    const day = await nextDay(null)
    expect((await listReportDays(docket.db, day, day)).find(({ methodId }) => methodId === method.id)).toMatchObject({
      answeredAt: null,
      open: 0,
    })
    expect(await askForReports(payments)).toBe(0)
    report.lines = [line(id, '100')]
    docket.clock.forward({ minutes: 16 })
    await Promise.all([askForReports(payments), askForReports(payments)])
    expect(report.asked).toEqual([day, day])
    expect((await listReportDays(docket.db, day, day)).find(({ methodId }) => methodId === method.id)).toMatchObject({
      matched: 1,
      open: 0,
    })
    docket.clock.forward({ days: 3 })
    await noteReportDays(payments)
    await noteReportDays(payments)
    report.lines = []
    await askForReports(payments)
    expect(report.asked.length).toBeGreaterThanOrEqual(4)
    expect(new Set(report.asked).size).toBe(report.asked.length - 1)
  })

  test('what came in the last hour of a day is not missed before the report of the next day is there', async () => {
    const { method, pay, line, nextDay } = await world()
    const { id } = await pay('100')
    await cameAt('23:30')
    const day = await nextDay([])
    expect(await compareDay(docket.db, method.id, day)).toEqual([])
    await nextDay([line(id, '100')])
    expect(await compareDay(docket.db, method.id, day)).toEqual([])
  })

  test('a gateway that nobody has used is not asked', async () => {
    const { report, nextDay } = await world()
    await nextDay([])
    expect(report.asked).toEqual([])
  })
})
