import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPipeline, type Pipeline } from '../../server/db/pipeline.ts'
import { type Database, isConnectionLoss, openPool, sqlState, transaction } from '../../server/db/pool.ts'
import { eventually } from '../support/clients.ts'
import { freshDatabase } from '../support/docket.ts'
import { openProxy } from '../support/proxy.ts'

let url: string
let db: Database
let operator: Database

beforeAll(async () => {
  url = await freshDatabase()
  db = openPool(url, { size: 1, name: 'test', connectTimeoutMs: 300_000 })
  operator = openPool(url, { size: 1, name: 'test operator' })
  await operator.query('create table written (n int)')
})
beforeEach(() => operator.query('truncate written'))
afterAll(async () => {
  await db.end()
  await operator.end()
})

const OWN_PID = 'select pg_backend_pid() as pid'
const end = (pid: number) => operator.query('select pg_terminate_backend($1, 5000)', [pid])
const written = async () => (await operator.query<{ n: number }>('select n from written order by n')).rows.map(({ n }) => n)

describe('a connection that breaks inside a transaction', () => {
  test.for(['while a statement runs', 'between two statements'])('%s: fails that transaction alone', async (when) => {
    const errors: unknown[] = []
    await transaction(db, async (tx) => {
      await tx.query('insert into written values (1)')
      const { rows } = await tx.query<{ pid: number }>(OWN_PID)
      const ended = end(rows[0]!.pid)
      if (when === 'between two statements') await ended
      await tx.query('select pg_sleep(20)')
    }).catch((error: unknown) => errors.push(error))

    expect(errors).toHaveLength(1)
    expect(isConnectionLoss(errors[0])).toBe(true)
    expect(await written()).toEqual([])
    await db.query('insert into written values (2)')
    expect(await written()).toEqual([2])
  })
})

describe('a line that swallows everything', () => {
  test('keeps nothing locked for long', async () => {
    const { rows } = await db.query("select current_setting('idle_in_transaction_session_timeout') as limit")
    expect(rows).toEqual([{ limit: '1min' }])
  })

  test('fails the transaction in time, and the next gets another connection', async () => {
    const proxy = await openProxy(url)
    const through = openPool(proxy.url, { size: 1, name: 'test', queryTimeoutMs: 200 })
    try {
      const told = await transaction(through, async (tx) => {
        await tx.query('insert into written values (1)')
        proxy.freeze({ newOnes: false })
        await tx.query('insert into written values (2)')
      }).catch((error: unknown) => error)

      expect(isConnectionLoss(told)).toBe(true)
      await transaction(through, (tx) => tx.query('insert into written values (3)'))
      expect(await written()).toEqual([3])
    } finally {
      proxy.goAway()
      await through.end()
      await proxy.close()
    }
  })
})

describe('a pipeline', () => {
  let pipeline: Pipeline

  beforeAll(() => {
    pipeline = openPipeline(db)
  })
  afterAll(() => pipeline.end())

  const write = (n: number) => pipeline.query({ name: 'write', text: 'insert into written values ($1)', values: [n] })
  const pidOf = async () => (await pipeline.query<{ pid: number }>({ text: OWN_PID })).rows[0]!.pid

  test('sends all on one connection, in order', async () => {
    const pids = Promise.all([pidOf(), write(1), pidOf(), write(2), pidOf()])
    const seen = await pipeline.query<{ n: number }>({ text: 'select n from written order by n' })
    expect(seen.rows).toEqual([{ n: 1 }, { n: 2 }])
    const [first, , second, , third] = await pids
    expect([second, third]).toEqual([first, first])
  })

  test('a statement that is refused says nothing of those behind it', async () => {
    const told = await Promise.allSettled([write(1), pipeline.query({ text: 'select 1 / 0' }), write(2)])
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(sqlState((told[1] as PromiseRejectedResult).reason)).toBe('22012')
    expect(await written()).toEqual([1, 2])
  })

  test('a lost connection fails all that were sent on it, and the next call gets another', async () => {
    const pid = await pidOf()
    const slow = pipeline.query({ text: 'select pg_sleep(20)' })
    const behind = write(1)
    const told = Promise.allSettled([slow, behind])
    await end(pid)

    expect((await told).map((each) => each.status === 'rejected' && isConnectionLoss(each.reason))).toEqual([true, true])
    expect(await written()).toEqual([])
    await write(2)
    expect(await pidOf()).not.toBe(pid)
    expect(await written()).toEqual([2])
  })

  test('what was sent on a lost connection is not done later', async () => {
    await transaction(operator, async (tx) => {
      await tx.query('lock table written')
      const blocked = { text: 'insert into written values (1)', query_timeout: 200 }
      expect(await Promise.allSettled([pipeline.query(blocked), write(2)])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
      await eventually('the server has noticed', async () => {
        const { rows } = await tx.query(`select from pg_locks where relation = 'written'::regclass and not granted`)
        return rows.length === 0
      })
    })
    expect(await written()).toEqual([])
  })

  test('a statement that takes too long is given up with its connection', async () => {
    const late = { text: 'select pg_sleep(20)', query_timeout: 200 }
    const told = await Promise.allSettled([pipeline.query(late), write(1)])

    expect(told.map((each) => each.status === 'rejected' && isConnectionLoss(each.reason))).toEqual([true, true])
    await write(2)
    expect(await written()).toEqual([2])
  })
})
