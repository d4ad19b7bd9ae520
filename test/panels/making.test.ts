import { spawnSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { childAdd } from '../../server/acts/child-add.ts'
import { childClose, childDrop } from '../../server/acts/child-close.ts'
import { childResume } from '../../server/acts/child-suspend.ts'
import { childDatabaseUrl } from '../../server/children/access.ts'
import { findChild } from '../../server/children/children.ts'
import { dropChild, makeChild, type Maker, makingSteps } from '../../server/children/make.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf, run } from '../support/acts.ts'
import { anAccount, eventually } from '../support/clients.ts'
import { onServer } from '../support/database-server.ts'
import { freshDatabase } from '../support/docket.ts'
import { commandEnvironment, docket, endServers, serve } from '../support/server-process.ts'

const SECRET = 'a secret of this test, long enough'
let databaseUrl: string
let db: Database
let maker: Maker
let hosts = 0

beforeAll(async () => {
  databaseUrl = await freshDatabase()
  db = openPool(databaseUrl, { size: 4, name: 'test' })
  const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
  maker = { db, databaseUrl, secret, now: () => new Date(), site: () => ({ name: 'Docket', url: 'https://panel.example' }) }
})
afterEach(endServers)
afterAll(async () => {
  const { rows } = await db.query<{ database: string }>('select database from child_panels')
  await db.end()
  for (const { database } of rows) {
    await onServer(databaseUrl, `drop database if exists "${database}" with (force)`)
    await onServer(databaseUrl, `drop role if exists "${database}"`)
  }
})

async function sold(): Promise<{ host: string; link: string }> {
  const host = `made${(hosts += 1)}.example`
  const { account } = await anAccount(db, '100')
  const { link } = await run(houseOf(db), childAdd, { url: `https://${host}`, account })
  return { host, link }
}

/** What is in the child once it is made: one locked supplier, one set-up link, one line in its log. */
async function inside(host: string) {
  const child = openPool(await childDatabaseUrl(maker, await findChild(db, host)), { size: 1, name: 'test' })
  try {
    const count = async (from: string) => Number((await child.query<{ n: string }>(`select count(*)::text as n from ${from}`)).rows[0]!.n)
    return { suppliers: await count('suppliers where locked'), links: await count('setup_links'), lines: await count('staff_log') }
  } finally {
    await child.end()
  }
}

const WHOLE = { suppliers: 1, links: 1, lines: 1 }

describe('making a child panel', () => {
  test.each([0, 1, 2, 3, 4, 5])('goes on where it was left after step %i, and does nothing twice', async (done) => {
    const { host } = await sold()
    const steps = makingSteps(maker, await findChild(db, host))
    expect(steps).toHaveLength(5)
    for (const step of steps.slice(0, done)) await step()
    await makeChild(maker, await findChild(db, host))
    await makeChild(maker, await findChild(db, host))
    expect(await findChild(db, host)).toMatchObject({ state: 'open', sealedKey: null, setupHash: null })
    expect(await inside(host)).toEqual(WHOLE)
  })

  test('is done once by several who begin at the same moment', async () => {
    const { host } = await sold()
    const child = await findChild(db, host)
    await Promise.all([makeChild(maker, child), makeChild(maker, child), makeChild(maker, child)])
    expect(await inside(host)).toEqual(WHOLE)
  })

  test('a dry run sells nothing, and a host is sold once', async () => {
    const { account } = await anAccount(db, '100')
    const url = 'https://dry.example'
    await run(houseOf(db), childAdd, { url, account }, { dryRun: true })
    expect((await db.query(`select from child_panels where host = 'dry.example'`)).rowCount).toBe(0)
    await run(houseOf(db), childAdd, { url, account })
    await expect(run(houseOf(db), childAdd, { url: 'http://DRY.example:8080/', account })).rejects.toMatchObject({
      code: 'child_host_taken',
    })
    await expect(run(houseOf(db), childAdd, { url: 'https://panel.example', account })).rejects.toMatchObject({ code: 'child_host_taken' })
    for (const wrong of ['shop.example', 'https://shop.example/path', 'ftp://shop.example', 'https://-', 'https://a..b'])
      await expect(run(houseOf(db), childAdd, { url: wrong, account })).rejects.toMatchObject({ code: 'incorrect_child_url' })
    await expect(run(houseOf(db), childAdd, { url: 'https://b.example', account: 999_999 })).rejects.toMatchObject({
      code: 'unknown_account',
    })
  })

  test('a process that is killed again and again leaves what the next one finishes', async () => {
    const settings = { DATABASE_URL: databaseUrl, DOCKET_SECRET: SECRET, DOCKET_LOG_LEVEL: 'info' }
    const { account } = await anAccount(db, '100')
    const told = spawnSync(process.execPath, [docket, 'child', 'add', 'https://killed.example', '--account', String(account), '--json'], {
      env: { ...commandEnvironment(), ...settings },
      encoding: 'utf8',
    })
    expect([told.status, JSON.parse(told.stdout)]).toMatchObject([0, { host: 'killed.example' }])
    const { database } = await findChild(db, 'killed.example')
    const isThere = async (what: string) => ((await db.query(what, [database])).rowCount ?? 0) > 0
    for (const moment of ['select from pg_roles where rolname = $1', 'select from pg_database where datname = $1']) {
      const server = await serve(settings)
      await eventually(moment, () => isThere(moment))
      await server.kill()
    }
    const server = await serve(settings)
    await eventually('it is open', async () => (await findChild(db, 'killed.example')).state === 'open')
    expect(await inside('killed.example')).toEqual(WHOLE)
    expect(await server.stop()).toBe(0)
  })
})

describe('closing a child panel', () => {
  test('keeps its data until an act drops them, which is refused before the days are over', async () => {
    const { host } = await sold()
    await makeChild(maker, await findChild(db, host))
    const { database, keyId } = await findChild(db, host)
    await run(houseOf(db), childClose, { host })
    await expect(run(houseOf(db), childDrop, { host })).rejects.toMatchObject({ code: 'child_is_kept' })
    await run(houseOf(db), childResume, { host })
    expect(await inside(host)).toEqual(WHOLE)
    await expect(run(houseOf(db), childDrop, { host })).rejects.toMatchObject({ code: 'child_is' })

    await run(houseOf(db), childClose, { host })
    const later = houseOf(db, () => new Date(Date.now() + 31 * 86_400_000))
    await db.query(
      `insert into child_health (child_id, looked_at, version, orders_open) select id, now(), '', 2 from child_panels where host = $1`,
      [host],
    )
    await expect(run(later, childDrop, { host })).rejects.toMatchObject({ code: 'child_has_open_orders' })
    await run(later, childDrop, { host, open_orders: true }, { dryRun: true })
    expect((await findChild(db, host)).state).toBe('closed')
    await run(later, childDrop, { host, open_orders: true })
    expect((await db.query('select from api_keys where id = $1 and revoked_at is null', [keyId])).rowCount).toBe(0)
    for (let time = 0; time < 2; time += 1) await dropChild(maker, await findChild(db, host))
    expect((await db.query('select from pg_database where datname = $1', [database])).rowCount).toBe(0)
    expect((await db.query('select from pg_roles where rolname = $1', [database])).rowCount).toBe(0)
    expect((await findChild(db, host)).state).toBe('dropped')
    const { account } = await anAccount(db, '1')
    expect(await run(houseOf(db), childAdd, { url: `https://${host}`, account })).toMatchObject({ host })
  })
})
