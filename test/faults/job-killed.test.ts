import { afterEach, describe, expect, test } from 'vitest'
import { jobAdd } from '../../server/acts/job-add.ts'
import { findJob, sumsOfJob } from '../../server/jobs/jobs.ts'
import { verifyLog } from '../../server/staff/log.ts'
import { openPool } from '../../server/db/pool.ts'
import { houseOf, run } from '../support/acts.ts'
import { anAccount, aService, eventually } from '../support/clients.ts'
import { booksBalance, freshDatabase, send } from '../support/docket.ts'
import { endServers, serve } from '../support/server-process.ts'

const ORDERS = 1000

describe('a job under kill -9', () => {
  afterEach(endServers)

  test('cancels a thousand orders once each, with two nodes killed in the middle, and the books balance', async () => {
    const databaseUrl = await freshDatabase()
    const db = openPool(databaseUrl, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
    const { key } = await anAccount(db, '1000')
    const service = await aService(db, 7)
    const seller = await serve({ DATABASE_URL: databaseUrl, DOCKET_ROLE: 'http' })
    const orders: number[] = []
    while (orders.length < ORDERS) {
      const some = Array.from({ length: 100 }, (_, at) =>
        send(seller.url, { key, action: 'add', service, link: `https://example.com/${orders.length + at}`, quantity: 100 }),
      )
      for (const answer of await Promise.all(some)) orders.push(((await answer.json()) as { order: number }).order)
    }
    const balance = async () => ((await (await send(seller.url, { key, action: 'balance' })).json()) as { balance: string }).balance
    expect(await balance()).toBe('900.00000')

    const { job } = await run(houseOf(db), jobAdd, { act: 'order cancel', with: { reason: 'sold out' }, orders })
    for (const killedAt of [100, 500]) {
      const worker = await serve({ DATABASE_URL: databaseUrl })
      await eventually(`${killedAt} orders are done`, async () => (await findJob(db, job!)).done >= killedAt)
      await worker.kill()
      const { done, endedAt } = await findJob(db, job!)
      expect({ isInTheMiddle: done < ORDERS && endedAt === null }).toEqual({ isInTheMiddle: true })
    }
    await serve({ DATABASE_URL: databaseUrl })
    await eventually('the job has ended', async () => (await findJob(db, job!)).endedAt !== null)

    expect(await findJob(db, job!)).toMatchObject({ orders: ORDERS, done: ORDERS, refused: 0, whyEnded: null })
    expect(await balance()).toBe('1000.00000')
    const { rows } = await db.query(`
      select count(*)::int as lines, count(distinct order_id)::int as orders from staff_log where act = 'order cancel'`)
    expect(rows).toEqual([{ lines: ORDERS, orders: ORDERS }])
    const refunds = await db.query(`
      select count(*)::int as refunds, count(distinct order_id)::int as orders, sum(amount)::bigint as amount from transfers where cause = 'refund'`)
    expect(refunds.rows).toEqual([{ refunds: ORDERS, orders: ORDERS, amount: 10_000_000n }])
    expect(await sumsOfJob(db, job!)).toEqual({ refused: [], givenBack: [{ currency: 'USD', amount: 10_000_000n }] })
    expect(await verifyLog(db)).toMatchObject({ fault: null })
    await booksBalance(db)
    await db.end()
  })
})
