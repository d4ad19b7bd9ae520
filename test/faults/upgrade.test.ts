import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { describe, expect, inject, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setService } from '../../server/catalog/import.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { knownRoutines, type RoutineSet } from '../../server/db/routines.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { startNode } from '../../server/main.ts'
import { requestCancels } from '../../server/orders/cancel.ts'
import { settle } from '../../server/orders/settle.ts'
import { add, crowd, eventually, type Known, nothingLostOrDoubled } from '../support/clients.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { booksBalance, movableClock, openDocket, send, testConfig } from '../support/docket.ts'
import { growHouse, grownKey } from '../support/grown-house.ts'

const silent = pino({ level: 'silent' })

test('S6 a house of the version before goes on with its books, and its new orders are promised', async () => {
  const name = `${inject('template')}_${randomBytes(4).toString('hex')}`
  await onServer(inject('serverUrl'), `create database "${name}"`)
  const url = withDatabase(inject('serverUrl'), name)
  const clock = movableClock()
  const db = openPool(url, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
  try {
    await migrate(url, '0015-place-plain-orders')
    await growHouse(db, { accounts: 20, services: 10 }, clock.now())
    const { rows } = await db.query<{ id: bigint; book: number }>(
      `select id, book_id as book from orders where status = 'In progress' order by id`,
    )
    const [open, other] = rows
    await settle(db, [{ orderId: open!.id, status: 'Partial', startCount: 3n, remains: 400n, words: null }], 'test', clock.now())

    // All that is new comes in one transaction, over rows that were there before.
    expect((await migrate(url)).migrations.length).toBeGreaterThanOrEqual(3)
    await booksBalance(db)
    expect(await requestCancels(db, other!.book, [String(other!.id)], clock.now())).toEqual(new Map([[String(other!.id), true]]))
    await changeCatalogue(db, (tx) => setService(tx, 1, { startWithin: 10, compensationBasisPoints: 1000 }))

    const node = await startNode(testConfig(url), silent, clock.now)
    const call = async (parameters: Record<string, string | number>) =>
      (await send(node.url!, { key: grownKey(3), ...parameters })).json() as Promise<Record<string, unknown>>
    const { order } = await call({ action: 'add', service: 1, link: 'p', quantity: 1000 })
    clock.forward({ minutes: 10 })
    await workPromises(db, clock.now)
    expect(await call({ action: 'status', order: Number(order) })).toMatchObject({ charge: '0.90000' })
    // An order that had begun before this was noted has no beginning, and is not given a false one.
    await settle(db, [{ orderId: other!.id, status: 'Completed', startCount: 9n, remains: 0n, words: null }], 'test', clock.now())
    const { rows: started } = await db.query('select started_at from orders where id = $1', [other!.id])
    expect(started).toEqual([{ started_at: null }])
    await node.stop()
    await booksBalance(db)
  } finally {
    await db.end()
  }
})

describe('two versions on one database', () => {
  const docket = openDocket()
  const RELEASES = 3

  /** A release that came so many after this one: the functions that place have gained as many parameters, and their triggers are made anew. */
  function laterRelease(after: number): RoutineSet {
    const { revision, routines } = knownRoutines()
    const gained = Array.from({ length: after }, (_, number) => `p_gained_${number} text default null`).join(', ')
    const later = routines.map((routine) => {
      let { text } = routine
      if (routine.name.startsWith('function place_')) text = text.replace(/(,\s*out |\s*\) returns)/, `, ${gained}$1`)
      if (/^trigger .* on (orders|retry_keys|accounts)$/.test(routine.name)) text += `-- ${after}\n`
      return { ...routine, text, hash: text }
    })
    return { revision: revision + after, routines: later }
  }

  const GAINED = `
    select count(*)::int as functions, min((select count(*)::int from unnest(proargnames) as n(name) where n.name like 'p\\_gained%')) as gained
    from pg_proc where proname = $1`

  test('S6 the older node places and answers while newer ones replace its functions under it', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account({ balance: '10000' })
    const known: Known[] = []
    const migrating = { isDone: false }
    const load = crowd(8, async (client) => {
      for (let n = 0; !migrating.isDone || n < 3; n += 1) {
        const retry = client % 2 === 0 ? {} : { idempotency_key: `${client} ${n}` }
        known.push(await add(docket.node.url!, { key, service, quantity: 1000, ...retry }))
      }
    })
    for (let after = 1; after <= RELEASES; after += 1) {
      const before = known.length
      const { routines } = await migrate(docket.databaseUrl, undefined, laterRelease(after))
      expect(routines).toContain('function place_orders')
      await eventually('the older node placed by the newer functions', () => known.length > before + 16)
    }
    migrating.isDone = true
    await load

    expect(known.filter((each) => each.order === undefined)).toEqual([])
    expect(await nothingLostOrDoubled(docket.db, account, 10_000 * 100_000, known)).toHaveLength(known.length)
    for (const name of ['place_orders', 'place_plain_order', 'place_plain_orders']) {
      expect((await docket.db.query(GAINED, [name])).rows).toEqual([{ functions: 1, gained: RELEASES }])
    }
  })

  test('an outcome that the older node does not know fails the order that it is about, and no other', async () => {
    const later = laterRelease(RELEASES + 1)
    const routines = later.routines.map((routine) => {
      if (routine.name !== 'function place_orders') return routine
      const text = routine.text.replace(
        'return query select array_replace(v_outcomes, ',
        '$&array_replace(v_outcomes, 2::smallint, 42::smallint), ',
      )
      expect(text).toContain('42::smallint')
      return { ...routine, text: text.replace('array_replace(v_outcomes, array_replace', 'array_replace(array_replace'), hash: text }
    })
    await migrate(docket.databaseUrl, undefined, { ...later, routines })
    const service = await docket.service()
    const [poor, rich] = [await docket.account({ balance: '0.50' }), await docket.account()]
    const answers = await Promise.all(
      [poor, rich].map(({ key }) => add(docket.node.url!, { key, service, quantity: 1000, idempotency_key: 'one' })),
    )
    expect(answers).toMatchObject([
      { status: 500, code: 'fault' },
      { status: 200, order: expect.any(Number) },
    ])
    expect(await docket.balance(poor.key)).toBe('0.50000')
  })

  test('S6 the older node starts again and places by the functions of the newer', async () => {
    const service = await docket.service()
    const { key } = await docket.account()
    const newer = (await docket.db.query('select name, hash, revision from routines order by name')).rows
    expect(newer[0]).toMatchObject({ revision: laterRelease(RELEASES + 1).revision })
    const again = await startNode(testConfig(docket.databaseUrl), silent, docket.clock.now)
    try {
      expect(await add(again.url!, { key, service, quantity: 1000 })).toMatchObject({ status: 200 })
      expect((await docket.db.query('select name, hash, revision from routines order by name')).rows).toEqual(newer)
    } finally {
      await again.stop()
    }
  })
})
