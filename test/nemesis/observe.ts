import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { commandEnvironment, docket } from '../support/server-process.ts'
import type { Answer, Line } from './ask.ts'
import type { Account } from './history.ts'

export interface StoredOrder {
  readonly id: string
  readonly book: number
  readonly service: number
  readonly quantity: number
  readonly charge: bigint
  readonly refunded: bigint
  readonly link: string
  /** Sum of its charge lines, and how many there are. */
  readonly chargedByLines: bigint
  readonly chargeLines: number
  readonly refundedByLines: bigint
}

export interface StoredBook {
  readonly book: number
  readonly wallet: bigint
  readonly deposits: bigint
  readonly corrections: bigint
}

/** All that is so, read from outside when everything is over. */
export interface Observed {
  readonly orders: readonly StoredOrder[]
  readonly books: readonly StoredBook[]
  readonly retryKeys: readonly { readonly book: number; readonly key: string; readonly order: string }[]
  /** By account and order: what the API answers to whoever was told the order, the extended status or a refusal. */
  readonly statuses: ReadonlyMap<string, Record<string, string>>
  /** Orders that were shown to another account's key. */
  readonly shownToOthers: readonly string[]
  readonly balances: ReadonlyMap<number, string>
  /** By book, read before the balances were asked for: an order may end in between. */
  readonly walletsBefore: ReadonlyMap<number, bigint>
  readonly auditFaults: readonly string[]
}

const ORDERS = `
  select o.id, o.book_id as book, o.service_id as service, o.quantity, o.charge, o.refunded, o.link,
    coalesce(t.charged, 0) as charged, coalesce(t.charges, 0) as charges, coalesce(t.refunds, 0) as refunds
  from orders o left join (
    select order_id, sum(amount) filter (where cause = 'charge') as charged, count(*) filter (where cause = 'charge') as charges,
      sum(amount) filter (where cause = 'refund') as refunds
    from transfers where order_id is not null group by order_id
  ) t on t.order_id = o.id`
const BOOKS = `
  select b.id as book, b.wallet, coalesce(sum(t.amount) filter (where t.cause = 'deposit'), 0) as deposits,
    coalesce(sum(case when t.given_to = 'wallet' then t.amount when t.taken_from = 'wallet' then -t.amount else 0 end) filter (where t.cause = 'correction'), 0) as corrections
  from books b left join transfers t on t.book_id = b.id group by b.id`

/** The checker's own SQL: what the server's functions say about themselves proves nothing. */
export async function readDatabase(url: string): Promise<Pick<Observed, 'orders' | 'books' | 'retryKeys'>> {
  const client = new pg.Client({ connectionString: url, query_timeout: 60_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const orders = await client.query<Record<string, string>>(ORDERS)
    const books = await client.query<Record<string, string>>(BOOKS)
    const keys = await client.query<Record<string, string>>('select book_id as book, key, order_id as order from retry_keys')
    return {
      orders: orders.rows.map((row) => ({
        id: String(row['id']),
        book: Number(row['book']),
        service: Number(row['service']),
        quantity: Number(row['quantity']),
        charge: BigInt(row['charge']!),
        refunded: BigInt(row['refunded']!),
        link: row['link']!,
        chargedByLines: BigInt(row['charged']!),
        chargeLines: Number(row['charges']),
        refundedByLines: BigInt(row['refunds']!),
      })),
      books: books.rows.map((row) => ({
        book: Number(row['book']),
        wallet: BigInt(row['wallet']!),
        deposits: BigInt(row['deposits']!),
        corrections: BigInt(row['corrections']!),
      })),
      retryKeys: keys.rows.map((row) => ({ book: Number(row['book']), key: row['key']!, order: String(row['order']) })),
    }
  } finally {
    await client.end().catch(() => {})
  }
}

/** The command that an operator would ask. */
export async function auditFaults(url: string): Promise<string[]> {
  const environment = { ...commandEnvironment(), DATABASE_URL: url }
  const { stdout } = await promisify(execFile)(process.execPath, [docket, 'audit', '--json'], {
    env: environment,
    maxBuffer: 50_000_000,
    timeout: 60_000,
  }).catch((error: { stdout?: string; message: string }) => ({
    stdout: error.stdout || JSON.stringify({ checks: [{ ok: false, name: error.message }] }),
  }))
  const { checks, error } = JSON.parse(stdout) as { checks?: { ok: boolean; name: string; offending?: unknown[] }[]; error?: string }
  if (!checks) return [error ?? 'the audit answered nothing']
  return checks.filter(({ ok }) => !ok).map(({ name, offending }) => `${name}: ${JSON.stringify(offending?.slice(0, 3))}`)
}

const MANY = 100
const ASK_WITHIN_MS = 20_000

/** Each order by its owner's key, in lists as clients ask. */
export async function askStatuses(line: Line, account: Account, ids: readonly string[]): Promise<Map<string, Record<string, string>>> {
  const told = new Map<string, Record<string, string>>()
  for (let at = 0; at < ids.length; at += MANY) {
    const orders = ids.slice(at, at + MANY)
    const answer = await patiently(() =>
      line.ask({ action: 'status', key: account.key, orders: orders.join(','), extended: '1' }, ASK_WITHIN_MS),
    )
    for (const id of orders) told.set(id, answer.body[id] ?? { error: 'was left out of the answer' })
  }
  return told
}

export async function askBalance(line: Line, account: Account): Promise<string> {
  return (await patiently(() => line.ask({ action: 'balance', key: account.key }, ASK_WITHIN_MS))).body.balance
}

async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask().catch((error: unknown) => {
      if (attempt >= 5) throw error
      return undefined
    })
    if (answer?.status === 200) return answer
    if (attempt >= 5) throw new Error(`the checker's own question is not answered: ${answer?.status} ${JSON.stringify(answer?.body)}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
