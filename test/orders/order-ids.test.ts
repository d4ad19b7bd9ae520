import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPipeline, type Pipeline } from '../../server/db/pipeline.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { openOrderIds, raiseOrderIds } from '../../server/orders/order-ids.ts'
import { eventually } from '../support/clients.ts'
import { freshDatabase } from '../support/docket.ts'

const LEFT_OUT = 1_000_000n

describe('order ids', () => {
  let db: Database
  let pipeline: Pipeline

  beforeAll(async () => {
    const url = await freshDatabase()
    await migrate(url)
    db = openPool(url, { size: 2, name: 'test', connectTimeoutMs: 300_000 })
    pipeline = openPipeline(db)
  })
  afterAll(async () => {
    await pipeline.end()
    await db.end()
  })

  const next = async () => (await db.query<{ next: bigint }>('select next from order_ids')).rows[0]!.next

  /** The real database, whose answers arrive when the test lets them. */
  function heldBack() {
    const answers: (() => void)[] = []
    const query: Pipeline['query'] = async (statement) => {
      const arrived = pipeline.query<never>(statement)
      await new Promise<void>((resolve) => answers.push(resolve))
      return arrived
    }
    return { query, losses: () => pipeline.losses(), answers }
  }

  test('no two calls are given the same id, in whichever order their reservations are answered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }), { maxLength: 8 }),
        fc.infiniteStream(fc.nat(9)),
        async (rounds, turns) => {
          const nodes = [heldBack(), heldBack()]
          const takers = nodes.map((node) => openOrderIds(node))
          const given: bigint[] = []
          for (const counts of rounds) {
            const taking = counts.map((count) => takers[turns.next().value! % 2]!.take(count).then((ids) => given.push(...ids)))
            const all = Promise.all(taking)
            const progress = { isDone: false }
            void all.finally(() => (progress.isDone = true))
            while (!progress.isDone) {
              const held = nodes.flatMap((node) => node.answers)
              const answer = held[turns.next().value! % Math.max(held.length, 1)]
              for (const node of nodes) node.answers.splice(0, node.answers.length, ...node.answers.filter((other) => other !== answer))
              answer?.()
              await new Promise((resolve) => setImmediate(resolve))
            }
            await all
          }
          expect(given).toHaveLength(rounds.flat().reduce((sum, count) => sum + count, 0))
          expect(new Set(given).size).toBe(given.length)
          const counter = await next()
          expect(given.filter((id) => id >= counter)).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a call whose block is used up by others takes none of theirs', async () => {
    const node = heldBack()
    const ids = openOrderIds(node)
    const [small, large] = [ids.take(2), ids.take(8)]
    for (const answer of node.answers.splice(0)) answer()
    const given = [...(await small), ...(await large)]
    expect(new Set(given).size).toBe(10)
  })

  test('a counter that was set back below ids that a node was given leaves a million out', async () => {
    const ids = openOrderIds(pipeline)
    const before = await ids.take(5000)
    await db.query('update order_ids set next = 1')

    const after = await ids.take(5000)
    expect(after[0]).toBeGreaterThan(before.at(-1)! + LEFT_OUT)
    expect(await ids.take(1)).toEqual([after.at(-1)! + 1n])
  })

  test('ids of another history of the database are left out: a fail-over may have forgotten orders', async () => {
    const counter = await next()
    await db.query("update order_ids set timeline = 'FFFFFFFF'")

    expect(await raiseOrderIds(db)).toBe(LEFT_OUT)
    expect(await next()).toBe(counter + LEFT_OUT)
    expect(await raiseOrderIds(db)).toBe(0n)
  })

  test.for(['while it is idle', 'under a statement', 'elsewhere, as somebody noted'])(
    'ids that were reserved before a connection was lost %s are not given',
    async (where) => {
      const ids = openOrderIds(pipeline)
      const [first] = await ids.take(1)
      const { rows } = await pipeline.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' })
      const losses = pipeline.losses()
      const under = where === 'under a statement' ? pipeline.query({ text: 'select pg_sleep(20)' }).catch(() => {}) : undefined
      if (where.startsWith('elsewhere')) pipeline.noteLoss()
      else await db.query('select pg_terminate_backend($1)', [rows[0]!.pid])
      await under
      await eventually('the loss is noted', () => pipeline.losses() > losses)

      expect((await ids.take(1))[0]).toBeGreaterThan(first! + 1n)
    },
  )

  test('ids that were given up are not given', async () => {
    const ids = openOrderIds(pipeline)
    const [first] = await ids.take(1)
    ids.drop()
    const [second] = await ids.take(1)
    expect(second).toBeGreaterThan(first! + 1n)
  })
})
