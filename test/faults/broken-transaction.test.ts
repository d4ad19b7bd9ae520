import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, isConnectionLoss, openPool, transaction } from '../../server/db/pool.ts'
import { freshDatabase } from '../support/desk.ts'

describe('a connection that breaks inside a transaction', () => {
  let db: Database
  let operator: Database

  beforeAll(async () => {
    const url = await freshDatabase()
    db = openPool(url, { size: 1, name: 'test broken' })
    operator = openPool(url, { size: 1, name: 'test operator' })
    await db.query('create table written (n int)')
  })
  afterAll(async () => {
    await db.end()
    await operator.end()
  })

  const end = (pid: number) => operator.query('select pg_terminate_backend($1, 5000)', [pid])

  test.for(['while a statement runs', 'between two statements'])('%s: fails that transaction alone', async (when) => {
    const errors: unknown[] = []
    const broken = transaction(db, async (tx) => {
      await tx.query('insert into written values (1)')
      const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      const ended = end(rows[0]!.pid)
      if (when === 'between two statements') await ended
      await tx.query('select pg_sleep(20)')
    }).catch((error: unknown) => errors.push(error))
    await broken

    expect(errors).toHaveLength(1)
    expect(isConnectionLoss(errors[0])).toBe(true)
    const { rows } = await db.query<{ count: bigint }>('select count(*) from written')
    expect(rows).toEqual([{ count: 0n }])
  })
})
