import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setService } from '../../server/catalog/import.ts'
import { openPool } from '../../server/db/pool.ts'
import { poolerBefore } from '../../server/db/pooler.ts'
import { startNode } from '../../server/main.ts'
import { add, anAccount, aService, eventually } from '../support/clients.ts'
import { freshDatabase, send, testConfig } from '../support/docket.ts'
import { hasPgBouncer, openPgBouncer } from '../support/pgbouncer.ts'
import { openProxy } from '../support/proxy.ts'

if (!hasPgBouncer) console.log('pgbouncer was not found (Debian: apt-get install pgbouncer): poolers are not tested.')

test('a line that only passes on is no pooler', async () => {
  const proxy = await openProxy(await freshDatabase())
  const db = openPool(proxy.url, { size: 2, name: 'test' })
  expect(await poolerBefore(db)).toBe('none')
  await db.end()
  await proxy.close()
})

describe.skipIf(!hasPgBouncer)('PgBouncer', () => {
  test('in session mode is noticed at the start, and a node hears of changes through it', async () => {
    const databaseUrl = await freshDatabase()
    const pooler = await openPgBouncer(databaseUrl, 'session')
    const told: string[] = []
    const log = pino({ level: 'info' }, { write: (line: string) => void told.push((JSON.parse(line) as { msg: string }).msg) })
    const node = await startNode(testConfig(pooler.url), log)
    expect(told).toContain('a pooler stands before PostgreSQL, in session mode, as it should be')
    const db = openPool(databaseUrl, { size: 2, name: 'test' })
    const service = await aService(db, 9001)
    const { key } = await anAccount(db, '1000')
    expect((await add(node.url!, { key, service, quantity: 1000 })).order).toBeTypeOf('number')
    await eventually(
      'it hears',
      async () => ((await (await fetch(`${node.url}/readyz`)).json()) as { changes: string }).changes === 'heard',
    )
    await changeCatalogue(db, (tx) => setService(tx, service, { rate: '2' }))
    await eventually('the change is known', async () => {
      const [first] = (await (await send(node.url!, { key, action: 'services' })).json()) as { rate: string }[]
      return first!.rate === '2'
    })
    await node.stop()
    await db.end()
    await pooler.close()
  })

  test('in transaction mode is noticed at the start; one that loses prepared statements too ends it with the way out', async () => {
    const pooler = await openPgBouncer(await freshDatabase(), 'transaction')
    const db = openPool(pooler.url, { size: 2, name: 'test' })
    expect(await poolerBefore(db)).toBe('by transaction')
    await db.end()
    const warnings: string[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push((JSON.parse(line) as { msg: string }).msg) })
    // Since 1.21 a PgBouncer can keep prepared statements: then the node runs, and says once that it does not hear.
    const told = await startNode(testConfig(pooler.url), log).then(
      async (node) => {
        expect(((await (await fetch(`${node.url}/readyz`)).json()) as { changes: string }).changes).toBe('not heard')
        await node.stop()
        return undefined
      },
      (error: Error) => error.message,
    )
    expect(warnings.filter((line) => line.includes('PgBouncer must be in session mode'))).toHaveLength(1)
    if (told !== undefined) expect(told).toMatch(/PgBouncer must be in session mode .* It also loses prepared statements/)
    await pooler.close()
  })
})
