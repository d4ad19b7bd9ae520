import { describe, expect, test } from 'vitest'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { workOnce } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { toldSupplier } from '../support/told-supplier.ts'

const docket = openDocket()

async function newWork() {
  const service = await onSale(docket, { cancel: true })
  await change(docket, service, { supplier: (await toldSupplier(docket)).name })
  const { key } = await docket.account()
  return { order: await placed(docket, key, { service, quantity: 100 }), key }
}

const isListed = (html: string, order: number) => html.includes(`href="/desk/work/${order}"`)

describe('work by hand', () => {
  test('is claimed by one of two people who press at once; the other one is told who has it', async () => {
    const [ana, bor] = [await openDesk(docket, { role: 'fulfilment' }), await openDesk(docket, { role: 'fulfilment' })]
    const { order } = await newWork()
    expect(isListed((await ana.get('/desk/work')).html, order)).toBe(true)
    const answers = await Promise.all([ana.post(`/desk/work/${order}/claim`), bor.post(`/desk/work/${order}/claim`)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
    const [winner, loser] = answers[0].status === 303 ? [ana, bor] : [bor, ana]
    expect(answers.find(({ status }) => status === 409)!.html).toContain(`${winner.email} works on it until`)
    expect(isListed((await winner.get('/desk/work?show=mine')).html, order)).toBe(true)
    expect(isListed((await loser.get('/desk/work?show=others')).html, order)).toBe(true)
    expect(isListed((await loser.get('/desk/work')).html, order)).toBe(false)
  })

  test('stays with whoever has its page open, and goes to another one when that claim ran out', async () => {
    const [ana, bor] = [await openDesk(docket, { role: 'fulfilment' }), await openDesk(docket, { role: 'fulfilment' })]
    const { order } = await newWork()
    await ana.post(`/desk/work/${order}/claim`)
    docket.clock.forward({ minutes: 10 })
    expect((await ana.post(`/desk/work/${order}/hold`)).status).toBe(200)
    expect((await bor.post(`/desk/work/${order}/hold`)).status).toBe(409)
    docket.clock.forward({ minutes: 10 })
    expect((await bor.post(`/desk/work/${order}/claim`)).status).toBe(409)
    docket.clock.forward({ minutes: 6 })
    expect((await bor.post(`/desk/work/${order}/claim`)).status).toBe(303)
    expect((await ana.post(`/desk/work/${order}/hold`)).status).toBe(409)
  })

  test('is reported on, finished, and refunded where it cannot be done', async () => {
    const ana = await openDesk(docket, { role: 'fulfilment' })
    const [first, second] = [await newWork(), await newWork()]
    await ana.post(`/desk/work/${first.order}/claim`)
    await ana.post(`/desk/work/${first.order}/counts`, { start_count: '7', remains: '60' })
    const status = async ({ order, key }: { order: number; key: string }) => docket.call({ key, action: 'status', order })
    expect(await status(first)).toMatchObject({ status: 'Processing', start_count: '7', remains: '60' })
    expect((await ana.post(`/desk/work/${first.order}/counts`, { remains: 'many' })).html).toContain('It must be a whole number')
    await ana.do('order-complete', { order: String(first.order), 'form:back': '/desk/work' })
    expect(await status(first)).toMatchObject({ status: 'Completed', remains: '0' })

    await ana.post(`/desk/work/${second.order}/claim`)
    await ana.do('order-cancel', { order: String(second.order), refund_now: 'yes', reason: 'the page is private' })
    expect(await status(second)).toMatchObject({ status: 'Canceled' })
    expect((await ana.get('/desk/work?show=mine')).html).toContain('You have taken nothing')
    expect((await ana.get(`/desk/work/${second.order}`)).html).toContain('The order has ended: Canceled')
  })

  test('is seen by a reader, who can take nothing', async () => {
    const reader = await openDesk(docket, { role: 'read-only' })
    const { order } = await newWork()
    const { html } = await reader.get('/desk/work')
    expect(isListed(html, order)).toBe(true)
    expect(html).not.toContain(`/desk/work/${order}/claim`)
    expect((await reader.post(`/desk/work/${order}/claim`)).status).toBe(403)
    expect((await reader.get('/desk/work/999999999')).status).toBe(404)
  })
})

describe('refills and cancels', () => {
  test('wait in one place until somebody accepts, declines or asks again', async () => {
    const desk = await openDesk(docket, { role: 'support' })
    const service = await onSale(docket, { refill: true, cancel: true })
    await change(docket, service, { supplier: 'simulated' })
    const { key } = await docket.account()
    const [done, open] = [await placed(docket, key, { service, quantity: 100 }), await placed(docket, key, { service, quantity: 100 })]
    await workOnce(docket)
    await tell(docket, done, 'Completed')
    const { refill } = await docket.call({ key, action: 'refill', order: done })
    await docket.call({ key, action: 'cancel', orders: open })

    expect((await desk.get('/desk/refills')).html).toContain(`${refill} of order ${done}`)
    expect((await desk.get('/desk/cancels')).html).toContain(`order=${open}`)
    await desk.do('refill-decline', { refill: String(refill), reason: 'nothing has dropped' })
    await desk.do('cancel-decline', { order: String(open), reason: 'it is nearly done' })
    expect((await desk.get('/desk/refills')).html).toContain('No refill waits')
    expect((await desk.get('/desk/cancels')).html).toContain('No cancel waits')
    expect(await docket.call({ key, action: 'refill_status', refill })).toMatchObject({ status: 'Rejected' })
  })
})
