import { beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../../server/fulfilment/probe.ts'
import { settleAlerts } from '../../server/fulfilment/settled-alerts.ts'
import { type Alert, raiseAlert } from '../../server/loops/alerts.ts'
import { SupplierAway } from '../../server/suppliers/supplier.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const docket = openDocket()
const { clock } = docket
let service: number
let key: string
let supplier: number

beforeAll(async () => {
  service = await onSale(docket, { rate: '1', cancel: true })
  ;({ key } = await docket.account())
  const { rows } = await docket.db.query<{ id: number }>(
    `insert into suppliers (name, protocol) values ('Theirs', 'simulated') returning id`,
  )
  supplier = rows[0]!.id
  await docket.db.query(`insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate) values ($1, $2, 11, '1', '0.5')`, [service, supplier]) // prettier-ignore
})

async function orderAt(state: string): Promise<number> {
  const order = await placed(docket, key, { service, quantity: 1000 })
  await docket.db.query('update orders set supplier_id = $2, sent = true where id = $1', [order, supplier])
  await docket.db.query(`insert into hand_offs (order_id, supplier_id, due_at, state, attempts) values ($1, $2, 'infinity', $3, 3)`, [order, supplier, state]) // prettier-ignore
  return order
}

const raise = (kind: Alert['kind'], order: number | null) =>
  raiseAlert(docket.db, { kind, supplierId: supplier, orderId: order === null ? null : BigInt(order), words: 'test' }, clock.now())

const openKinds = async () =>
  (await docket.db.query<{ kind: string }>('select kind from alerts where closed_at is null order by kind')).rows.map(({ kind }) => kind)

describe('an alert settles by itself when its cause is gone, and not before', () => {
  const ofAnOrder: [Alert['kind'], string][] = [
    ['unconfirmed hand-off', 'unconfirmed'],
    ['order needs attention', 'attention'],
    ['cost above charge', 'attention'],
    ['unknown status word', 'sent'],
    ['answer unclear', 'sent'],
    ['order not known there', 'sent'],
    ['remains above quantity', 'sent'],
    ['partial not believed', 'sent'],
    ['promise missed', 'sent'],
  ]
  test.each(ofAnOrder)('%s: the order has ended, whoever ended it', async (kind, state) => {
    const order = await orderAt(state)
    await raise(kind, order)
    expect(await settleAlerts(docket.db, clock.now())).toBe(0)
    await tell(docket, order, 'Canceled')
    expect(await settleAlerts(docket.db, clock.now())).toBe(1)
    const { rows } = await docket.db.query('select closed_at, acknowledged_by from alerts where order_id = $1', [order])
    expect(rows).toEqual([{ closed_at: clock.now(), acknowledged_by: null }])
  })

  test('cancel requested: the order has ended, or nobody asks for it any more', async () => {
    const order = await orderAt('sent')
    await docket.db.query('update orders set cancel_asked_at = $2 where id = $1', [order, clock.now()])
    await raise('cancel requested', order)
    expect(await settleAlerts(docket.db, clock.now())).toBe(0)
    await docket.db.query('update orders set cancel_asked_at = null where id = $1', [order])
    expect(await settleAlerts(docket.db, clock.now())).toBe(1)
    await tell(docket, order, 'Completed')
  })

  test('supplier balance too low: no order waits there any more', async () => {
    const order = await orderAt('waiting')
    await raise('supplier balance too low', null)
    expect(await settleAlerts(docket.db, clock.now())).toBe(0)
    await docket.db.query('delete from hand_offs where order_id = $1', [order])
    expect(await settleAlerts(docket.db, clock.now())).toBe(1)
    await tell(docket, order, 'Canceled')
  })

  test('cost above price: it was sold dearer, or by another supplier', async () => {
    await docket.db.query(`update services set supplier_id = $2, rate = '0.4' where id = $1`, [service, supplier])
    await raise('cost above price', null)
    expect(await settleAlerts(docket.db, clock.now())).toBe(0)
    await docket.db.query(`update services set rate = '1' where id = $1`, [service])
    expect(await settleAlerts(docket.db, clock.now())).toBe(1)
  })

  test('services gone: its list has them again, or nothing is bound to it any more', async () => {
    await docket.db.query('update service_suppliers set gone_at = $2 where service_id = $1 and supplier_id = $3', [service, clock.now(), supplier]) // prettier-ignore
    await raise('services gone', null)
    expect(await settleAlerts(docket.db, clock.now())).toBe(0)
    await docket.db.query('update service_suppliers set gone_at = null')
    expect(await settleAlerts(docket.db, clock.now())).toBe(1)
  })
})

describe('a supplier in doubt', () => {
  let answer: () => Promise<{ balance: string; currency: null }>
  const prices = { balance: () => answer(), services: () => Promise.reject(new Error('not asked here')) }
  const ask = () => probe({ db: docket.db, now: clock.now, supplierId: supplier, prices })
  const there = () => Promise.resolve({ balance: '5.00', currency: null })

  test('is not asked while nothing speaks against it', async () => {
    answer = () => Promise.reject(new Error('not asked'))
    expect(await ask()).toBe(false)
  })

  test('is told as away when it takes no orders, although it has none to ask for; and as back when it answers', async () => {
    const order = await orderAt('waiting')
    answer = () => Promise.reject(new SupplierAway('connection refused'))
    expect(await ask()).toBe(true)
    expect(await openKinds()).toEqual(['supplier away'])
    await settleAlerts(docket.db, clock.now())
    expect(await openKinds()).toEqual(['supplier away'])
    answer = there
    await ask()
    expect(await openKinds()).toEqual([])
    await tell(docket, order, 'Canceled')
  })

  test('that has lost all its orders to others is told as back too', async () => {
    await docket.db.query('delete from hand_offs')
    await raise('supplier away', null)
    answer = there
    expect(await ask()).toBe(true)
    expect(await openKinds()).toEqual([])
    expect(await ask()).toBe(false)
  })
})
