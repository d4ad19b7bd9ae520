import { describe, expect, test } from 'vitest'
import { cancelAskAgain } from '../../server/acts/cancel-ask-again.ts'
import { cancelDecline } from '../../server/acts/cancel-decline.ts'
import { orderComplete } from '../../server/acts/order-complete.ts'
import { refillAccept } from '../../server/acts/refill-accept.ts'
import { refillAskAgain } from '../../server/acts/refill-ask-again.ts'
import { refillDecline } from '../../server/acts/refill-decline.ts'
import { workClaim } from '../../server/acts/work-claim.ts'
import { workRelease } from '../../server/acts/work-release.ts'
import { listCancelsAsked, listRefillsAsked } from '../../server/fulfilment/asks.ts'
import { forgetOldMeasures } from '../../server/fulfilment/measures.ts'
import { holdWork } from '../../server/fulfilment/claims.ts'
import { listWork, type WorkView } from '../../server/fulfilment/work.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { answerOf, houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { workOnce } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { handedOff, placed, tell } from '../support/order-life.ts'
import { toldSupplier } from '../support/told-supplier.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)
const by = (who: string) => machineUser(who)
const claim = (who: string, order: number, takeOver = false) => answerOf(house(), workClaim, { order, take_over: takeOver }, {}, by(who))
const shown = async (view: WorkView, who: string) =>
  (await listWork(docket.db, view, { who, supplierId: null, now: docket.clock.now() }, { after: 0n, most: 100 })).map((row) =>
    Number(row.order),
  )

async function newWork(): Promise<{ order: number; key: string; supplier: string }> {
  const service = await onSale(docket, { cancel: true })
  const supplier = (await toldSupplier(docket)).name
  await change(docket, service, { supplier })
  const { key } = await docket.account()
  return { order: await placed(docket, key, { service, quantity: 100 }), key, supplier }
}

describe('an order that is done by hand', () => {
  test('belongs to one of two people who claim it at the same time', async () => {
    const { order } = await newWork()
    const both = await Promise.allSettled([claim('ana', order), claim('bor', order)])
    const won = both.filter(({ status }) => status === 'fulfilled')
    expect(won).toHaveLength(1)
    const lost = both.find((one) => one.status === 'rejected')!
    expect(lost.reason).toMatchObject({ code: 'work_claimed' })
    const winner = both[0].status === 'fulfilled' ? 'ana' : 'bor'
    expect(await shown('mine', winner)).toEqual([order])
    expect(await shown('waiting', 'cia')).toEqual([])
    expect(await docket.call({ key: 'x', action: 'status', order })).toBeDefined()
    await run(house(), orderComplete, { order })
  })

  test('can be taken by another one when nobody gave a sign of life for a quarter of an hour, and by nobody while somebody does', async () => {
    const { order } = await newWork()
    await claim('ana', order)
    docket.clock.forward({ minutes: 14 })
    expect(await holdWork(docket.db, BigInt(order), by('ana'), docket.clock.now())).toBeInstanceOf(Date)
    expect(await holdWork(docket.db, BigInt(order), by('bor'), docket.clock.now())).toBeUndefined()
    docket.clock.forward({ minutes: 14 })
    await expect(claim('bor', order)).rejects.toMatchObject({ code: 'work_claimed' })
    docket.clock.forward({ minutes: 2 })
    expect(await shown('waiting', 'bor')).toEqual([order])
    await claim('bor', order)
    expect(await holdWork(docket.db, BigInt(order), by('ana'), docket.clock.now())).toBeUndefined()
    await expect(run(house(), workRelease, { order })).rejects.toMatchObject({ code: 'work_not_yours' })
    await run(house(), orderComplete, { order })
    expect(await shown('mine', 'bor')).toEqual([])
  })

  test('that was given back can be taken at once; a live one only by taking it over', async () => {
    const { order } = await newWork()
    await claim('ana', order)
    await answerOf(house(), workRelease, { order }, {}, by('ana'))
    expect(await holdWork(docket.db, BigInt(order), by('ana'), docket.clock.now())).toBeUndefined()
    await claim('bor', order)
    const { before, after } = await claim('ana', order, true)
    expect([before, after]).toMatchObject([{ claimed_by: 'bor' }, { claimed_by: 'ana' }])
    await run(house(), orderComplete, { order })
    docket.clock.forward({ days: 1 })
    await forgetOldMeasures(docket.db, docket.clock.now())
    expect((await docket.db.query('select from work_claims where order_id = $1', [order])).rowCount).toBe(0)
  })

  test('cannot be claimed when a program works on it, unless it is taken over', async () => {
    const { order } = await newWork()
    await docket.db.query('select take_manual_orders($1, $2)', [docket.clock.now(), [order]])
    expect(await shown('programs', 'ana')).toEqual([order])
    await expect(claim('ana', order)).rejects.toMatchObject({ code: 'work_with_program' })
    await claim('ana', order, true)
    await run(house(), orderComplete, { order })
  })

  test('is done by no person if its supplier is a program', async () => {
    const service = await onSale(docket)
    await change(docket, service, { supplier: 'simulated' })
    const order = await placed(docket, (await docket.account()).key, { service, quantity: 100 })
    await expect(claim('ana', order)).rejects.toMatchObject({ code: 'not_done_by_hand' })
  })
})

describe('a cancel that was asked for', () => {
  test('is shown with what the supplier said, asked for again, and declined; then the customer may ask again', async () => {
    const supplier = await toldSupplier(docket)
    const service = await onSale(docket, { cancel: true })
    await change(docket, service, { supplier: supplier.name })
    const { key } = await docket.account()
    const order = await placed(docket, key, { service, quantity: 100 })
    const worker = { id: supplier.id, supplier: supplier.supplier }
    await docket.db.query(`update suppliers set protocol = 'simulated' where id = $1`, [supplier.id])
    await workOnce(docket, worker)
    supplier.onCancel = () => ({ kind: 'refused', words: 'too late' })
    await docket.call({ key, action: 'cancel', orders: order })
    docket.clock.forward({ minutes: 1 })
    await workOnce(docket, worker)
    const asked = async () => (await listCancelsAsked(docket.db, supplier.id, { before: null, most: 10 }))[0]
    expect(await asked()).toMatchObject({ order: BigInt(order), told: true, words: 'cancel refused: too late' })

    await run(house(), cancelAskAgain, { order })
    await workOnce(docket, worker)
    expect(supplier.cancels).toEqual([order, order])

    await run(house(), cancelDecline, { order, reason: 'it is half done' })
    expect(await asked()).toBeUndefined()
    expect((await docket.call({ key, action: 'cancel', orders: order }))[0]).toMatchObject({ cancel: 1 })
    expect(await asked()).toMatchObject({ told: false })
    await run(house(), orderComplete, { order })
    await expect(run(house(), cancelDecline, { order, reason: 'late' })).rejects.toMatchObject({ code: 'order_ended' })
  })

  test('stands before those that were asked for earlier, whichever order is older, page after page', async () => {
    const supplier = await toldSupplier(docket)
    const service = await onSale(docket, { cancel: true })
    await change(docket, service, { supplier: supplier.name })
    const { key } = await docket.account()
    const orders: number[] = []
    while (orders.length < 4) orders.push(await placed(docket, key, { service, quantity: 100 }))
    const [first, second, third, fourth] = orders.map(BigInt)
    await handedOff(docket, ...orders)
    await docket.call({ key, action: 'cancel', orders: String(third) })
    docket.clock.forward({ minutes: 5 })
    // Two of one call were asked for at the same moment.
    await docket.call({ key, action: 'cancel', orders: [first, fourth].join(',') })
    docket.clock.forward({ minutes: 5 })
    await docket.call({ key, action: 'cancel', orders: String(second) })
    const page = async (before: bigint | null, most: number) =>
      (await listCancelsAsked(docket.db, supplier.id, { before, most })).map(({ order }) => order)
    expect(await page(null, 10)).toEqual([second, fourth, first, third])
    expect(await page(null, 2)).toEqual([second, fourth])
    expect(await page(fourth!, 2)).toEqual([first, third])
    for (const order of orders) await run(house(), orderComplete, { order })
    expect(await page(null, 10)).toEqual([])
  })
})

describe('a refill that was asked for', () => {
  async function newRefill() {
    const service = await onSale(docket, { refill: true })
    await change(docket, service, { supplier: 'simulated' })
    const { key } = await docket.account()
    const order = await placed(docket, key, { service, quantity: 100 })
    await workOnce(docket)
    await tell(docket, order, 'Completed')
    const { refill } = await docket.call({ key, action: 'refill', order })
    return { refill: Number(refill), key, order }
  }
  const listed = async (refill: number) =>
    (await listRefillsAsked(docket.db, null, { after: 0n, most: 100 })).find((row) => Number(row.refill) === refill)

  test('is taken by hand, finished by hand, and the supplier is not asked about it', async () => {
    const { refill, key } = await newRefill()
    expect(await listed(refill)).toMatchObject({ status: 'Pending', state: null, supplier: 'simulated' })
    await run(house(), refillAccept, { refill })
    await expect(run(house(), refillAskAgain, { refill })).rejects.toMatchObject({ code: 'no_supplier_to_ask' })
    await workOnce(docket)
    expect(await docket.call({ key, action: 'refill_status', refill })).toMatchObject({ status: 'In progress' })
    await run(house(), refillAccept, { refill, done: true })
    expect(await docket.call({ key, action: 'refill_status', refill })).toMatchObject({ status: 'Completed' })
    expect(await listed(refill)).toBeUndefined()
    await expect(run(house(), refillDecline, { refill, reason: 'x' })).rejects.toMatchObject({ code: 'refill_ended' })
  })

  test('is declined with a reason, which stands in the timeline', async () => {
    const { refill, key, order } = await newRefill()
    await run(house(), refillDecline, { refill, reason: 'nothing has dropped' })
    expect(await docket.call({ key, action: 'refill_status', refill })).toMatchObject({ status: 'Rejected' })
    const { rows } = await docket.db.query(
      `select words from order_events where order_id = $1 and refill_id = $2 order by change desc limit 1`,
      [order, refill],
    )
    expect(rows).toEqual([{ words: 'refill refused: nothing has dropped' }])
  })
})
