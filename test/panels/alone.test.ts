import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../server/db/pool.ts'
import { eventually } from '../support/clients.ts'
import { booksBalance } from '../support/docket.ts'
import { sellingIn } from './selling.ts'
import { openWorld } from './world.ts'

const world = openWorld()
const { account, sellPanel, call } = sellingIn(world)
const [ONE, OTHER] = ['one.example', 'other.example']
/** As many as are worked on at once (at-once.ts). */
const MOST = 100

describe('what troubles one child panel', () => {
  let inOne: Database
  let keys: Readonly<Record<string, string>>

  beforeAll(async () => {
    await sellPanel(ONE)
    await sellPanel(OTHER)
    inOne = await world.inside(ONE)
    const inOther = await world.inside(OTHER)
    keys = { [ONE]: (await account(inOne)).key, [OTHER]: (await account(inOther)).key, 'panel.test': (await account(world.db)).key }
  })
  afterEach(async () => {
    await booksBalance(world.db)
    await booksBalance(inOne)
  })

  const balance = (host: string) => call(host, { key: keys[host]!, action: 'balance' })
  const othersServe = async () => {
    for (const host of [OTHER, 'panel.test']) expect(await balance(host)).toMatchObject({ balance: '100.00000' })
  }

  test('like a flood of requests is its own: beyond a hundred at once it refuses, and the others answer', async () => {
    const lock = await inOne.connect()
    await lock.query('begin; lock table books in access exclusive mode')
    const answered: any[] = []
    const flood = Array.from({ length: MOST + 20 }, async () => void answered.push(await balance(ONE)))
    await eventually('those beyond are refused', () => answered.length >= 20)
    expect(answered.map(({ code }) => code)).toEqual(Array.from({ length: 20 }, () => 'overloaded'))
    await othersServe()
    await lock.query('rollback')
    lock.release()
    await Promise.all(flood)
    expect(answered.filter((answer) => answer.balance === '100.00000')).toHaveLength(MOST)
    expect(await balance(ONE)).toMatchObject({ balance: '100.00000' })
  })
})
