import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPool, openPoolBeside } from '../../server/db/pool.ts'
import { freshDatabase } from '../support/docket.ts'
import { openProxy, type Proxy } from '../support/proxy.ts'

let proxy: Proxy

beforeEach(async () => {
  proxy = await openProxy(await freshDatabase())
  proxy.judge = (piece) => {
    if (piece.includes('set_config')) proxy.freeze()
    return 'pass'
  }
})
afterEach(() => proxy.close())

test.for([false, true])('a connection that freezes while it is set up is given up, pipelined: %s', async (pipeline) => {
  const db = openPool(proxy.url, { size: 1, name: 'test' })
  const pool = openPoolBeside(db, { max: 1, pipeline })
  await expect(pool.query('select 1')).rejects.toThrow(/timeout|terminated/i)
  await pool.end()
  await db.end()
})
