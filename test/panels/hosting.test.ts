import { connect } from 'node:net'
import { text as readAll } from 'node:stream/consumers'
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { childAdd } from '../../server/acts/child-add.ts'
import { childResume, childSuspend } from '../../server/acts/child-suspend.ts'
import { supplierRemove } from '../../server/acts/supplier-remove.ts'
import { supplierSet } from '../../server/acts/supplier-set.ts'
import { passwordOf } from '../../server/children/access.ts'
import { findChild } from '../../server/children/children.ts'
import { addDatabase, addRole } from '../../server/children/databases.ts'
import { readHealth } from '../../server/children/health.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf, run } from '../support/acts.ts'
import { anAccount, eventually } from '../support/clients.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { booksBalance } from '../support/docket.ts'
import { sellingIn } from './selling.ts'
import { openWorld, SECRET } from './world.ts'

const world = openWorld({ DOCKET_TRUST_PROXY: '127.0.0.9' })
const { account, sellPanel, call, offer } = sellingIn(world)

afterEach(async () => {
  await booksBalance(world.db)
})

function sayRaw(text: string): Promise<string> {
  const socket = connect(Number(world.port()), '127.0.0.1')
  socket.end(text)
  return readAll(socket)
}

describe('a child panel', () => {
  test('answers at its host, and nowhere else', async () => {
    await sellPanel('one.example')
    const own = await account(await world.inside('one.example'), '7')
    const asked = (host: string) => call(host, { key: own.key, action: 'balance' })

    expect(await asked('one.example')).toMatchObject({ balance: '7.00000' })
    expect(await asked('ONE.example.:8080')).toMatchObject({ balance: '7.00000' })
    for (const other of ['one.example.evil.test', 'evil-one.example', 'example', '127.0.0.1', 'panel.test'])
      expect(await asked(other)).toMatchObject({ error: 'Invalid API key' })
  })

  test('is not found by a header that a client may write, nor by the first of two', async () => {
    const health = await world.ask('elsewhere.test', '/readyz', { headers: { 'x-forwarded-host': 'one.example' } })
    expect(health.status).toBe(200)
    const page = await world.ask('elsewhere.test', '/api', { headers: { 'x-forwarded-host': 'one.example', accept: 'text/html' } })
    expect(page.text).not.toContain('one.example')
    const two = 'GET /readyz HTTP/1.1\r\nHost: one.example\r\nHost: elsewhere.test\r\nConnection: close\r\n\r\n'
    expect(await sayRaw(two)).toMatch(/^HTTP\/1.1 400 /)
  })

  test('gives its first owner the link that the act told, once', async () => {
    const { link } = await sellPanel('two.example')
    const path = new URL(link).pathname
    expect((await world.ask('two.example', path, { headers: { accept: 'text/html' } })).status).toBe(200)
    expect((await world.ask('one.example', path, { headers: { accept: 'text/html' } })).status).not.toBe(200)
    expect((await world.ask('panel.test', path, { headers: { accept: 'text/html' } })).status).not.toBe(200)
  })

  test('orders from its parent, once, and both ledgers say so', async () => {
    const owner = await sellPanel('three.example')
    const child = await offer('three.example', 11)
    const { key } = await account(child)
    const { order } = await call('three.example', { key, action: 'add', service: '11', link: 'https://example.com/a', quantity: '100' })
    expect(order).toEqual(expect.any(Number))
    await eventually('it is handed over', async () => (await child.query(`select from hand_offs where state = 'sent'`)).rowCount === 1)
    expect((await world.db.query(`select from orders where service_id = 11`)).rowCount).toBe(1)
    expect((await call('three.example', { key, action: 'balance' })).balance).toBe('99.80000')
    expect((await call('panel.test', { key: owner.key, action: 'balance' })).balance).toBe('99.90000')
    await booksBalance(child)
  })

  test('that is suspended says so to programs and people, goes on with its orders, and comes back with everything', async () => {
    const child = await offer('three.example', 12)
    const { key } = await account(child)
    const { order } = await call('three.example', { key, action: 'add', service: '12', link: 'https://example.com/b', quantity: '100' })
    await run(world.house, childSuspend, { host: 'three.example' })
    await eventually('it is suspended', async () => (await call('three.example', { key, action: 'balance' })).code === 'suspended')

    expect(await call('three.example', { key, action: 'balance' })).toEqual({ error: 'This panel is suspended', code: 'suspended' })
    const page = await world.ask('three.example', '/', { headers: { accept: 'text/html', 'accept-language': 'sl' } })
    expect([page.status, page.headers['retry-after']]).toEqual([503, '3600'])
    expect(page.text).toContain('Ta panel je začasno ustavljen')
    const style = /href="(\/assets\/style[^"]+)"/.exec(page.text)![1]!
    expect((await world.ask('three.example', style)).status).toBe(200)
    expect((await world.ask('panel.test', '/readyz')).status).toBe(200)
    await eventually('its order is handed over meanwhile', async () => {
      const { rows } = await child.query(`select state from hand_offs where order_id = $1`, [order])
      return rows[0]?.state === 'sent'
    })

    await run(world.house, childResume, { host: 'three.example' })
    await eventually('it is back', async () => (await call('three.example', { key, action: 'status', order: String(order) })).status)
    expect((await call('three.example', { key, action: 'balance' })).balance).toBe('99.80000')
  })

  test('cannot change or remove the panel that made it, nor read its key', async () => {
    const child = await world.inside('three.example')
    const house = houseOf(child, world.clock.now)
    for (const change of [{ url: 'https://other.example/api/v2' }, { key: 'another' }, { private_network: false }])
      await expect(run(house, supplierSet, { name: 'Docket', ...change })).rejects.toMatchObject({ code: 'supplier_locked' })
    await expect(run(house, supplierRemove, { name: 'Docket' })).rejects.toMatchObject({ code: 'supplier_locked' })
    for (const statement of [
      `update suppliers set url = 'https://x.example' where locked`,
      'update suppliers set locked = false',
      'delete from suppliers where locked',
    ])
      await expect(child.query(statement)).rejects.toThrow('is the panel that made this one')
    expect(await run(house, supplierSet, { name: 'Docket', paused: true })).toMatchObject({ changed: true })
    await run(house, supplierSet, { name: 'Docket', paused: false })
    const secret = await house.secret()
    const { rows } = await child.query<{ sealed_key: Buffer }>('select sealed_key from suppliers where locked')
    expect(() => secret.open(rows[0]!.sealed_key)).toThrow('sealed with another')
    expect((await findChild(world.db, 'three.example')).sealedKey).toBeNull()
  })

  test('has a role that opens nothing but its own database', async () => {
    const one = await world.inside('one.example')
    const { rows } = await one.query<{ user: string; database: string }>('select current_user as user, current_database() as database')
    expect(rows[0]!.user).toBe(rows[0]!.database)
    const { database } = await findChild(world.db, 'two.example')
    const url = new URL((one as any).options.connectionString)
    url.pathname = `/${database}`
    await expect(onServer(url.toString(), 'select 1')).rejects.toThrow(/permission denied/)
  })

  test('whose database is broken hurts nobody else, says so, and comes back', async () => {
    const { database, id } = await findChild(world.db, 'two.example')
    await onServer(world.databaseUrl, `alter database "${database}" with allow_connections false`)
    await onServer(world.databaseUrl, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`)
    await eventually('it is not ready', async () => (await world.ask('two.example', '/readyz')).status === 503)
    expect((await world.ask('one.example', '/readyz')).status).toBe(200)
    expect((await world.ask('panel.test', '/readyz')).status).toBe(200)
    expect(['fault', 'database_away']).toContain((await call('two.example', { key: 'k', action: 'balance' })).code)

    // Started again while it is broken, the others start all the same.
    await world.node.stop()
    await world.start()
    await eventually('the others are up', async () => (await world.ask('one.example', '/readyz')).text.includes('"ready"'))
    const health = await eventually('its fault is told', async () => (await readHealth(world.db, id))?.fault)
    expect(health).toContain('not currently accepting connections')
    expect(await call('two.example', { key: 'k', action: 'balance' })).toMatchObject({ code: 'starting' })

    await onServer(world.databaseUrl, `alter database "${database}" with allow_connections true`)
    await eventually('it is back', async () => (await world.ask('two.example', '/readyz')).text.includes('"ready"'))
  })

  test('whose making hangs keeps nobody from stopping, and is made by the next start', async () => {
    await world.node.stop()
    const { account: owner } = await anAccount(world.db, '100')
    await run(world.house, childAdd, { url: 'https://slow.example', account: owner })
    const { database } = await findChild(world.db, 'slow.example')
    const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
    await addRole(world.db, database, passwordOf(secret, database))
    await addDatabase(world.db, database)
    const other = new pg.Client({ connectionString: withDatabase(world.databaseUrl, database) })
    await other.connect()
    await other.query('select pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID])

    await world.start({ DOCKET_DRAIN_TIMEOUT: '6' })
    const waiting = `select from pg_locks l join pg_database d on d.oid = l.database where d.datname = $1 and l.locktype = 'advisory' and not l.granted`
    await eventually('its migration waits', async () => (await world.db.query(waiting, [database])).rowCount)
    await world.node.stop()
    expect((await findChild(world.db, 'slow.example')).state).toBe('making')
    await other.end()
    await world.start()
    await eventually('it is made', async () => (await findChild(world.db, 'slow.example')).state === 'open')
  })
})
