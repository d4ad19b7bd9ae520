import { randomUUID } from 'node:crypto'
import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { backupTo, restoreFrom, type BackupProgress } from '../src/backup.ts'
import { type EmbeddedPostgres, start } from '../src/start.ts'
import { SHOP } from './support/shop.ts'
import { fillShop, fingerprintOf, migrateShop, onClient, shopData as of, shopMigrations, shopsNextMigration } from './support/small-shop.ts'
import { cleanUp, makeDirectory } from './support/users.ts'

/** A second server, of another version perhaps; the tests between servers run only where there is one. */
const otherServer = process.env['DATABASE_URL'] ?? ''

describe('a backup', () => {
  let directory: string
  let embedded: EmbeddedPostgres
  const pools: pg.Pool[] = []
  const databases: { server: string; name: string }[] = []

  beforeAll(async () => {
    directory = await makeDirectory()
    embedded = await start({ ...SHOP, directory: join(directory, 'data') })
  })

  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()))
    for (const { server, name } of databases.splice(0))
      await onClient(server, (client) => client.query(`drop database ${name} with (force)`))
  })

  afterAll(async () => {
    await embedded.stop()
    await cleanUp()
  })

  test('brings back every row, sequence and guard', async () => {
    const source = await makeShop()
    const target = await makeDatabase()
    const steps: BackupProgress[] = []

    const saved = await backupTo(poolOf(source), fileNamed('round'), { of, onProgress: (step) => steps.push(step) })
    const restored = await restoreFrom(poolOf(target), fileNamed('round'), { of, migrate: (upTo) => migrateShop(target, upTo) })

    expect(await fingerprintOf(target)).toEqual(await fingerprintOf(source))
    expect(restored).toEqual(saved)
    expect(steps.at(-1)).toMatchObject({ tablesDone: saved.tables, tables: saved.tables, rows: saved.rows })
    expect((await stat(fileNamed('round'))).mode & 0o777).toBe(0o600)
    expect(saved.bytes).toBe((await stat(fileNamed('round'))).size)
    // The ledger's trigger counted each row once, when it was written, and counts again from now on.
    await onClient(target, (client) => client.query('insert into ledger (amount) values (1)'))
    await expect(onClient(target, (client) => client.query('delete from ledger'))).rejects.toThrow('never changed')
    await onClient(target, async (client) =>
      expect((await client.query('select amount::int from balance')).rows).toEqual([{ amount: 5051 }]),
    )
  })

  test('does not carry what is left out, and a restore leaves it as it is', async () => {
    const [source, target] = [await makeShop(), await makeDatabase()]
    await migrateShop(target, 'latest')
    const withoutShelf = { ...of, leftOut: ['public.shelf'] }
    for (const url of [source, target]) {
      await onClient(url, (client) =>
        client.query('insert into shelf values (-1, $1)', [url === target ? 'of the target' : 'of the source']),
      )
    }

    const saved = await backupTo(poolOf(source), fileNamed('left out'), { of: withoutShelf })
    const restored = await restoreFrom(poolOf(target), fileNamed('left out'), {
      of: withoutShelf,
      migrate: (upTo) => migrateShop(target, upTo),
    })

    expect(restored).toEqual(saved)
    const { rows } = await onClient(target, (client) => client.query('select label from shelf'))
    expect(rows).toEqual([{ label: 'of the target' }])
    const { shelf: _here, ...here } = await fingerprintOf(target)
    const { shelf: _there, ...there } = await fingerprintOf(source)
    expect(here).toEqual(there)
  })

  test('is of one moment while the shop goes on', async () => {
    const source = await makeShop()
    const target = await makeDatabase()
    const closingTime = new AbortController()
    const trade = (async () => {
      for (let round = 0; !closingTime.signal.aborted || round < 20; round += 1) {
        await onClient(source, (client) =>
          client.query(`
          with written as (insert into ledger (amount) values (1) returning id) insert into shelf select 1000 + id, 'with ledger' from written`),
        )
      }
    })()

    await backupTo(poolOf(source), fileNamed('busy'), { of })
    closingTime.abort()
    await trade
    await restoreFrom(poolOf(target), fileNamed('busy'), { of, migrate: (upTo) => migrateShop(target, upTo) })

    await onClient(target, async (client) => {
      const {
        rows: [sums],
      } = await client.query(`
        select (select sum(amount) from ledger) = (select amount from balance) as counted,
               (select count(*) - 100 from ledger) = (select count(*) - 1 from shelf) as paired`)
      expect(sums).toEqual({ counted: true, paired: true })
    })
  })

  test('of an older schema is migrated with its rows', async () => {
    const source = await makeShop()
    const target = await makeDatabase()
    await backupTo(poolOf(source), fileNamed('older'), { of })

    await restoreFrom(poolOf(target), fileNamed('older'), {
      of,
      migrate: (upTo) => migrateShop(target, upTo, [...shopMigrations, shopsNextMigration]),
    })
    await onClient(target, async (client) =>
      expect((await client.query('select upper_label from shelf')).rows).toEqual([{ upper_label: 'LOW' }]),
    )
  })

  test('of a newer schema is refused', async () => {
    const source = await makeShop()
    const target = await makeDatabase()
    await migrateShop(source, 'latest', [...shopMigrations, shopsNextMigration])
    await backupTo(poolOf(source), fileNamed('newer'), { of })

    await expect(restoreFrom(poolOf(target), fileNamed('newer'), { of, migrate: (upTo) => migrateShop(target, upTo) })).rejects.toThrow(
      /0003-move-the-labels, which this Shop does not reach/,
    )
  })

  test('goes into a migrated database, not past its migrations', async () => {
    const source = await makeShop()
    const [same, later] = [await makeDatabase(), await makeDatabase()]
    await backupTo(poolOf(source), fileNamed('same'), { of })
    await migrateShop(same, 'latest')
    await migrateShop(later, 'latest', [...shopMigrations, shopsNextMigration])

    await restoreFrom(poolOf(same), fileNamed('same'), { of, migrate: (upTo) => migrateShop(same, upTo) })
    expect(await fingerprintOf(same)).toEqual(await fingerprintOf(source))
    await expect(restoreFrom(poolOf(later), fileNamed('same'), { of, migrate: (upTo) => migrateShop(later, upTo) })).rejects.toThrow(
      /already has the migration 0003-move-the-labels/,
    )
  })

  test.each([
    ['a row of the trade', `insert into shelf values (1, 'mine')`],
    ['a setting somebody changed', `update settings set shop = 'mine'`],
  ])('is refused by a database with %s', async (_, statement) => {
    const source = await makeShop()
    const target = await makeDatabase()
    await backupTo(poolOf(source), fileNamed('refused'), { of })
    await migrateShop(target, 'latest')
    await onClient(target, (client) => client.query(statement))
    const before = await fingerprintOf(target)

    await expect(restoreFrom(poolOf(target), fileNamed('refused'), { of, migrate: (upTo) => migrateShop(target, upTo) })).rejects.toThrow(
      /is not empty, public\.\w+ holds rows: restore into a new database/,
    )
    expect(await fingerprintOf(target)).toEqual(before)
  })

  test('is refused by a database that holds one already', async () => {
    const source = await makeShop(10)
    const target = await makeDatabase()
    await backupTo(poolOf(source), fileNamed('twice'), { of })
    await restoreFrom(poolOf(target), fileNamed('twice'), { of, migrate: (upTo) => migrateShop(target, upTo) })

    await expect(restoreFrom(poolOf(target), fileNamed('twice'), { of, migrate: (upTo) => migrateShop(target, upTo) })).rejects.toThrow(
      /is not empty/,
    )
    expect(await fingerprintOf(target)).toEqual(await fingerprintOf(source))
  })

  test('cut off or damaged anywhere changes nothing', async () => {
    const source = await makeShop()
    await backupTo(poolOf(source), fileNamed('whole'), { of })
    const whole = await readFile(fileNamed('whole'))
    const plain = gunzipSync(whole)
    const damaged: [string, Buffer][] = [
      ['empty', Buffer.alloc(0)],
      ['text', Buffer.from('not a backup')],
      ['other gzip', gzipSync('{"hello": 1}\n')],
      ['next format', gzipSync('{"shopBackup": 2}\n')],
      ['without tail', gzipSync(plain.subarray(0, plain.lastIndexOf('{"rows"')))],
      ['with more behind', Buffer.concat([whole, gzipSync('more')])],
      ...[0.001, 0.1, 0.5, 0.9, 0.9999].map((part): [string, Buffer] => [
        `cut at ${part}`,
        whole.subarray(0, Math.floor(whole.length * part)),
      ]),
      ...[0.05, 0.3, 0.6, 0.95, 0.9999].map((part): [string, Buffer] => [`one bit at ${part}`, withOneBitTurned(whole, part)]),
      // Packed anew, so that gzip's own checksum fits and only ours can tell.
      ...[0.3, 0.5, 0.7].map((part): [string, Buffer] => [`one plain bit at ${part}`, gzipSync(withOneBitTurned(plain, part))]),
    ]
    const target = await makeDatabase()
    const empty = await fingerprintOf(target)

    for (const [what, bytes] of damaged) {
      await writeFile(fileNamed('damaged'), bytes)
      const migrated: string[] = []
      const restoring = restoreFrom(poolOf(target), fileNamed('damaged'), { of, migrate: async (upTo) => void migrated.push(upTo) })
      const outcome = await restoring.then(() => 'restored', String)
      expect([what, outcome]).toEqual([what, expect.stringContaining('Nothing was changed')])
      expect([what, migrated]).toEqual([what, []])
    }
    expect(await fingerprintOf(target)).toEqual(empty)
  })

  test('that fails while loading leaves no row', async () => {
    const source = await makeShop()
    const target = await makeDatabase()
    await backupTo(poolOf(source), fileNamed('fails'), { of })
    await migrateShop(target, 'latest')
    await onClient(target, (client) => client.query('alter table shelf add constraint nothing_low check (label <> $$low$$)'))
    const before = await fingerprintOf(target)

    await expect(restoreFrom(poolOf(target), fileNamed('fails'), { of, migrate: (upTo) => migrateShop(target, upTo) })).rejects.toThrow(
      /nothing_low/,
    )
    expect(await fingerprintOf(target)).toEqual({ ...before, ...sequencesOf(await fingerprintOf(target)) })
  })

  test('that cannot be written leaves no file', async () => {
    const source = await makeShop()
    await expect(backupTo(poolOf(source), join(directory, 'missing', 'file'), { of })).rejects.toThrow(/ENOENT/)
    await expect(backupTo(poolOf(await makeDatabase()), fileNamed('nothing'), { of })).rejects.toThrow(/holds no Shop/)
    const pool = poolOf(source)
    const interrupted = backupTo(pool, fileNamed('interrupted'), {
      of,
      onProgress: () => {
        throw new Error('the operator left')
      },
    })
    await expect(interrupted).rejects.toThrow('the operator left')

    expect((await readdir(directory)).filter((name) => /nothing|interrupted/.test(name))).toEqual([])
    expect((await backupTo(pool, fileNamed('after'), { of })).rows).toBeGreaterThan(3_000)
  })

  test.runIf(otherServer)('goes to another server and back', async () => {
    const source = await makeShop()
    const there = await makeDatabase(otherServer)
    const back = await makeDatabase()
    await backupTo(poolOf(source), fileNamed('there'), { of })
    await restoreFrom(poolOf(there), fileNamed('there'), { of, migrate: (upTo) => migrateShop(there, upTo) })
    await backupTo(poolOf(there), fileNamed('back'), { of })
    await restoreFrom(poolOf(back), fileNamed('back'), { of, migrate: (upTo) => migrateShop(back, upTo) })

    expect(await fingerprintOf(there)).toEqual(await fingerprintOf(source))
    expect(await fingerprintOf(back)).toEqual(await fingerprintOf(source))
  })

  async function makeShop(orders?: number): Promise<string> {
    const url = await makeDatabase()
    await migrateShop(url, 'latest')
    await fillShop(url, orders)
    return url
  }

  async function makeDatabase(server = embedded.url): Promise<string> {
    const name = `shop_${randomUUID().replaceAll('-', '')}`
    await onClient(server, (client) => client.query(`create database ${name} template template0 encoding 'UTF8'`))
    databases.push({ server, name })
    const url = new URL(server)
    url.pathname = `/${name}`
    return url.href
  }

  function poolOf(connectionString: string): pg.Pool {
    const pool = new pg.Pool({ connectionString, max: 2 })
    pool.on('error', () => {})
    pools.push(pool)
    return pool
  }

  function fileNamed(name: string): string {
    return join(directory, `${name}.backup`)
  }
})

function withOneBitTurned(bytes: Buffer, part: number): Buffer {
  const turned = Buffer.from(bytes)
  const at = Math.floor(bytes.length * part)
  turned[at] = turned[at]! ^ 1
  return turned
}

/** Sequences stand outside of transactions; a number that was skipped harms nobody. */
function sequencesOf(fingerprint: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fingerprint).filter(([name]) => /(_seq|ticket)"?$/.test(name)))
}
