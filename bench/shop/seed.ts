import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import type { Database } from '../../server/db/pool.ts'
import { parseUnits } from '../../server/ledger/money.ts'

export const CUSTOMERS = 1000
export const SERVICES = 5000
/** The price of every service of the bench per 1000. */
export const RATE = '0.90'

export interface Customer {
  readonly bookId: number
  readonly keyId: number
  readonly key: string
}

/** Lower than the ids of the server under test, which never reserves an id at or below the newest order's. */
const ORDER_IDS = 'create sequence bench_order_ids start 500000000000 cache 32'
const SERVERS_IDS = 'update order_ids set next = 1000000000000'
const BOOKS_AND_KEYS = `
  select b.account_id as account, b.id as "bookId", k.id as "keyId"
  from books b join api_keys k on k.account_id = b.account_id`

/** Creates 1,000 accounts with a key and more money than any run can spend, 5,000 services, and the ids of the baselines' orders. */
export async function seed(db: Database): Promise<Customer[]> {
  await db.query(ORDER_IDS)
  await db.query(SERVERS_IDS)
  await importServices(db, readServiceList(JSON.stringify(services())))
  const accounts = await Promise.all(Array.from({ length: CUSTOMERS }, (_, n) => openAccount(db, n)))
  const { rows } = await db.query<{ account: number; bookId: number; keyId: number }>(BOOKS_AND_KEYS)
  const byAccount = new Map(rows.map((row) => [row.account, row]))
  await db.query('analyze')
  return accounts
    .map(({ account, key }) => ({ bookId: byAccount.get(account)!.bookId, keyId: byAccount.get(account)!.keyId, key }))
    .toSorted((a, b) => a.bookId - b.bookId)
}

function openAccount(db: Database, n: number): Promise<{ account: number; key: string }> {
  const account = { email: `customer${n}@example.com`, currency: 'USD', balance: parseUnits('1000000000'), note: 'bench' }
  return addFundedAccount(db, account, new Date())
}

const places = ['Harbour', 'Meadow', 'Station', 'Library', 'Market', 'Orchard', 'Quay']
const goods = ['Newsletter readers', 'Podcast plays', 'Shop visits', 'Channel members', 'Video views', 'Event guests']

function services() {
  return Array.from({ length: SERVICES }, (_, index) => ({
    service: index + 1,
    name: `${goods[index % goods.length]} ${index + 1} | ${places[index % places.length]} | 30 days refill | up to ${(index % 50) + 1}K a day`,
    type: 'Default',
    category: `${places[index % places.length]} ${goods[index % goods.length]} ${Math.floor(index / 100)}`,
    rate: RATE,
    min: 10,
    max: 1_000_000,
    refill: index % 2 === 0,
    cancel: index % 3 === 0,
  }))
}
