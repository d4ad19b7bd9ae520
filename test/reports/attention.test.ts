import { beforeAll, describe, expect, test } from 'vitest'
import { raiseAlert } from '../../server/loops/alerts.ts'
import { countTroubles, readTroubles, troubleKindsFor } from '../../server/reports/attention.ts'
import { type TroubleKind, troubleKinds } from '../../server/reports/trouble-kinds.ts'
import { permissionsOf } from '../../server/staff/roles.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const docket = openDocket()
const { clock } = docket
let service: number
let key: string
let supplier: number
let byHand: number

beforeAll(async () => {
  service = await onSale(docket, { rate: '1', cancel: true, refill: true })
  ;({ key } = await docket.account())
  const { rows } = await docket.db.query<{ id: number }>(`insert into suppliers (name, protocol) values ('Theirs', 'simulated'), ('Ours', 'manual') returning id`) // prettier-ignore
  ;[supplier, byHand] = [rows[0]!.id, rows[1]!.id]
})

async function orderAt(state: string, at = supplier, reference: string | null = null): Promise<number> {
  const order = await placed(docket, key, { service, quantity: 1000 })
  await docket.db.query('update orders set supplier_id = $2, sent = true where id = $1', [order, at])
  await docket.db.query(
    `insert into hand_offs (order_id, supplier_id, reference, due_at, state, words, claimed_at) values ($1, $2, $3, $4, $5, 'their words', $4)`,
    [order, at, reference, clock.now(), state],
  )
  return order
}

const of = (kind: TroubleKind) => readTroubles(docket.db, [kind], 50, clock.now())

describe('what needs a person', () => {
  test('is each order that nobody knows of, with what was said, until it is decided', async () => {
    const [unknown, refused] = [await orderAt('unconfirmed'), await orderAt('attention')]
    const about = { words: 'their words', supplier: 'Theirs', service, link: 'https://example.com/p', alert: null, usual: null }
    expect(await of('unconfirmed')).toMatchObject([{ kind: 'unconfirmed', order: BigInt(unknown), at: clock.now(), ...about }])
    expect(await of('refused')).toMatchObject([{ kind: 'refused', order: BigInt(refused), ...about }])
    await tell(docket, unknown, 'Canceled')
    await tell(docket, refused, 'Canceled')
    expect(await of('unconfirmed')).toEqual([])
    expect(await of('refused')).toEqual([])
  })

  test('is each order that takes longer than 95 of 100 of its service, at a panel and at staff', async () => {
    await docket.db.query(
      `insert into service_times (service_id, start_median, start_p95, finish_median, finish_p95, newest_at, measured_at) values ($1, 60, 120, 600, 3600, $2, $2)`,
      [service, clock.now()],
    )
    const [there, ours] = [await orderAt('sent', supplier, 'a1'), await orderAt('sent', byHand, 'manual')]
    await docket.db.query(`update hand_offs set due_at = 'infinity' where order_id = $1`, [ours])
    clock.forward({ minutes: 59 })
    expect(await of('stuck')).toEqual([])
    clock.forward({ minutes: 2 })
    expect(new Map((await of('stuck')).map(({ order, usual }) => [order, usual]))).toEqual(new Map([there, ours].map((order) => [BigInt(order), 3600n]))) // prettier-ignore
    await tell(docket, there, 'Completed')
    await tell(docket, ours, 'Completed')
    expect(await of('stuck')).toEqual([])
  })

  test('is each cancel and refill that nobody answers', async () => {
    const [asked, mine] = [await orderAt('sent', supplier, 'a2'), await orderAt('sent', byHand, 'manual')]
    await docket.db.query('update orders set cancel_asked_at = $2 where id = any($1::bigint[])', [[asked, mine], clock.now()])
    expect((await of('cancel')).map(({ order }) => order)).toEqual([BigInt(mine)])
    clock.forward({ minutes: 11 })
    expect(new Set((await of('cancel')).map(({ order }) => order))).toEqual(new Set([BigInt(asked), BigInt(mine)]))
    await tell(docket, asked, 'Completed')
    await tell(docket, mine, 'Completed')
    await docket.db.query(`insert into refills (order_id, book_id, asked_at) select id, book_id, $2 from orders where id = $1`, [mine, clock.now()]) // prettier-ignore
    expect((await of('refill')).map(({ order }) => order)).toEqual([BigInt(mine)])
    await docket.db.query(`update refills set status = 'Completed'`)
    expect(await of('refill')).toEqual([])
  })

  test('is each service below its cost, and each that waits for a decision', async () => {
    await docket.db.query(`update services set supplier_id = $2 where id = $1`, [service, supplier])
    await docket.db.query(`insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate) values ($1, $2, 11, '1', '1.5')`, [service, supplier]) // prettier-ignore
    expect(await of('below cost')).toMatchObject([{ service, supplier: 'Theirs', words: '1.5 > 1' }])
    await docket.db.query(`update services set state = 'disabled', sync_pause = 'cost' where id = $1`, [service])
    expect(await of('below cost')).toEqual([])
    expect(await of('catalogue')).toMatchObject([{ service, words: 'cost' }])
    await docket.db.query(`update services set state = 'on sale', sync_pause = null where id = $1`, [service])
    await docket.db.query('delete from service_suppliers where service_id = $1 and supplier_id = $2', [service, supplier])
  })

  test('is each alert, once: those about suppliers, unknown words and the rest', async () => {
    const order = BigInt(await orderAt('sent', supplier, 'a3'))
    const words = 'test'
    await raiseAlert(docket.db, { kind: 'supplier away', supplierId: supplier, orderId: null, words }, clock.now())
    await raiseAlert(docket.db, { kind: 'unknown status word', supplierId: supplier, orderId: order, words }, clock.now())
    await raiseAlert(docket.db, { kind: 'settled order changed', supplierId: supplier, orderId: order, words }, clock.now())
    await raiseAlert(docket.db, { kind: 'unconfirmed hand-off', supplierId: supplier, orderId: order, words }, clock.now())
    expect(await of('supplier')).toMatchObject([{ alertKind: 'supplier away', supplier: 'Theirs', order: null }])
    expect(await of('unknown word')).toMatchObject([{ order }])
    expect(await of('alert')).toMatchObject([{ alertKind: 'settled order changed', order }])
    await tell(docket, Number(order), 'Canceled')
  })

  test('is counted up to a limit, newest first, and each role sees what it may', async () => {
    for (let n = 0; n < 3; n += 1) {
      clock.forward({ minutes: 1 })
      await orderAt('attention')
    }
    const counted = await countTroubles(docket.db, ['refused', 'approval'], 2, clock.now())
    expect(counted).toEqual([{ kind: 'refused', count: 2, isMore: true }])
    const times = (await readTroubles(docket.db, troubleKinds, 50, clock.now())).map(({ at }) => at.getTime())
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(troubleKindsFor(permissionsOf('fulfilment'))).not.toContain('approval')
    expect(troubleKindsFor(permissionsOf('owner'))).toEqual([...troubleKinds])
  })
})
