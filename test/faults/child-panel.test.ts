import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { childAdd } from '../../server/acts/child-add.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { childDatabaseUrl } from '../../server/children/access.ts'
import { findChild } from '../../server/children/children.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { bindSupplier, setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { openSecret } from '../../server/secret.ts'
import { ask, SECRET } from '../panels/world.ts'
import { houseOf, run } from '../support/acts.ts'
import { anAccount, eventually } from '../support/clients.ts'
import { onServer } from '../support/database-server.ts'
import { booksBalance, freshDatabase } from '../support/docket.ts'
import { endServers, serve, type ServerProcess } from '../support/server-process.ts'

const HOST = 'faults.example'
const SERVICE = 11

/** Where the process is killed, between the order of the child's customer and its end. */
interface Point {
  readonly where: string
  /** Locks what stops the process there; answers when it stands there. */
  readonly holdAt: (held: Holding, order: () => Promise<number>) => Promise<number>
}

interface Ended {
  readonly charge: bigint
  readonly status: string
}

/** Holds locks until they are let go. */
interface Holding {
  readonly inParent: (statement: string, values?: unknown[]) => Promise<() => Promise<void>>
  readonly inChild: (statement: string, values?: unknown[]) => Promise<() => Promise<void>>
  /** Until a statement waits for a lock there. */
  readonly waitsIn: (where: 'parent' | 'child') => Promise<unknown>
  readonly isSent: (order: number) => Promise<unknown>
}

const BOOKS = 'select from books where not play for update'
const POINTS: readonly Point[] = [
  {
    where: 'before the child has claimed the order',
    async holdAt({ inChild, waitsIn }, order) {
      await inChild('lock table hand_offs in exclusive mode')
      const id = await order()
      await waitsIn('child')
      return id
    },
  },
  {
    where: 'while the parent is placing it',
    async holdAt({ inParent, waitsIn }, order) {
      await inParent(BOOKS)
      const id = await order()
      await waitsIn('parent')
      return id
    },
  },
  {
    where: 'before the child has noted the answer of the parent',
    async holdAt({ inParent, inChild, waitsIn }, order) {
      const letParentGo = await inParent(BOOKS)
      const id = await order()
      await waitsIn('parent')
      await inChild('lock table hand_offs in exclusive mode')
      await letParentGo()
      await waitsIn('child')
      return id
    },
  },
  {
    where: 'before the child has noted that it is done',
    async holdAt({ inChild, waitsIn, isSent }, order) {
      const id = await order()
      await isSent(id)
      await inChild('select from orders where id = $1 for update', [id])
      await waitsIn('child')
      return id
    },
  },
]

describe('H3 a parent and its child in one process that is killed', () => {
  let databaseUrl: string
  let parent: Database
  let child: Database
  let database: string
  let server: ServerProcess
  let customer: string

  const start = () => serve({ DATABASE_URL: databaseUrl, DOCKET_SECRET: SECRET, DOCKET_SIMULATED_SPEED: '200', DOCKET_LOG_LEVEL: 'info' })
  const isReady = () =>
    eventually('the child is up', async () => (await ask(server.url, HOST, '/readyz').catch(() => undefined))?.status === 200)

  beforeAll(async () => {
    databaseUrl = await freshDatabase()
    parent = openPool(databaseUrl, { size: 6, name: 'test' })
    const { account } = await anAccount(parent, '1000')
    await importServices(parent, listed('1'))
    await setOnlySupplier(parent, SERVICE, 'simulated')
    await run(houseOf(parent), childAdd, { url: `http://${HOST}`, account })
    server = await start()
    await isReady()
    const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
    const found = await findChild(parent, HOST)
    ;({ database } = found)
    child = openPool(await childDatabaseUrl({ db: parent, databaseUrl, secret }, found), { size: 6, name: 'test' })
    await importServices(child, listed('2'))
    await bindSupplier(child, SERVICE, 'Docket', {
      theirService: String(SERVICE),
      costRate: null,
      multiplier: 1,
      position: null,
      theirType: null,
    })
    customer = (await anAccount(child, '1000')).key
  })
  afterEach(async () => {
    await booksBalance(parent)
    await booksBalance(child)
  })
  afterAll(async () => {
    await endServers()
    await Promise.all([parent.end(), child.end()])
    await onServer(databaseUrl, `drop database if exists "${database}" with (force)`)
    await onServer(databaseUrl, `drop role if exists "${database}"`)
  })

  const linkOf = (name: string) => `https://example.com/${name.replaceAll(' ', '-')}`

  /** Orders under a retry key, until there is an answer. */
  const order = (name: string): Promise<number> =>
    eventually(`${name} is answered`, async () => {
      const parameters = {
        key: customer,
        action: 'add',
        service: String(SERVICE),
        link: linkOf(name),
        quantity: '100',
        idempotency_key: name,
      }
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = new URLSearchParams(parameters).toString()
      const answer = await ask(server.url, HOST, '/api/v2', { method: 'POST', body, headers }).catch(() => undefined)
      return answer?.status === 200 ? (JSON.parse(answer.text) as { order: number }).order : undefined
    })

  async function holding(db: Database, statement: string, values: unknown[] = []) {
    const client = await db.connect()
    await client.query('begin')
    await client.query(statement, values)
    let isHeld = true
    const letGo = async () => {
      if (isHeld) await client.query('rollback')
      if (isHeld) client.release()
      isHeld = false
    }
    held.push(letGo)
    return letGo
  }
  const held: (() => Promise<void>)[] = []

  const WAITS = `select from pg_locks l join pg_database d on d.oid = l.database or l.database = 0 where not l.granted and d.datname = $1`
  const WAITS_FOR_ROW = `select from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`
  const waitsIn = (where: 'parent' | 'child') =>
    eventually(`something waits in the ${where}`, async () => {
      const name = where === 'child' ? database : new URL(databaseUrl).pathname.slice(1)
      // The test's own role may not see what another waits for, but that it holds no lock yet.
      return ((await parent.query(WAITS_FOR_ROW, [name])).rowCount ?? 0) > 0 || (await parent.query(WAITS, [name])).rowCount! > 0
    })
  const stateOf = async (id: number) =>
    (await child.query<{ state: string }>('select state from hand_offs where order_id = $1', [id])).rows[0]?.state

  async function restart() {
    await server.kill()
    for (const letGo of held.splice(0)) await letGo()
    server = await start()
    await isReady()
    // What a dead node has claimed, and what it was asking for, is due again when its minute and a half are over.
    await child.query(`update hand_offs set due_at = now() where state in ('calling', 'sent')`)
  }

  /** How it ended in the parent and in the child. */
  async function endOf(id: number, name: string) {
    const done = `select from orders where id = $1 and status = 'Completed'`
    await eventually(`${name} is completed`, async () => (await child.query(done, [id])).rowCount === 1)
    const inBoth = [parent, child].map((db) => db.query<Ended>('select charge, status from orders where link = $1', [linkOf(name)]))
    return (await Promise.all(inBoth)).map(({ rows }) => rows)
  }
  const ONCE = [[{ charge: 10_000n, status: 'Completed' }], [{ charge: 20_000n, status: 'Completed' }]]

  test.each(POINTS)('$where: the order is in both once, and ends in both', async ({ where, holdAt }) => {
    const inParent = (statement: string, values?: unknown[]) => holding(parent, statement, values)
    const inChild = (statement: string, values?: unknown[]) => holding(child, statement, values)
    const isSent = (id: number) => eventually('it is handed over', async () => (await stateOf(id)) === 'sent')
    const id = await holdAt({ inParent, inChild, waitsIn, isSent }, () => order(where))
    await restart()
    expect(await endOf(id, where)).toEqual(ONCE)
  })
})

const listed = (rate: string) =>
  readServiceList(JSON.stringify([{ service: SERVICE, name: 'Views', type: 'Default', category: 'Test', rate, min: 1, max: 1000 }]))
