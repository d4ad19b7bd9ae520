import { beforeAll, describe, expect, test } from 'vitest'
import { raiseAlert } from '../../server/loops/alerts.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'

const docket = openDocket()
const { clock } = docket
let order: number

beforeAll(async () => {
  const service = await onSale(docket, { rate: '2', cancel: true })
  const { key } = await docket.account()
  const { rows } = await docket.db.query<{ id: number }>(
    `insert into suppliers (name, protocol) values ('Theirs & Sons', 'simulated') returning id`,
  )
  order = await placed(docket, key, { service, quantity: 1000 })
  await docket.db.query('update orders set supplier_id = $2, sent = true where id = $1', [order, rows[0]!.id])
  await docket.db.query(
    `insert into hand_offs (order_id, supplier_id, due_at, state, words, claimed_at) values ($1, $2, $3, 'unconfirmed', 'socket hang up', $3)`,
    [order, rows[0]!.id, clock.now()],
  )
  await raiseAlert(
    docket.db,
    { kind: 'unconfirmed hand-off', supplierId: rows[0]!.id, orderId: BigInt(order), words: 'socket hang up' },
    clock.now(),
  )
  await raiseAlert(docket.db, { kind: 'services gone', supplierId: rows[0]!.id, orderId: null, words: '5, 6' }, clock.now())
})

const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

describe('Needs attention', () => {
  test('shows each matter once, with its evidence and what can be done about it', async () => {
    const { html } = await (await openDesk(docket)).get('/desk/attention')
    expect(html.match(/<li data-row/g)).toHaveLength(2)
    expect(textOf(html)).toContain(`Order ${order} Service`)
    expect(html).toContain('socket hang up')
    expect(html).toContain(`/desk/do/hand-off-decide?order=${order}&amp;send=yes`)
    expect(html).toContain('data-act="s"')
    expect(textOf(html)).toContain('Services are gone from its list')
  })

  test('shows one kind, and leaves out kinds and acts that the reader may not see or do', async () => {
    const desk = await openDesk(docket, { role: 'read-only' })
    const { html } = await desk.get('/desk/attention?kind=supplier')
    expect(html.match(/<li data-row/g)).toHaveLength(1)
    expect(html).not.toContain('data-act')
    const support = (await (await openDesk(docket, { role: 'fulfilment' })).get('/desk/attention')).html
    expect(support).not.toContain('value="approval"')
    expect(support).toContain('data-act="a"')
  })

  test('does at once what needs no form, without script too, and tells the line in the log', async () => {
    const desk = await openDesk(docket)
    const { html } = await desk.get('/desk/attention?kind=supplier')
    const alert = /name="alert" value="(\d+)"/.exec(html)![1]!
    const fields = { 'form:act': 'alerts acknowledge', 'form:back': '/desk/attention?kind=supplier', alert }
    const done = await desk.post('/desk/attention', fields)
    expect(done.status).toBe(303)
    expect(done.location).toMatch(/^\/desk\/attention\?kind=supplier&told=\d+$/)
    const { html: after } = await desk.get(done.location!)
    expect(after).toContain('Nothing needs you')
    expect(textOf(after)).toMatch(/Settled lately.*Services are gone from its list Theirs &amp; Sons .* staff\d+@example\.com/)
    expect((await desk.post('/desk/attention', fields)).status).not.toBe(303)
  })

  test('does nothing that has to be confirmed', async () => {
    const desk = await openDesk(docket)
    const refused = await desk.post('/desk/attention', { 'form:act': 'order cancel', 'form:back': '/desk', order: String(order) })
    expect(refused.status).toBe(400)
    const reader = await openDesk(docket, { role: 'read-only' })
    const input = { 'form:act': 'alerts acknowledge', 'form:back': '/desk/attention', alert: '1' }
    expect((await reader.post('/desk/attention', input)).status).toBe(403)
  })

  test('a form leads back to the queue, where the matter has left', async () => {
    const desk = await openDesk(docket)
    const done = await desk.do('hand-off-decide', { order: String(order), cancel: 'yes', 'form:back': '/desk/attention' })
    expect(done.location).toMatch(/^\/desk\/attention\?told=\d+$/)
    const { html } = await desk.get(done.location!)
    expect(html).not.toContain('socket hang up</bdi>')
  })
})
