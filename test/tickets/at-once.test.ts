import { describe, expect, test } from 'vitest'
import { speedUpAnswer } from '../../server/acts/speed-up-answer.ts'
import { doAtOnce } from '../../server/support/at-once.ts'
import type { Outcome } from '../../server/support/outcome.ts'
import type { KindAtOnce } from '../../server/support/kinds.ts'
import { endSpeedUpsOfEnded, lastSpeedUp, maySpeedUp } from '../../server/support/speed-up.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { handedOff, placed, tell } from '../support/order-life.ts'
import { usualFor } from '../support/tickets.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)

const ask = (account: number, kind: KindAtOnce, ...ids: number[]) =>
  doAtOnce(docket.db, account, { kind, ids: ids.map(BigInt) }, docket.clock.now())
const whys = (outcomes: readonly Outcome[]) => outcomes.map(({ answer }) => (answer === true ? true : answer.why))
const bookOf = async (order: number) =>
  (await docket.db.query<{ book: number }>('select book_id as book from orders where id = $1', [order])).rows[0]!.book

/** A service of which 95 of 100 orders begin within ten minutes and end within an hour. */
async function usual(entry: Record<string, unknown> = {}): Promise<number> {
  const service = await onSale(docket, entry)
  await usualFor(docket, service)
  return service
}

describe('a speed-up', () => {
  test('is asked for an order that is later than 95 of 100 orders of its service, once a day', async () => {
    const { account, key } = await docket.account()
    const order = await placed(docket, key, { service: await usual(), quantity: 10 })
    const placedAt = docket.clock.now()
    docket.clock.forward({ minutes: 9 })
    expect(await ask(account, 'speed up', order)).toEqual([
      { orderId: BigInt(order), answer: { why: 'not late', from: new Date(placedAt.getTime() + 600_000) } },
    ])
    expect(await maySpeedUp(docket.db, await bookOf(order), BigInt(order), docket.clock.now())).toBe(false)
    docket.clock.forward({ minutes: 2 })
    expect(await maySpeedUp(docket.db, await bookOf(order), BigInt(order), docket.clock.now())).toBe(true)
    expect(whys(await ask(account, 'speed up', order))).toEqual([true])
    const askedAt = docket.clock.now()
    docket.clock.forward({ hours: 23 })
    expect(await ask(account, 'speed up', order)).toEqual([
      { orderId: BigInt(order), answer: { why: 'asked already', from: new Date(askedAt.getTime() + 24 * 3_600_000) } },
    ])
    await run(house(), speedUpAnswer, { order, words: 'They began.' })
    expect(whys(await ask(account, 'speed up', order))).toEqual(['asked already'])
    expect(await lastSpeedUp(docket.db, BigInt(order))).toMatchObject({ words: 'They began.', endedAt: docket.clock.now() })
    docket.clock.forward({ hours: 2 })
    expect(whys(await ask(account, 'speed up', order))).toEqual([true])
  })

  test('counts the end once the order has begun, and what it was promised before what is usual', async () => {
    const { account, key } = await docket.account()
    const begun = await placed(docket, key, { service: await usual(), quantity: 10 })
    await tell(docket, begun, 'In progress')
    docket.clock.forward({ minutes: 30 })
    expect(whys(await ask(account, 'speed up', begun))).toEqual(['not late'])
    docket.clock.forward({ minutes: 31 })
    expect(whys(await ask(account, 'speed up', begun))).toEqual([true])

    const service = await onSale(docket)
    await change(docket, service, { startWithin: 5 })
    const promised = await placed(docket, key, { service, quantity: 10 })
    docket.clock.forward({ minutes: 4 })
    expect(whys(await ask(account, 'speed up', promised))).toEqual(['not late'])
    docket.clock.forward({ minutes: 2 })
    expect(whys(await ask(account, 'speed up', promised))).toEqual([true])
  })

  test('is refused with its reason, each order by itself', async () => {
    const { account, key } = await docket.account()
    const other = await docket.account()
    const [service, unmeasured, stoppable] = [await usual(), await onSale(docket), await usual({ cancel: true })]
    const foreign = await placed(docket, other.key, { service, quantity: 10 })
    const ended = await placed(docket, key, { service, quantity: 10 })
    await tell(docket, ended, 'Completed')
    const nobodyKnows = await placed(docket, key, { service: unmeasured, quantity: 10 })
    const parts = await placed(docket, key, { service: await usual({ dripfeed: true }), quantity: 10, runs: 2, interval: 60 })
    const stopping = await placed(docket, key, { service: stoppable, quantity: 10 })
    await handedOff(docket, stopping)
    const fine = await placed(docket, key, { service, quantity: 10 })
    docket.clock.forward({ hours: 2 })
    expect(whys(await ask(account, 'cancel', stopping))).toEqual([true])
    expect(whys(await ask(account, 'speed up', foreign, ended, nobodyKnows, parts, stopping, fine, 999_999))).toEqual([
      'unknown order',
      'ended',
      'no usual time',
      'has parts',
      'being cancelled',
      true,
      'unknown order',
    ])
  })

  test('of one order is asked once by two calls at once', async () => {
    const { account, key } = await docket.account()
    const order = await placed(docket, key, { service: await usual(), quantity: 10 })
    docket.clock.forward({ hours: 2 })
    const both = await Promise.all([ask(account, 'speed up', order), ask(account, 'speed up', order)])
    expect(both.map((outcomes) => String(whys(outcomes)[0])).toSorted()).toEqual(['asked already', 'true'])
    const { rows } = await docket.db.query('select count(*)::int as count from speed_ups where order_id = $1', [order])
    expect(rows[0].count).toBe(1)
  })

  test('stands in the timeline of the order, and makes its supplier be asked at once', async () => {
    const { account, key } = await docket.account()
    const order = await placed(docket, key, { service: await usual(), quantity: 10 })
    docket.clock.forward({ hours: 2 })
    const supplier = (await docket.db.query<{ id: number }>(`select id from suppliers where protocol = 'simulated'`)).rows[0]!.id
    await docket.db.query(
      `insert into hand_offs (order_id, supplier_id, reference, due_at, state) values ($1, $2, 'r1', $3::timestamptz + interval '1 hour', 'sent')`,
      [order, supplier, docket.clock.now()],
    )
    await ask(account, 'speed up', order)
    const { rows } = await docket.db.query('select words from order_events where order_id = $1 order by change desc limit 1', [order])
    expect(rows[0].words).toBe('speed-up requested')
    const due = await docket.db.query('select due_at from hand_offs where order_id = $1', [order])
    expect(due.rows[0].due_at).toEqual(docket.clock.now())
  })

  test('leaves the list of staff when its order ends, and is answered once', async () => {
    const { account, key } = await docket.account()
    const order = await placed(docket, key, { service: await usual(), quantity: 10 })
    docket.clock.forward({ hours: 2 })
    await ask(account, 'speed up', order)
    await tell(docket, order, 'Completed')
    await endSpeedUpsOfEnded(docket.db, docket.clock.now())
    expect(await lastSpeedUp(docket.db, BigInt(order))).toMatchObject({ endedAt: docket.clock.now(), words: null })
    await expect(run(house(), speedUpAnswer, { order })).rejects.toMatchObject({ code: 'no_speed_up_asked' })
  })
})

describe('a cancel or a refill', () => {
  test('is done as by the buttons of the order, and says why where it is not', async () => {
    const { account, key } = await docket.account()
    const service = await onSale(docket, { cancel: true })
    const [waiting, ended] = [await placed(docket, key, { service, quantity: 10 }), await placed(docket, key, { service, quantity: 10 })]
    await tell(docket, ended, 'Completed')
    const firm = await placed(docket, key, { service: await onSale(docket), quantity: 10 })
    expect(whys(await ask(account, 'cancel', waiting, ended, firm))).toEqual([true, 'ended', 'no cancel here'])
    const { rows } = await docket.db.query('select status from orders where id = $1', [waiting])
    expect(rows[0].status).toBe('Canceled')
  })

  test('names the reason that lasts: no refills here, not ended, over, used up, one is open, too soon', async () => {
    const { account, key } = await docket.account()
    const service = await onSale(docket, { refill: true })
    await docket.db.query('update services set refill_days = 30, refill_count = 2 where id = $1', [service])
    const order = await placed(docket, key, { service, quantity: 10 })
    expect(whys(await ask(account, 'refill', order))).toEqual(['not ended'])
    await tell(docket, order, 'Completed')
    expect(whys(await ask(account, 'refill', order))).toEqual([true])
    expect(whys(await ask(account, 'refill', order))).toEqual(['refill is open'])
    const endRefills = `update refills set status = 'Completed', ended_at = $2 where order_id = $1`
    await docket.db.query(endRefills, [order, docket.clock.now()])
    expect(whys(await ask(account, 'refill', order))).toEqual(['refill too soon'])
    docket.clock.forward({ hours: 25 })
    expect(whys(await ask(account, 'refill', order))).toEqual([true])
    await docket.db.query(endRefills, [order, docket.clock.now()])
    docket.clock.forward({ hours: 25 })
    expect(whys(await ask(account, 'refill', order))).toEqual(['no refills left'])
    docket.clock.forward({ days: 31 })
    expect(whys(await ask(account, 'refill', order))).toEqual(['refill window over'])
    const none = await placed(docket, key, { service: await onSale(docket), quantity: 10 })
    expect(whys(await ask(account, 'refill', none))).toEqual(['no refill here'])
  })
})
