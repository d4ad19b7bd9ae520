import { describe, expect, inject, test } from 'vitest'
import { changedNothing, isConnectionLoss, isServerInTrouble, isUnavailable } from '../../server/db/pool.ts'
import { add, anAccount, eventually, nothingLostOrDoubled, ordersOf } from '../support/clients.ts'
import { onServer } from '../support/database-server.ts'
import { openDocket } from '../support/docket.ts'

describe('a database that became read-only, as an old primary after a fail-over', () => {
  const docket = openDocket()
  const name = () => new URL(docket.databaseUrl).pathname.slice(1)
  const setReadOnly = (value: 'on' | 'off') =>
    onServer(inject('serverUrl'), `alter database "${name()}" set default_transaction_read_only = ${value}`)
  const endNodesConnections = () =>
    docket.db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'docket%'`,
    )

  test('is answered 503 as a database that is away, and its connections are not used again', async () => {
    const service = await docket.service({}, { cancel: true })
    const { account, key } = await anAccount(docket.db, '1000')
    const first = await add(docket.node.url!, { key, service, quantity: 1000 })
    await setReadOnly('on')
    await endNodesConnections()

    const cancelled = await eventually('a new connection is used', async () => {
      const response = await docket.request({ key, action: 'cancel', orders: first.order })
      const answer = (await response.json()) as { code?: string }
      return { status: response.status, retryAfter: response.headers.get('retry-after'), ...answer }
    })
    expect(cancelled).toMatchObject({ status: 503, retryAfter: '1', code: 'database_away' })
    expect(await docket.call({ key, action: 'status', order: first.order })).toMatchObject({ status: 'Pending' })

    // An order waits a while for the new primary; here it is the same server, and only new connections can write.
    const underWay = add(docket.node.url!, { key, service, quantity: 1000, link: 'https://example.com/second' })
    await eventually('it was tried', async () => {
      const { rows } = await docket.db.query(
        `select from pg_stat_activity where datname = current_database() and query like '%order%' and application_name = 'docket api'`,
      )
      return rows.length > 0
    })
    await setReadOnly('off')
    const known = [first, await underWay, await add(docket.node.url!, { key, service, quantity: 1000, link: 'https://example.com/third' })]

    expect(known.filter((each) => each.order === undefined && each.status !== 503)).toEqual([])
    expect(known.at(-1)!.order).toBeTypeOf('number')
    await nothingLostOrDoubled(docket.db, account, 100_000_000, known)
    expect((await ordersOf(docket.db, account)).length).toBeGreaterThanOrEqual(2)
  })
})

describe('what the server says of a failed statement', () => {
  const failure = (code: string) => Object.assign(new Error('said by the server'), { code, severity: 'ERROR' })
  const driver = (message: string, code?: string) => Object.assign(new Error(message), code && { code })

  // lost: another connection may do better; nothing: it is certain that nothing was done; trouble: somebody must mend the server.
  const cases: [string, Error, { lost?: true; nothing?: true; trouble?: true; unavailable?: true }][] = [
    ['the connection failed', failure('08006'), { lost: true, unavailable: true }],
    ['ended by the administrator, perhaps after the commit', failure('57P01'), { lost: true, unavailable: true }],
    ['ended by a crash', failure('57P02'), { lost: true, unavailable: true }],
    ['it starts or stops and lets nobody in', failure('57P03'), { lost: true, nothing: true, unavailable: true }],
    ['no connection to spare', failure('53300'), { lost: true, nothing: true, unavailable: true }],
    ['it cannot be written', failure('25006'), { lost: true, nothing: true, unavailable: true }],
    ['its disk is full', failure('53100'), { nothing: true, trouble: true, unavailable: true }],
    ['its memory is used up', failure('53200'), { nothing: true, trouble: true, unavailable: true }],
    ['its disk fails', failure('58030'), { nothing: true, trouble: true, unavailable: true }],
    ['the statement was cancelled', failure('57014'), { nothing: true, unavailable: true }],
    ['a deadlock', failure('40P01'), { nothing: true, unavailable: true }],
    ['a constraint refused', failure('23505'), { nothing: true }],
    ['nobody listens', driver('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'), { lost: true, nothing: true, unavailable: true }],
    ['no connection in time', driver('timeout exceeded when trying to connect'), { lost: true, nothing: true, unavailable: true }],
    ['the answer did not come in time', driver('Query read timeout'), { lost: true, unavailable: true }],
    ['the connection broke', driver('Connection terminated unexpectedly'), { lost: true, unavailable: true }],
    ['a fault of ours', new TypeError('undefined is not a function'), {}],
  ]
  test.for(cases)('%s', ([, error, expected]) => {
    expect({
      lost: isConnectionLoss(error),
      nothing: changedNothing(error),
      trouble: isServerInTrouble(error),
      unavailable: isUnavailable(error),
    }).toEqual({ lost: false, nothing: false, trouble: false, unavailable: false, ...expected })
  })
})
