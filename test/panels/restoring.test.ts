import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { cleanUp, makeDirectory } from '../../packages/embedded-postgres/test/support/users.ts'
import { childClose, childDrop } from '../../server/acts/child-close.ts'
import { findChild } from '../../server/children/children.ts'
import type { Database } from '../../server/db/pool.ts'
import { readLog, WHOLE_LOG } from '../../server/staff/log.ts'
import { houseOf, run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { onServer } from '../support/database-server.ts'
import { booksBalance } from '../support/docket.ts'
import { commandEnvironment, docket } from '../support/server-process.ts'
import { sellingIn } from './selling.ts'
import { openWorld, SECRET } from './world.ts'

const world = openWorld()
const { account, sellPanel, call, offer } = sellingIn(world)
const [ONE, OTHER] = ['one.example', 'other.example']

describe('docket child restore', () => {
  let child: Database
  let database: string
  let customer: string
  let others: readonly (readonly [host: string, key: string])[]
  let file: string
  let first: number

  beforeAll(async () => {
    const owner = await sellPanel(ONE)
    await sellPanel(OTHER)
    child = await offer(ONE, 11)
    database = (await findChild(world.db, ONE)).database
    customer = (await account(child)).key
    others = [
      [OTHER, (await account(await world.inside(OTHER))).key],
      ['panel.test', owner.key],
    ]
    file = join(await makeDirectory(), 'one.backup')
    first = await order('before')
    await isSent(first)
    await command('backup', ONE, file)
  })
  afterEach(async () => {
    await booksBalance(world.db)
    await booksBalance(child)
  })
  afterAll(async () => {
    for (const name of [`${database}_new`, `${database}_replaced`])
      await onServer(world.databaseUrl, `drop database if exists "${name}" with (force)`)
    await cleanUp()
  })

  async function command(...args: string[]) {
    const env = { ...commandEnvironment(), DATABASE_URL: world.databaseUrl, DOCKET_SECRET: SECRET }
    return JSON.parse((await promisify(execFile)(process.execPath, [docket, 'child', ...args, '--json'], { env })).stdout)
  }

  const order = async (link: string): Promise<number> => {
    const parameters = { key: customer, action: 'add', service: '11', link: `https://example.com/${link}`, quantity: '100' }
    return (await call(ONE, parameters)).order
  }
  const stateOf = async (id: number) => (await child.query('select state from hand_offs where order_id = $1', [id])).rows[0]?.state
  const isSent = (id: number) => eventually(`order ${id} is handed over`, async () => (await stateOf(id)) === 'sent')
  const ordersIn = async (db: Database) =>
    (await db.query<{ link: string }>('select link from orders order by id')).rows.map(({ link }) => link)
  const balance = async () => (await call(ONE, { key: customer, action: 'balance' })).balance
  const databasesOf = async (name: string) =>
    (await world.db.query<{ datname: string }>(`select datname from pg_database where datname like $1 order by 1`, [`${name}%`])).rows.map(
      ({ datname }) => datname,
    )

  /** Calls the other panels until the work is done; answers every answer that was no balance. */
  async function whileOthersAreCalled(work: Promise<unknown>): Promise<unknown[]> {
    const wrong: unknown[] = []
    const over = new AbortController()
    const calling = others.map(async ([host, key]) => {
      while (!over.signal.aborted) {
        const answer = await call(host, { key, action: 'balance' })
        if (typeof answer.balance !== 'string') wrong.push([host, answer])
      }
    })
    try {
      await work
    } finally {
      over.abort()
      await Promise.all(calling)
    }
    return wrong
  }

  test('puts a backup in the place of the database while the parent and the other child answer every call', async () => {
    const later = await order('after')
    await isSent(later)
    expect(await balance()).toBe('99.60000')
    let done: any
    expect(await whileOthersAreCalled(command('restore', ONE, file).then((answer) => (done = answer)))).toEqual([])
    expect(done).toMatchObject({ host: ONE, kept: `${database}_replaced`, shut: [] })
    expect(await eventually('it is back', balance)).toBe('99.80000')
    expect(await ordersIn(child)).toEqual(['https://example.com/before'])
    expect((await readLog(world.db, WHOLE_LOG, { before: null, most: 1 }))[0]).toMatchObject({ act: 'child restore' })
  })

  test('gives no order number twice, and the parent gets each order once', async () => {
    const next = await order('again')
    expect(next).toBeGreaterThan(first + 1_000_000)
    await isSent(next)
    expect((await ordersIn(world.db)).map((link) => link.split('/').at(-1))).toEqual(['before', 'after', 'again'])
  })

  test('that is refused changes nothing, and leaves nothing behind that the next one does not clear away', async () => {
    const broken = join(await makeDirectory(), 'broken.backup')
    await writeFile(broken, 'no backup at all')
    const before = await balance()
    await expect(command('restore', ONE, broken)).rejects.toMatchObject({ code: 1 })
    await expect(command('restore', 'nobody.example', file)).rejects.toMatchObject({ stderr: expect.stringContaining('nobody.example') })
    expect(await balance()).toBe(before)
    await command('restore', ONE, file)
    expect(await databasesOf(database)).toEqual([database, `${database}_replaced`])
    expect(await eventually('it is back', balance)).toBe('99.80000')
  })

  test('is done by one at a time', async () => {
    const { id } = await findChild(world.db, ONE)
    const other = await world.db.connect()
    await other.query('select pg_advisory_lock(7313, $1)', [id])
    await expect(command('restore', ONE, file)).rejects.toMatchObject({
      stderr: expect.stringContaining('being restored by somebody else'),
    })
    other.release(true)
    expect(await databasesOf(database)).toEqual([database, `${database}_replaced`])
  })

  test('brings a child back whose database is lost', async () => {
    await onServer(world.databaseUrl, `drop database "${database}" with (force)`)
    await eventually('it does not answer', async () => (await world.ask(ONE, '/readyz')).status === 503)
    expect(await command('restore', ONE, file)).toMatchObject({ kept: null })
    await eventually('it is ready', async () => (await world.ask(ONE, '/readyz')).status === 200)
    expect(await balance()).toBe('99.80000')
    await isSent(await order('returned'))
  })

  test('leaves nothing when the child is dropped', async () => {
    const { database: dropped } = await findChild(world.db, OTHER)
    const others = join(await makeDirectory(), 'other.backup')
    await command('backup', OTHER, others)
    await command('restore', OTHER, others)
    expect(await databasesOf(dropped)).toEqual([dropped, `${dropped}_replaced`])
    await run(world.house, childClose, { host: OTHER })
    const later = houseOf(world.db, () => new Date(world.clock.now().getTime() + 31 * 86_400_000))
    await run(later, childDrop, { host: OTHER, open_orders: true })
    await eventually('it is gone', async () => (await databasesOf(dropped)).length === 0)
    expect((await findChild(world.db, OTHER)).host).toBe(OTHER)
  })
})
