import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { audit } from '../../server/orders/audit-books.ts'
import { referralQuestions } from '../../server/referrals/audit.ts'
import { setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { importServices, readServiceList, type ServiceChange, setService } from '../../server/catalog/import.ts'
import { type Config, readConfig } from '../../server/config.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { type Node, type NodeParts, startNode } from '../../server/main.ts'
import { onServer, withDatabase } from './database-server.ts'

export type Parameters = Record<string, string | number | undefined>
export type Encoding = 'form' | 'json' | 'multipart' | 'query'

/** A clock that stands still until it is moved. */
export function movableClock(start = new Date('2026-03-01T12:00:00Z')) {
  let time = start.getTime()
  return {
    now: () => new Date(time),
    forward(amount: { days?: number; hours?: number; minutes?: number; seconds?: number }) {
      const { days = 0, hours = 0, minutes = 0, seconds = 0 } = amount
      time += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
    },
  }
}

/** A clock that goes on like any other, and can be moved. */
export function runningClock() {
  const ahead = movableClock(new Date(0))
  return { ...ahead, now: () => new Date(Date.now() + ahead.now().getTime()) }
}

/** A fresh database, cloned from the migrated template. */
export async function freshDatabase(): Promise<string> {
  const name = `${inject('template')}_${randomBytes(4).toString('hex')}`
  await onServer(inject('serverUrl'), `create database "${name}" template "${inject('template')}"`)
  return withDatabase(inject('serverUrl'), name)
}

/** The configuration of a test node: a free port, no rate limits unless the test is about them. */
export function testConfig(databaseUrl: string, settings: Record<string, string> = {}): Config {
  return readConfig({}, { DATABASE_URL: databaseUrl, DOCKET_PORT: '0', DOCKET_RATE_LIMIT: 'off', DOCKET_ROLE: 'http', ...settings })
}

export interface Docket {
  readonly db: Database
  readonly databaseUrl: string
  readonly node: Node
  readonly clock: ReturnType<typeof movableClock>
  /** Places a call and answers the parsed JSON. */
  call(parameters: Parameters, encoding?: Encoding, headers?: Record<string, string>): Promise<any>
  /** The same, with everything that came back. */
  request(parameters: Parameters, encoding?: Encoding, headers?: Record<string, string>): Promise<Response>
  account(options?: { balance?: string; currency?: string }): Promise<{ account: number; key: string }>
  service(entry?: Record<string, unknown>, change?: ServiceChange & { supplier?: string }): Promise<number>
  balance(key: string): Promise<string>
}

/** A whole server on a fresh database for this test file; after each test the books balance. */
export function openDocket(settings: Record<string, string> = {}, parts?: NodeParts): Docket {
  const docket = { clock: movableClock() } as { -readonly [name in keyof Docket]: Docket[name] }
  let accounts = 0
  let services = 9000

  beforeAll(async () => {
    docket.databaseUrl = await freshDatabase()
    docket.db = openPool(docket.databaseUrl, { size: 4, name: 'test', connectTimeoutMs: 300_000 })
    docket.node = await patiently(() =>
      startNode(testConfig(docket.databaseUrl, settings), pino({ level: 'silent' }), docket.clock.now, parts),
    )
  })
  afterEach(async () => {
    await booksBalance(docket.db)
  })
  afterAll(async () => {
    await docket.node.stop()
    await docket.db.end()
  })

  docket.request = (parameters, encoding = 'form', headers = {}) => send(docket.node.url!, parameters, encoding, headers)
  docket.call = async (...call) => (await docket.request(...call)).json()
  docket.balance = async (key) => (await docket.call({ key, action: 'balance' })).balance
  docket.account = ({ balance = '100', currency = 'USD' } = {}) => {
    accounts += 1
    const account = { email: `customer${accounts}@example.com`, currency, balance: parseUnits(balance), note: 'test' }
    return addFundedAccount(docket.db, account, docket.clock.now())
  }
  docket.service = async (entry = {}, change = {}) => {
    services += 1
    const listed = {
      service: services,
      name: `Service ${services}`,
      type: 'Default',
      category: 'Test',
      rate: '1',
      min: 1,
      max: 1_000_000,
      ...entry,
    }
    await importServices(docket.db, readServiceList(JSON.stringify([listed])))
    const { supplier, ...rest } = change
    if (supplier !== undefined) await setOnlySupplier(docket.db, listed.service, supplier)
    if (Object.keys(rest).length > 0) await changeCatalogue(docket.db, (tx) => setService(tx, listed.service, rest))
    return listed.service
  }
  return docket
}

/** A node gives up when a connection takes ten seconds, which a busy machine may need: then it is started again. */
async function patiently<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start()
    } catch (error) {
      if (attempt === 10 || !/timeout|does not answer|in time/i.test(String(error))) throw error
    }
  }
}

export async function booksBalance(db: Database) {
  const { checks } = await audit(db, referralQuestions)
  expect(checks.filter((check) => !check.ok)).toEqual([])
}

/** A call as a client in the field makes it. */
export function send(
  url: string,
  parameters: Parameters,
  encoding: Encoding = 'form',
  headers: Record<string, string> = {},
): Promise<Response> {
  const given = Object.entries(parameters).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  const texts = given.map(([name, value]): [string, string] => [name, String(value)])
  const address = `${url}/api/v2`
  switch (encoding) {
    case 'form':
      return fetch(address, { method: 'POST', body: new URLSearchParams(texts), headers })
    case 'json':
      return fetch(address, {
        method: 'POST',
        body: JSON.stringify(Object.fromEntries(given)),
        headers: { 'content-type': 'application/json', ...headers },
      })
    case 'multipart': {
      const form = new FormData()
      for (const [name, value] of texts) form.append(name, value)
      return fetch(address, { method: 'POST', body: form, headers })
    }
    case 'query':
      return fetch(`${address}?${new URLSearchParams(texts).toString()}`, { headers })
    default:
      return encoding satisfies never
  }
}
