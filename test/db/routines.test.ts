import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { migrate } from '../../server/db/migrate.ts'
import { applyRoutines, hashOfAll, knownRoutines, type Routine, type RoutineSet } from '../../server/db/routines.ts'
import counted from '../../server/db/routines.json' with { type: 'json' }
import { onServer, withDatabase } from '../support/database-server.ts'
import { freshDatabase } from '../support/docket.ts'
import { schemaFile, schemaText } from './schema-text.ts'

const known = knownRoutines()
const SERVER = new URL('../../server/', import.meta.url)
/** The last migration that made functions, triggers and views. */
const LAST_WITH_ROUTINES = '0042-tell-each-odd-answer.sql'

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function emptyDatabase(): Promise<string> {
  const name = `${inject('template')}_${randomBytes(4).toString('hex')}`
  await onServer(inject('serverUrl'), `create database "${name}"`)
  return withDatabase(inject('serverUrl'), name)
}

/** A later release: these routines instead of those of the same names, and without some. */
function laterSet(changes: {
  revision?: number
  routines?: readonly Pick<Routine, 'name' | 'kind' | 'text'>[]
  without?: readonly string[]
}): RoutineSet {
  const changed = (changes.routines ?? []).map((one) => ({ ...one, file: `${one.name}.sql`, hash: one.text }))
  const names = new Set([...changed.map(({ name }) => name), ...(changes.without ?? [])])
  const routines = [...known.routines.filter(({ name }) => !names.has(name)), ...changed]
  return { revision: changes.revision ?? known.revision + 1, routines }
}

const greeting = (parameters: string, answer: string) => ({
  name: 'function greeting',
  kind: 'function' as const,
  text: `create or replace function greeting(${parameters}) returns text language sql as $$ select ${answer} $$;`,
})

describe('the database as it stands', () => {
  test('schema.sql is what an empty database becomes', async () => {
    const drawn = await withClient(await freshDatabase(), schemaFile)
    // "npm run schema" writes it anew.
    expect(drawn).toBe(await readFile(new URL('db/schema.sql', SERVER), 'utf8'))
  })

  test('the routines are counted: a changed one makes a new revision', () => {
    // "npm run schema" counts on.
    expect(counted.hash).toBe(hashOfAll(known.routines))
  })

  test('each function, view and trigger is made by its file alone, in an order that works and with a body that can be read', async () => {
    await withClient(await freshDatabase(), async (client) => {
      const before = await schemaText(client)
      await client.query('begin')
      for (const { name } of known.routines.toReversed()) await client.query(`drop ${name}`)
      const left = await schemaText(client)
      expect(left).not.toMatch(/create (or replace function|view|trigger)/i)
      await applyRoutines(client, known)
      await client.query('set local check_function_bodies = on')
      for (const { text } of known.routines) await client.query(text)
      expect(await schemaText(client)).toBe(before)
      await client.query('commit')
    })
  })

  test('migrations make tables and columns; functions, triggers and views have a file', async () => {
    const files = await readdir(new URL('db/migrations', SERVER))
    const newer = files.filter((file) => file > LAST_WITH_ROUTINES)
    const making =
      /\b(create|alter|drop)\s+(or\s+replace\s+)?(constraint\s+)?(function|procedure|trigger|(materialized\s+)?view|rule|aggregate)\b/i
    const faults: string[] = []
    for (const file of newer) {
      const text = await readFile(new URL(`db/migrations/${file}`, SERVER), 'utf8')
      if (making.test(text.replaceAll(/--.*/g, ''))) faults.push(file)
    }
    expect(newer.length).toBeGreaterThan(0)
    expect(faults).toEqual([])
  })
})

describe('a new release', () => {
  test('replaces what has changed, adds what is new, drops what is gone, and touches nothing else', async () => {
    const url = await freshDatabase()
    await withClient(url, async (client) => {
      const rows = async () =>
        (
          await client.query<{ name: string; xmin: string }>(`
        select 'function ' || proname as name, xmin::text from pg_proc where pronamespace = 'public'::regnamespace
        union all select format('trigger %s on %s', tgname, tgrelid::regclass), xmin::text from pg_trigger where not tgisinternal`)
        ).rows
      const before = await rows()
      const tellsTwice = known.routines.find(({ name }) => name === 'function tell_of_change')!
      const changed = { ...tellsTwice, text: tellsTwice.text.replace('return null', 'return  null') }
      const later = laterSet({
        routines: [changed, greeting('p_name text', "'Hello ' || p_name")],
        without: ['trigger tell_of_change on order_events'],
      })

      expect(await migrate(url, undefined, later)).toEqual({
        migrations: [],
        routines: ['function tell_of_change', 'function greeting', 'trigger tell_of_change on order_events'],
      })
      expect((await client.query(`select greeting('you')`)).rows).toEqual([{ greeting: 'Hello you' }])
      const after = await rows()
      const untouched = after.filter(({ name, xmin }) => before.some((one) => one.name === name && one.xmin === xmin))
      expect(untouched).toHaveLength(before.length - 2)
      expect(await migrate(url, undefined, later)).toEqual({ migrations: [], routines: [] })
    })
  })

  test('a function that gains a parameter leaves none of its name behind', async () => {
    const url = await freshDatabase()
    await migrate(url, undefined, laterSet({ routines: [greeting('p_name text', "'Hello ' || p_name")] }))
    const gained = greeting(`p_name text, p_word text default 'Hello'`, `p_word || ' ' || p_name`)
    await migrate(url, undefined, laterSet({ routines: [gained], revision: known.revision + 2 }))
    const { rows } = await onServer(
      url,
      `select oid::regprocedure::text as signature, greeting('you') from pg_proc where proname = 'greeting'`,
    )
    expect(rows).toEqual([{ signature: 'greeting(text,text)', greeting: 'Hello you' }])
  })

  test('what must be dropped with a function that cannot be replaced is made again', async () => {
    const url = await freshDatabase()
    const tell = known.routines.find(({ name }) => name === 'function tell_of_change')!
    const later = laterSet({
      routines: [{ ...tell, text: `drop trigger tell_of_change on order_events;\ndrop function tell_of_change;\n${tell.text}` }],
    })
    expect((await migrate(url, undefined, later)).routines).toEqual(['function tell_of_change', 'trigger tell_of_change on order_events'])
  })

  test('is there as a whole or not at all', async () => {
    const url = await emptyDatabase()
    const broken = laterSet({
      routines: [greeting('p_name text', 'p_name'), { ...greeting('', ''), text: 'create or replace function greeting() return nothing' }],
    })
    await expect(migrate(url, undefined, broken)).rejects.toThrow('function greeting.sql: function result type must be specified')
    expect(await withClient(url, schemaText)).toBe('\n')
    expect((await migrate(url)).migrations.length).toBeGreaterThan(30)
    expect(await withClient(url, schemaFile)).toBe(await readFile(new URL('db/schema.sql', SERVER), 'utf8'))
  })

  test('an older release that starts again leaves the newer routines as they are', async () => {
    const url = await freshDatabase()
    const later = laterSet({ routines: [greeting('p_name text', 'p_name')], without: ['trigger tell_of_change on order_events'] })
    await migrate(url, undefined, later)
    const newer = await withClient(url, schemaText)

    expect(await migrate(url)).toEqual({ migrations: [], routines: [] })
    // Also where a migration is left to do, which sends it past the look whether all is there.
    await onServer(url, `insert into migrations (name, run_on) values ('9999-of-a-newer-release', now())`)
    expect(await migrate(url)).toEqual({ migrations: [], routines: [] })
    expect(await withClient(url, schemaText)).toBe(newer)
    expect((await onServer(url, 'select distinct revision from routines')).rows).toEqual([{ revision: later.revision }])
  })
})
