import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, makeDirectory, processesIn } from './support/users.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const readme = await readFile(join(home, 'README.md'), 'utf8')
const programs = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code!)

describe('the README', () => {
  afterEach(cleanUp)

  test.skipIf(process.platform !== 'linux')('shows a program that runs as it stands', async () => {
    const directory = join(await makeDirectory(), 'data')
    expect(await run(programs[0]!.replace("'data'", JSON.stringify(directory)))).toBe('Good day\n')
    expect(processesIn(directory)).toEqual([])
  })

  test.skipIf(process.platform !== 'linux')('shows a backup that comes back', async () => {
    const top = await makeDirectory()
    const code = programs[1]!.replaceAll("'shop.backup'", JSON.stringify(join(top, 'shop.backup')))
    const around = `
      import { start } from '@docket/embedded-postgres'
      import pg from 'pg'
      const postgres = await start({ directory: ${JSON.stringify(join(top, 'data'))}, name: 'shop' })
      const db = new pg.Pool({ connectionString: postgres.url })
      await db.query('create database empty')
      const emptyDb = new pg.Pool({ connectionString: postgres.url.replace('/shop?', '/empty?') })
      for (const pool of [db, emptyDb]) pool.on('error', () => {})
      const schema = 'create table migrations (id int, name text); create table goods (name text)'
      await db.query(schema + "; insert into migrations values (1, 'first'); insert into goods values ('apples')")
      const migrateTo = async (upTo) => {
        if (upTo !== 'latest') await emptyDb.query(schema + "; insert into migrations values (1, '" + upTo + "')")
      }
      ${code}
      console.log((await emptyDb.query('select goods.name, migrations.name as migration from goods, migrations')).rows)
      await db.end()
      await emptyDb.end()
      await postgres.stop()`
    expect(await run(around)).toBe("[ { name: 'apples', migration: 'first' } ]\n")
  })

  test('names for each promise a test that is there', async () => {
    const promises = [...readme.matchAll(/^\| .* \| `([a-z-]+\.test\.ts)`: (.*) \|$/gm)]
    expect(promises.length).toBeGreaterThan(15)
    for (const [, file, title] of promises) expect(await readFile(join(home, 'test', file!), 'utf8')).toContain(`'${title}'`)
  })
})

/** Runs a program as one of this package's users would, and answers what it printed. */
async function run(code: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], { cwd: home })
  return stdout
}
