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

// The last line of each book before a moment, for all books at once, by the same steps as last_line_before: the sum is that of the
// closing balances of all statements. A book whose last line is older needs one step.
const AT = `
  with recursive search as (
    select b.id, b.currency, case when t.at < $1 then b.lines else 0 end as line,
      case when t.at < $1 then 0 else (2 ^ (floor(log(2, b.lines)) + 1))::bigint end as step
    from books b join transfers t on t.book_id = b.id and t.line = b.lines where not b.play and b.lines > 0
    union all
    select s.id, s.currency, case when t.at < $1 then s.line + s.step else s.line end, s.step / 2
    from search s left join transfers t on t.book_id = s.id and t.line = s.line + s.step where s.step > 0
  )
  select s.currency, coalesce(sum(t.wallet_after), 0)::bigint as owed, (count(*) filter (where t.wallet_after > 0))::int as books
  from search s join transfers t on t.book_id = s.id and t.line = s.line where s.step = 0 group by s.currency order by s.currency`

/** What was owed at a moment, from the lines themselves. */
export async function readOwedAt(db: Queryable, moment: Date): Promise<Owed[]> {
  return (await db.query<Owed>({ name: 'owed at', text: AT, values: [moment] })).rows
}
