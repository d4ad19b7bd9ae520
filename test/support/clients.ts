import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { importServices, readServiceList, type ServiceChange, setService } from '../../server/catalog/import.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import type { Database } from '../../server/db/pool.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { type Parameters, send } from './docket.ts'

/** What a client knows after an add: the order's id, the refusal, or nothing, because the connection broke. */
export interface Known {
  readonly order?: number
  readonly error?: string
  readonly status?: number
  readonly retryAfter?: string | null
  readonly lost?: true
}

export async function add(url: string, parameters: Parameters): Promise<Known> {
  try {
    const response = await send(url, { action: 'add', link: 'https://example.com/post', ...parameters })
    const answer = (await response.json()) as { order?: number; error?: string }
    return { ...answer, status: response.status, retryAfter: response.headers.get('retry-after') }
  } catch {
    return { lost: true }
  }
}

/** So many clients at once, each waiting for its answer before it asks again. */
export async function crowd<T>(size: number, work: (client: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: size }, (_, client) => work(client)))
}

/** Waits for a condition, asked again and again. The limit is only there to name what never came. */
export async function eventually<T>(what: string, condition: () => T | Promise<T>, seconds = 240): Promise<NonNullable<Awaited<T>>> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const met = await condition()
    if (met) return met
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`)
    await pause(10)
  }
}

export async function anAccount(db: Database, balance: string): Promise<{ account: number; key: string }> {
  return addFundedAccount(
    db,
    { email: `${randomUUID()}@example.com`, currency: 'USD', balance: parseUnits(balance), note: 'test' },
    new Date(),
  )
}

/** A service at 1 per 1000, so that a quantity of 1000 costs 1. */
export async function aService(
  db: Database,
  service: number,
  entry: Record<string, unknown> = {},
  change: ServiceChange & { supplier?: string } = {},
): Promise<number> {
  const listed = { service, name: `Service ${service}`, rate: '1', min: 1, max: 1_000_000, ...entry }
  await importServices(db, readServiceList(JSON.stringify([listed])))
  const { supplier, ...rest } = change
  if (supplier !== undefined) await setOnlySupplier(db, service, supplier)
  if (Object.keys(rest).length > 0) await changeCatalogue(db, (tx) => setService(tx, service, rest))
  return service
}

export interface Stored {
  readonly id: number
  readonly link: string
  readonly charge: number
  readonly refunded: number
  readonly charges: number
}

/** The account's orders in the order in which they were charged, each with how often it was charged. */
export async function ordersOf(db: Database, account: number): Promise<Stored[]> {
  const { rows } = await db.query<Stored>(
    `select o.id::int, o.link, o.charge::int, o.refunded::int, count(t.*) filter (where t.cause = 'charge')::int as charges
     from orders o join books b on b.id = o.book_id left join transfers t on t.order_id = o.id
     where b.account_id = $1 group by o.id order by o.line`,
    [account],
  )
  return rows
}

export async function walletOf(db: Database, account: number): Promise<number> {
  const { rows } = await db.query<{ wallet: number }>('select wallet::int from books where account_id = $1 and not play', [account])
  return rows[0]!.wallet
}

/** Whatever happened meanwhile: every acknowledged order is there once, every order was paid once, and nothing else was. */
export async function nothingLostOrDoubled(db: Database, account: number, paidIn: number, known: readonly Known[]): Promise<Stored[]> {
  const orders = await ordersOf(db, account)
  const ids = orders.map((order) => order.id)
  const acknowledged = [...new Set(known.flatMap((each) => each.order ?? []))]
  expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
  expect(orders.filter((order) => order.charges !== 1)).toEqual([])
  expect(await walletOf(db, account)).toBe(paidIn - orders.reduce((sum, order) => sum + order.charge - order.refunded, 0))
  return orders
}
