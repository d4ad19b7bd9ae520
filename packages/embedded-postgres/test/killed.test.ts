import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { start } from '../src/start.ts'
import { SHOP } from './support/shop.ts'
import { ask, cleanUp, killOne, makeDirectory, processesIn, serverOf, startUser, waitUntil } from './support/users.ts'

describe.skipIf(process.platform !== 'linux')('a server that is killed', () => {
  let directory: string
  beforeEach(async () => {
    directory = await makeDirectory()
  })
  afterEach(cleanUp)

  test('is started again by one of the processes that share it, and the others find it', async () => {
    const users = [startUser(directory), startUser(directory), startUser(directory)]
    const [url] = await Promise.all(users.map((user) => user.url))
    const server = serverOf(directory)!
    killOne(server)

    await waitUntil(
      () => users.every(({ events }) => events.some((event) => event.startsWith('PostgreSQL runs again'))),
      'all have it again',
    )
    const restarts = users.flatMap(({ events }) => events).filter((event) => /^PostgreSQL \d+ started in/.test(event))
    expect(restarts).toHaveLength(2)
    expect(await ask(url!, 'select 1 as one')).toEqual([{ one: 1 }])
    await Promise.all(users.map((user) => user.leave()))
    expect(processesIn(directory)).toEqual([])
  })

  test('comes back at the same address also where its socket lies in a directory of its own', async () => {
    const deep = join(directory, 'a-name-that-is-much-too-long-for-a-socket-'.repeat(3))
    const postgres = await start({ ...SHOP, directory: deep })
    const server = serverOf(deep)!
    killOne(server)

    await waitUntil(async () => {
      const answer = await ask(postgres.url, 'select 1 as one').catch(() => undefined)
      return answer !== undefined && serverOf(deep) !== server
    }, 'another server answers')
    await postgres.stop()
    expect(processesIn(directory)).toEqual([])
  })

  test('is left alone once nobody uses it any more', async () => {
    const postgres = await start({ ...SHOP, directory })
    killOne(serverOf(directory)!)
    await postgres.stop()
    await waitUntil(() => processesIn(directory).length === 0, 'what the killed server left has ended')
    expect(serverOf(directory)).toBeUndefined()
  })
})
