import pg from 'pg'
import { afterAll, expect, inject } from 'vitest'
import { kindOf } from './heavy.ts'

// Runs before each test file. A heavy one waits here, where no limit counts, until no other of its kind runs in any worker. The lock belongs
// to a connection, so that a worker which dies gives it back.
const kind = kindOf(expect.getState().testPath ?? '')
if (kind !== undefined) {
  const turn = new pg.Client({ connectionString: inject('serverUrl') })
  await turn.connect()
  await turn.query('select pg_advisory_lock(hashtext($1))', [`docket test turn ${kind}`])
  afterAll(() => turn.end())
}
