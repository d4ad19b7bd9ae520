import { describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setService } from '../../server/catalog/import.ts'
import { add, crowd, nothingLostOrDoubled } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'

const ROW = `
  select o.quantity::text, o.charge::text, o.remains::text, o.status::text, o.kind, o.rate, o.rate_source, o.link, o.parameters, o.sent,
    o.supplier_id, o.service_id, o.key_id, t.amount::text, t.cause::text, t.line::text = o.line::text as "sameLine"
  from orders o join transfers t on t.order_id = o.id and t.cause = 'charge' where o.id = $1`

describe('the short way of plain orders', () => {
  const docket = openDocket()

  test('those who cannot pay are refused, their neighbours in the batch are not', async () => {
    const service = await onSale(docket, { rate: '1' })
    const rich = await Promise.all(Array.from({ length: 8 }, () => docket.account({ balance: '100' })))
    const poor = await Promise.all(Array.from({ length: 8 }, () => docket.account({ balance: '0.35' })))
    const all = [...rich, ...poor]

    const known = await crowd(160, (client) => add(docket.node.url!, { key: all[client % all.length]!.key, service, quantity: 100 }))

    for (const [index, { account }] of all.entries()) {
      const own = known.filter((_, client) => client % all.length === index)
      const balance = index < rich.length ? 10_000_000 : 35_000
      const orders = await nothingLostOrDoubled(docket.db, account, balance, own)
      expect(orders).toHaveLength(index < rich.length ? 10 : 3)
      expect(own.filter((each) => each.error === 'Not enough funds on balance')).toHaveLength(10 - orders.length)
    }
  })

  test('a plain order and one with a retry key leave the same rows', async () => {
    const service = await onSale(docket, { type: 'Custom Comments', rate: '2.50', min: 1 })
    const { key } = await docket.account()
    const order = { key, action: 'add', service, link: 'https://example.com/p', comments: 'One\nTwo, really' }
    const plain = await docket.call(order)
    const examined = await docket.call({ ...order, idempotency_key: 'once' })
    const rowOf = async ({ order: id }: { order: number }) => (await docket.db.query(ROW, [id])).rows[0]
    expect(await rowOf(plain)).toEqual({ ...(await rowOf(examined)), sameLine: true })
    expect((await rowOf(plain)).parameters).toEqual({ comments: 'One\nTwo, really' })
  })

  test('a revoked key buys nothing, alone or in company', async () => {
    const service = await onSale(docket)
    const [good, bad] = [await docket.account(), await docket.account()]
    const buy = (key: string) => add(docket.node.url!, { key, service, quantity: 10 })
    expect((await buy(bad.key)).order).toBeDefined()
    // Past the notification: the node still remembers the key.
    await docket.db.query('alter table api_keys disable trigger user')
    await docket.db.query('update api_keys set revoked_at = now(), refused = true where account_id = $1', [bad.account])
    await docket.db.query('alter table api_keys enable trigger user')
    const known = await crowd(20, (client) => buy(client % 2 === 0 ? good.key : bad.key))
    expect(known.map((each) => each.order !== undefined)).toEqual(known.map((_, client) => client % 2 === 0))
    expect(await buy(bad.key)).toMatchObject({ error: 'Invalid API key' })
  })

  test('a price that turned is asked again, never charged', async () => {
    const service = await onSale(docket, { rate: '1' })
    const { key } = await docket.account()
    await docket.call({ key, action: 'add', service, link: 'p', quantity: 1000 })
    await changeCatalogue(docket.db, (tx) => setService(tx, service, { rate: '3' }))
    const known = await crowd(10, () => add(docket.node.url!, { key, service, quantity: 1000 }))
    const { rows } = await docket.db.query('select distinct charge from orders where id = any($1::bigint[])', [
      known.map((each) => each.order),
    ])
    expect(rows).toEqual([{ charge: 300_000n }])
  })
})
