import type { Queryable } from '../db/pool.ts'
import type { Owed } from '../ledger/owed.ts'
import { causes, CHANGE } from '../ledger/sums.ts'

// What the days have, and the lines that are not added up yet: those that follow the cursors of their books.
const OWED_ON = `
  with known as (
    select currency, ${causes.join(' + ')} as owed from money_days where day <= $1::date
    union all
    select b.currency, t.change
    from books b left join report_cursors c on c.book_id = b.id
    cross join lateral (
      select ${CHANGE} as change from transfers where book_id = b.id and line > coalesce(c.line, 0) and at < ($1::date + 1) at time zone 'utc' offset 0
    ) t
    where not b.play and b.lines > coalesce(c.line, 0)
  )
  select currency, sum(owed)::bigint as owed, null::int as books from known group by currency order by currency`

/** What was owed to all customers at the end of a day (UTC), like 2026-03-01; of today and the days to come: what is owed now. */
export async function readOwedOnDay(db: Queryable, day: string): Promise<Owed[]> {
  return (await db.query<Owed>({ name: 'owed on a day', text: OWED_ON, values: [day] })).rows
}
