import type { Queryable } from '../db/pool.ts'
import type { Units } from './money.ts'

/** What all customers together have on their books in one currency; test money is left out. */
export interface Owed {
  readonly currency: string
  readonly owed: Units
  /** Books with money on them; null: not known. */
  readonly books: number | null
}

const NOW = `
  select currency, sum(wallet)::bigint as owed, (count(*) filter (where wallet > 0))::int as books
  from books where not play group by currency order by currency`

export async function readOwed(db: Queryable): Promise<Owed[]> {
  return (await db.query<Owed>({ name: 'owed now', text: NOW, values: [] })).rows
}
