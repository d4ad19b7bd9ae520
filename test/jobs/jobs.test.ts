import { beforeAll, describe, expect, test } from 'vitest'
import { jobAdd } from '../../server/acts/job-add.ts'
import { jobStop } from '../../server/acts/job-stop.ts'
import { workJob } from '../../server/acts/job-worker.ts'
import { orderCancel } from '../../server/acts/order-cancel.ts'
import { orderComplete } from '../../server/acts/order-complete.ts'
import { orderPartial } from '../../server/acts/order-partial.ts'
import { orderSendTo } from '../../server/acts/order-send-to.ts'
import { orderSet } from '../../server/acts/order-set.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffEnd } from '../../server/acts/staff-end.ts'
import { listUndecided } from '../../server/fulfilment/staff.ts'
import { findJob, listJobOrders, listJobs, sumsOfJob } from '../../server/jobs/jobs.ts'
import type { StaffActor } from '../../server/staff/actor.ts'
import { readLog, verifyLog, WHOLE_LOG } from '../../server/staff/log.ts'
import { permissionsOf } from '../../server/staff/roles.ts'
import { answerOf, houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { workOnce } from '../support/fulfilment.ts'
import { handedOff, placed, tell } from '../support/order-life.ts'
import { change, onSale } from '../support/on-sale.ts'
import { type ToldSupplier, toldSupplier } from '../support/told-supplier.ts'

// A node that moves no orders: the jobs are worked off by the tests.
const docket = openDocket({ DOCKET_ROLE: 'http' })
const house = () => houseOf(docket.db, docket.clock.now)
let owner: StaffActor

beforeAll(async () => {
  const { staff, email } = await run(house(), staffAdd, { email: 'owner@example.com', name: 'Owner', role: 'owner' })
  owner = { staffId: staff, who: email, via: 'api', may: permissionsOf('owner') }
})

interface Shop {
  readonly key: string
  readonly service: number
  readonly supplier: ToldSupplier
}

async function shop(): Promise<Shop> {
  const supplier = await toldSupplier(docket)
  const service = await onSale(docket)
  await change(docket, service, { supplier: supplier.name })
  return { key: (await docket.account()).key, service, supplier }
}

const place = ({ key, service }: Shop, quantity = 1000) =>
  placed(docket, key, { service, quantity, link: `https://example.com/${Math.random()}` })
const status = async ({ key }: Shop, order: number) => docket.call({ key, action: 'status', order })
const handOver = ({ supplier }: Shop) => workOnce(docket, { id: supplier.id, supplier: supplier.supplier })

describe('an order changed by hand', () => {
  test('is completed, ended in part with its refund, or counted, and its supplier is not asked any more', async () => {
    const it = await shop()
    const [first, second, third] = [await place(it), await place(it), await place(it)]
    await handOver(it)
    expect(await run(house(), orderComplete, { order: first })).toMatchObject({ status: 'Completed', given_back: '0.00000' })
    expect(await run(house(), orderPartial, { order: second, remains: 400 })).toMatchObject({ status: 'Partial', given_back: '0.40000' })
    expect(await run(house(), orderSet, { order: third, start_count: 50, remains: 900 })).toMatchObject({ status: 'Processing' })
    expect(await status(it, second)).toMatchObject({ status: 'Partial', remains: '400', charge: '0.60000' })
    expect(await status(it, third)).toMatchObject({ status: 'Processing', start_count: '50', remains: '900' })
    it.supplier.tell(first, 'Canceled')
    it.supplier.tell(second, 'Completed')
    await workOnce(docket, { id: it.supplier.id, supplier: it.supplier.supplier })
    expect(await status(it, first)).toMatchObject({ status: 'Completed' })
    expect(await status(it, second)).toMatchObject({ status: 'Partial' })
    expect(await docket.balance(it.key)).toBe('97.40000')
  })

  test('is cancelled at once where no supplier has it, else its supplier is asked, and refunded without asking only on demand', async () => {
    const it = await shop()
    const unsent = await place(it)
    expect(await run(house(), orderCancel, { order: unsent, reason: 'sold out' })).toMatchObject({
      status: 'Canceled',
      given_back: '1.00000',
    })
    const sent = await place(it)
    await handOver(it)
    const asked = await answerOf(house(), orderCancel, { order: sent })
    expect(asked).toMatchObject({ result: { status: 'Pending', given_back: '0.00000' }, after: { cancel_asked: true } })
    await expect(run(house(), orderCancel, { order: sent })).rejects.toMatchObject({ code: 'cancel_asked_already' })
    expect(await run(house(), orderCancel, { order: sent, refund_now: true })).toMatchObject({ status: 'Canceled', given_back: '1.00000' })
    await expect(run(house(), orderCancel, { order: sent })).rejects.toMatchObject({ code: 'order_ended' })
    expect(await docket.balance(it.key)).toBe('100.00000')
  })

  test('goes to another supplier only where it is certain that no supplier has it', async () => {
    const [it, other] = [await shop(), await toldSupplier(docket)]
    const waiting = await place(it)
    expect(await run(house(), orderSendTo, { order: waiting, supplier: other.name })).toMatchObject({ supplier: other.name })
    await handOver(it)
    await workOnce(docket, { id: other.id, supplier: other.supplier })
    expect([it.supplier.handed, other.handed]).toEqual([[], [waiting]])
    await expect(run(house(), orderSendTo, { order: waiting, supplier: it.supplier.name })).rejects.toMatchObject({
      code: 'supplier_may_have_it',
    })

    it.supplier.onAdd = () => ({ kind: 'unknown', words: 'the line went dead' })
    const lost = await place(it)
    await handOver(it)
    expect(await listUndecided(docket.db)).toContainEqual(expect.objectContaining({ order: BigInt(lost), state: 'unconfirmed' }))
    await expect(run(house(), orderSendTo, { order: lost, supplier: other.name })).rejects.toMatchObject({ code: 'supplier_may_have_it' })
  })

  test('is refused where the change does not fit, and nothing moves', async () => {
    const it = await shop()
    const order = await place(it)
    await expect(run(house(), orderSet, { order, start_count: 5 })).rejects.toMatchObject({ code: 'not_handed_over_yet' })
    await expect(run(house(), orderPartial, { order, remains: 1001 })).rejects.toMatchObject({ code: 'incorrect_field' })
    await expect(run(house(), orderComplete, { order: 999_999 })).rejects.toMatchObject({ code: 'unknown_order' })
    await tell(docket, order, 'Completed')
    await expect(run(house(), orderPartial, { order, remains: 10 })).rejects.toMatchObject({ code: 'order_ended' })
    expect(await docket.balance(it.key)).toBe('99.00000')
  })
})

describe('a job', () => {
  test('tells first what it would do to each order and to the money, and then does it, a line in the log each', async () => {
    const it = await shop()
    const orders = [await place(it), await place(it), await place(it)]
    await tell(docket, orders[2]!, 'Completed')
    const asked = { act: 'order cancel', with: { reason: 'sold out' }, orders: [...orders, 888_888] }
    const dry = await run(house(), jobAdd, asked, { dryRun: true })
    expect(dry.effect).toEqual({
      change: 2,
      cannot: { 'The order is Completed already': 1, 'Incorrect order ID': 1 },
      given_back: { USD: '2.00000' },
    })
    expect(await docket.balance(it.key)).toBe('97.00000')

    const { job } = await run(house(), jobAdd, asked)
    const later = await place(it)
    await workJob(house())
    expect(await findJob(docket.db, job!)).toMatchObject({ orders: 4, done: 2, refused: 2, whyEnded: null, endedAt: expect.any(Date) })
    expect(await docket.balance(it.key)).toBe('98.00000')
    expect(await status(it, later)).toMatchObject({ status: 'Pending' })
    const outcomes = await listJobOrders(docket.db, job!, { after: 0n, most: 10 })
    expect(outcomes.map(({ state, givenBack, words }) => [state, givenBack, words])).toEqual([
      ['done', 100_000n, expect.stringContaining('given back')],
      ['done', 100_000n, expect.stringContaining('given back')],
      ['refused', null, 'The order is Completed already'],
      ['refused', null, 'Incorrect order ID'],
    ])
    for (const { order, line } of outcomes.slice(0, 2)) {
      const [logged] = await readLog(docket.db, { ...WHOLE_LOG, order }, { before: null, most: 1 })
      expect(logged).toMatchObject({ line, act: 'order cancel', who: 'tester' })
    }
  })

  test('may be tried first, as a job that changes nothing; then it does just what was tried', async () => {
    const it = await shop()
    const orders = [await place(it), await place(it), await place(it)]
    await tell(docket, orders[2]!, 'Completed')
    const asked = { act: 'order cancel', with: { reason: 'sold out' } }
    const trial = (await run(house(), jobAdd, { ...asked, orders, trial: true })).job!
    await workJob(house())
    expect(await findJob(docket.db, trial)).toMatchObject({ trial: true, orders: 3, done: 2, refused: 1, endedAt: expect.any(Date) })
    expect(await sumsOfJob(docket.db, trial)).toEqual({
      refused: [{ words: 'The order is Completed already', orders: 1, example: BigInt(orders[2]!) }],
      givenBack: [{ currency: 'USD', amount: 200_000n }],
    })
    expect(await docket.balance(it.key)).toBe('97.00000')
    expect(await readLog(docket.db, { ...WHOLE_LOG, order: BigInt(orders[0]!) }, { before: null, most: 5 })).toEqual([])

    const ofTrial = Number(trial)
    await expect(run(house(), jobAdd, { act: 'order complete', of_trial: ofTrial })).rejects.toMatchObject({ code: 'not_what_was_tried' })
    const { job } = await run(house(), jobAdd, { ...asked, of_trial: ofTrial })
    await workJob(house())
    expect(await findJob(docket.db, job!)).toMatchObject({ trial: false, ofTrial: trial, orders: 2, done: 2, refused: 0 })
    expect(await docket.balance(it.key)).toBe('99.00000')
    expect(await listJobs(docket.db, { before: null, most: 1 })).toMatchObject([{ id: job, orders: 2, done: 2 }])
  })

  test('chooses the orders that have not ended at a supplier, also by their hand-off', async () => {
    const it = await shop()
    const sent = [await place(it), await place(it)]
    await handOver(it)
    await tell(docket, sent[0]!, 'Completed')
    const unsent = await place(it)
    const chosen = async (which: object) =>
      (await run(house(), jobAdd, { act: 'order complete', supplier: it.supplier.name, ...which }, { dryRun: true })).orders
    expect(await chosen({})).toBe(2)
    expect(await chosen({ state: 'sent' })).toBe(1)
    expect(await chosen({ state: 'unsent' })).toBe(1)
    expect(await chosen({ service: it.service })).toBe(2)
    await expect(chosen({ state: 'attention' })).rejects.toMatchObject({ code: 'no_orders_chosen' })
    await handedOff(docket, unsent)
  })

  test('is refused as a whole when its fields are wrong, before anything is done', async () => {
    const it = await shop()
    const orders = [await place(it)]
    const asked = (input: object) => run(house(), jobAdd, { orders, ...input })
    await expect(asked({ act: 'order partial' })).rejects.toMatchObject({ code: 'incorrect_act_field' })
    await expect(asked({ act: 'order cancel', with: { reson: 'x' } })).rejects.toMatchObject({ code: 'unknown_field' })
    await expect(asked({ act: 'fund' })).rejects.toMatchObject({ code: 'incorrect_act_field' })
    await expect(run(house(), jobAdd, { act: 'order cancel' })).rejects.toMatchObject({ code: 'say_one_of' })
  })

  test('is done once by two nodes at once, and each order once', async () => {
    const it = await shop()
    const orders = await Promise.all(Array.from({ length: 40 }, () => place(it, 100)))
    const { job } = await run(house(), jobAdd, { act: 'order cancel', orders })
    // A node whose lease has run out and does not know it works beside the one that took over.
    const claimed = workJob(house())
    docket.clock.forward({ minutes: 1 })
    await Promise.all([claimed, workJob(house()), workJob(house())])
    while ((await findJob(docket.db, job!)).endedAt === null) await workJob(house())
    expect(await findJob(docket.db, job!)).toMatchObject({ orders: 40, done: 40, refused: 0 })
    expect(await docket.balance(it.key)).toBe('100.00000')
    expect(await verifyLog(docket.db)).toMatchObject({ fault: null })
  })

  test('stops when somebody says so, and when whoever asked for it has left', async () => {
    const it = await shop()
    const orders = [await place(it), await place(it)]
    const { job } = await run(house(), jobAdd, { act: 'order cancel', orders })
    await run(house(), jobStop, { job: Number(job) })
    await workJob(house())
    expect(await findJob(docket.db, job!)).toMatchObject({ done: 0, whyEnded: 'stopped by tester' })
    await expect(run(house(), jobStop, { job: Number(job) })).rejects.toMatchObject({ code: 'job_has_ended' })

    const { staff, email } = await run(house(), staffAdd, { email: 'brief@example.com', name: 'Brief', role: 'support' })
    const actor: StaffActor = { staffId: staff, who: email, via: 'api', may: permissionsOf('support') }
    const theirs = await answerOf(house(), jobAdd, { act: 'order cancel', orders }, {}, actor)
    await answerOf(house(), staffEnd, { staff }, {}, owner)
    await workJob(house())
    expect(await findJob(docket.db, theirs.result.job!)).toMatchObject({ done: 0, whyEnded: 'brief@example.com has no access any more' })
    expect(await status(it, orders[0]!)).toMatchObject({ status: 'Pending' })
  })
})
