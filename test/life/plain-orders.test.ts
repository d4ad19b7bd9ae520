import { describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setService } from '../../server/catalog/import.ts'
import { add, crowd, nothingLostOrDoubled } from '../support/clients.ts'
import { openDesk } from '../support/desk.ts'
import { onSale } from '../support/on-sale.ts'

const ROW = `
  select o.quantity::text, o.charge::text, o.remains::text, o.status::text, o.kind, o.rate, o.rate_source, o.link, o.parameters, o.sent,
    o.supplier_id, o.service_id, o.key_id, t.amount::text, t.cause::text, t.line::text = o.line::text as "sameLine"
  from orders o join transfers t on t.order_id = o.id and t.cause = 'charge' where o.id = $1`

describe('the short way of plain orders', () => {
  const desk = openDesk()

  test('those who cannot pay are refused, their neighbours in the batch are not', async () => {
    const service = await onSale(desk, { rate: '1' })
    const rich = await Promise.all(Array.from({ length: 8 }, () => desk.account({ balance: '100' })))
    const poor = await Promise.all(Array.from({ length: 8 }, () => desk.account({ balance: '0.35' })))
    const all = [...rich, ...poor]

    const known = await crowd(160, (client) => add(desk.node.url!, { key: all[client % all.length]!.key, service, quantity: 100 }))

    for (const [index, { account }] of all.entries()) {
      const own = known.filter((_, client) => client % all.length === index)
      const balance = index < rich.length ? 10_000_000 : 35_000
      const orders = await nothingLostOrDoubled(desk.db, account, balance, own)
      expect(orders).toHaveLength(index < rich.length ? 10 : 3)
      expect(own.filter((each) => each.error === 'Not enough funds on balance')).toHaveLength(10 - orders.length)
    }
  })

  test('a plain order and one with a retry key leave the same rows', async () => {
    const service = await onSale(desk, { type: 'Custom Comments', rate: '2.50', min: 1 })
    const { key } = await desk.account()
    const order = { key, action: 'add', service, link: 'https://example.com/p', comments: 'One\nTwo, really' }
    const plain = await desk.call(order)
    const examined = await desk.call({ ...order, idempotency_key: 'once' })
    const rowOf = async ({ order: id }: { order: number }) => (await desk.db.query(ROW, [id])).rows[0]
    expect(await rowOf(plain)).toEqual({ ...(await rowOf(examined)), sameLine: true })
    expect((await rowOf(plain)).parameters).toEqual({ comments: 'One\nTwo, really' })
  })

  test('a revoked key buys nothing, alone or in company', async () => {
    const service = await onSale(desk)
    const [good, bad] = [await desk.account(), await desk.account()]
    const buy = (key: string) => add(desk.node.url!, { key, service, quantity: 10 })
    expect((await buy(bad.key)).order).toBeDefined()
    // Past the notification: the node still remembers the key.
    await desk.db.query('alter table api_keys disable trigger user')
    await desk.db.query('update api_keys set revoked_at = now(), refused = true where account_id = $1', [bad.account])
    await desk.db.query('alter table api_keys enable trigger user')
    const known = await crowd(20, (client) => buy(client % 2 === 0 ? good.key : bad.key))
    expect(known.map((each) => each.order !== undefined)).toEqual(known.map((_, client) => client % 2 === 0))
    expect(await buy(bad.key)).toMatchObject({ error: 'Invalid API key' })
  })

  test('a price that turned is asked again, never charged', async () => {
    const service = await onSale(desk, { rate: '1' })
    const { key } = await desk.account()
    await desk.call({ key, action: 'add', service, link: 'p', quantity: 1000 })
    await changeCatalogue(desk.db, (tx) => setService(tx, service, { rate: '3' }))
    const known = await crowd(10, () => add(desk.node.url!, { key, service, quantity: 1000 }))
    const { rows } = await desk.db.query('select distinct charge from orders where id = any($1::bigint[])', [
      known.map((each) => each.order),
    ])
    expect(rows).toEqual([{ charge: 300_000n }])
  })
})
