import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { expect, inject, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setService } from '../../server/catalog/import.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { startNode } from '../../server/main.ts'
import { requestCancels } from '../../server/orders/cancel.ts'
import { settle } from '../../server/orders/settle.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { booksBalance, movableClock, send, testConfig } from '../support/docket.ts'
import { growHouse, grownKey } from '../support/grown-house.ts'

test('S6 a house of the version before goes on with its books, and its new orders are promised', async () => {
  const name = `${inject('template')}_${randomBytes(4).toString('hex')}`
  await onServer(inject('serverUrl'), `create database "${name}"`)
  const url = withDatabase(inject('serverUrl'), name)
  const clock = movableClock()
  const db = openPool(url, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
  try {
    await migrate(url, '0015-place-plain-orders')
    await growHouse(db, { accounts: 20, services: 10 }, clock.now())
    const { rows } = await db.query<{ id: bigint; book: number }>(
      `select id, book_id as book from orders where status = 'In progress' order by id`,
    )
    const [open, other] = rows
    await settle(db, [{ orderId: open!.id, status: 'Partial', startCount: 3n, remains: 400n, words: null }], 'test', clock.now())

    // All that is new comes in one transaction, over rows that were there before.
    expect((await migrate(url)).length).toBeGreaterThanOrEqual(3)
    await booksBalance(db)
    expect(await requestCancels(db, other!.book, [String(other!.id)], clock.now())).toEqual(new Map([[String(other!.id), true]]))
    await changeCatalogue(db, (tx) => setService(tx, 1, { startWithin: 10, compensationBasisPoints: 1000 }))

    const node = await startNode(testConfig(url), pino({ level: 'silent' }), clock.now)
    const call = async (parameters: Record<string, string | number>) =>
      (await send(node.url!, { key: grownKey(3), ...parameters })).json() as Promise<Record<string, unknown>>
    const { order } = await call({ action: 'add', service: 1, link: 'p', quantity: 1000 })
    clock.forward({ minutes: 10 })
    await workPromises(db, clock.now)
    expect(await call({ action: 'status', order: Number(order) })).toMatchObject({ charge: '0.90000' })
    // An order that had begun before this was noted has no beginning, and is not given a false one.
    await settle(db, [{ orderId: other!.id, status: 'Completed', startCount: 9n, remains: 0n, words: null }], 'test', clock.now())
    const { rows: started } = await db.query('select started_at from orders where id = $1', [other!.id])
    expect(started).toEqual([{ started_at: null }])
    await node.stop()
    await booksBalance(db)
  } finally {
    await db.end()
  }
})
