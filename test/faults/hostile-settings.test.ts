import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import pino from 'pino'
import { migrate } from '../../server/db/migrate.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { type Node, startNode } from '../../server/main.ts'
import { add, anAccount, aService, nothingLostOrDoubled } from '../support/clients.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { booksBalance, freshDatabase, send, testConfig } from '../support/docket.ts'

/** As odd as an operator's server, database or role may be set, all at once. */
const HOSTILE: Readonly<Record<string, string>> = {
  jit: 'on',
  jit_above_cost: '0',
  random_page_cost: '40',
  plan_cache_mode: 'force_custom_plan',
  default_transaction_isolation: 'serializable',
  synchronous_commit: 'off',
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'Asia/Kathmandu',
  extra_float_digits: '-15',
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  transform_null_equals: 'on',
  // Long enough for the first statement of a connection on a busy machine, which our own settings cannot reach yet.
  statement_timeout: '3s',
  lock_timeout: '1ms',
  idle_session_timeout: '3s',
  idle_in_transaction_session_timeout: '200ms',
  client_min_messages: 'debug1',
}

const SHOW = `select name, setting from unnest($1::text[]) asked(name), lateral (select current_setting(name) as setting) shown order by name`

async function makeHostile(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1)
  for (const [setting, value] of Object.entries(HOSTILE))
    await onServer(inject('serverUrl'), `alter database "${name}" set ${setting} = '${value}'`).catch((error: unknown) => {
      throw new Error(`${setting} could not be set`, { cause: error })
    })
}

describe("a database with a stranger's settings", () => {
  let url: string
  let db: Database
  let node: Node
  let service: number

  beforeAll(async () => {
    url = await freshDatabase()
    await makeHostile(url)
    db = openPool(url, { size: 2, name: 'test', connectTimeoutMs: 300_000 })
    service = await aService(db, 9001, { name: "back\\slash 'quote'" })
    node = await startNode(testConfig(url), pino({ level: 'silent' }))
  })
  afterAll(async () => {
    await booksBalance(db)
    await node.stop()
    await db.end()
  })

  test('each connection of ours has the settings that our statements were written for', async () => {
    const asked = Object.keys(HOSTILE).filter((name) => !['jit_above_cost', 'client_min_messages'].includes(name))
    const { rows } = await db.query<{ name: string; setting: string }>(SHOW, [asked])
    expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
      jit: 'off',
      random_page_cost: '1.1',
      plan_cache_mode: 'auto',
      default_transaction_isolation: 'read committed',
      synchronous_commit: 'on',
      DateStyle: 'ISO, MDY',
      IntervalStyle: 'postgres',
      TimeZone: 'UTC',
      extra_float_digits: '1',
      bytea_output: 'hex',
      standard_conforming_strings: 'on',
      array_nulls: 'on',
      transform_null_equals: 'off',
      statement_timeout: '0',
      lock_timeout: '0',
      idle_session_timeout: '0',
      idle_in_transaction_session_timeout: '1min',
    })
  })

  test("an operator's stronger promise of durability stays", async () => {
    const strong = await freshDatabase()
    await onServer(inject('serverUrl'), `alter database "${new URL(strong).pathname.slice(1)}" set synchronous_commit = remote_apply`)
    const pool = openPool(strong, { size: 1, name: 'test', connectTimeoutMs: 300_000 })
    const { rows } = await pool.query("select current_setting('synchronous_commit') as promise")
    await pool.end()
    expect(rows).toEqual([{ promise: 'remote_apply' }])
  })

  test('orders are placed, repeated by their key, read and listed as on any other', async () => {
    const { account, key } = await anAccount(db, '1000')
    const link = "https://example.com/back\\slash?o'clock"
    const placed = await add(node.url!, { key, service, quantity: 1000, link, idempotency_key: 'once' })
    const again = await add(node.url!, { key, service, quantity: 1000, link, idempotency_key: 'once' })
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, n) => add(node.url!, { key, service, quantity: 10, link: `${link}${n}` })),
    )
    expect(placed.order).toBeTypeOf('number')
    expect(again.order).toBe(placed.order)
    const orders = await nothingLostOrDoubled(db, account, 100_000_000, [placed, again, ...others])
    expect(orders).toHaveLength(21)
    expect(orders.map((order) => order.link)).toContain(link)

    const status = await (await send(node.url!, { key, action: 'status', order: placed.order, extended: 1 })).json()
    expect(status).toMatchObject({ status: 'Pending', charge: '1.00000', link })
    const services = (await (await send(node.url!, { key, action: 'services' })).json()) as { name: string }[]
    expect(services.map((each) => each.name)).toEqual(["back\\slash 'quote'"])
  })

  test('an empty one is migrated to the same tables', async () => {
    const [empty, usual] = [`${new URL(url).pathname.slice(1)}_empty`, inject('template')]
    await onServer(inject('serverUrl'), `create database "${empty}"`)
    await makeHostile(withDatabase(url, empty))
    await migrate(withDatabase(url, empty))

    const columns = `select table_name, column_name, data_type, column_default from information_schema.columns where table_schema = 'public' order by 1, 2`
    const functions = `select proname, md5(prosrc) as source from pg_proc where pronamespace = 'public'::regnamespace order by 1, 2`
    for (const question of [columns, functions]) {
      const [made, expected] = await Promise.all([empty, usual].map((name) => onServer(withDatabase(inject('serverUrl'), name), question)))
      expect(made!.rows).toEqual(expected!.rows)
    }
  })
})
