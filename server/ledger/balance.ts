import { numberArray } from '../db/arrays.ts'
import { type Coalesced, coalesce } from '../db/coalesce.ts'
import { type Database, textRows } from '../db/pool.ts'

const BALANCES = `
  select id, wallet from books where id = any($1::int[])
  union all select -id, null from api_keys where id = any($2::int[]) and refused`

/** Callers who ask at the same time share one statement. Answers the wallet in units as text, or null when the key is revoked. */
export function openBalances(db: Database, queueLimit: number): Coalesced<{ bookId: number; keyId: number }, string | null> {
  return coalesce(
    async (asks) => {
      const values = [numberArray(asks.map((ask) => ask.bookId)), numberArray(asks.map((ask) => ask.keyId))]
      const rows = await textRows<[string, string | null]>(db, 'balances', BALANCES, values)
      const wallets = new Map(rows)
      return asks.map((ask) => (wallets.has(`-${ask.keyId}`) ? null : (wallets.get(String(ask.bookId)) ?? '0')))
    },
    { most: 512, slots: 2, limit: queueLimit },
  )
}
