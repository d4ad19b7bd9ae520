import type { Queryable } from '../db/pool.ts'

export const causes = ['deposit', 'charge', 'refund', 'compensation', 'correction'] as const
export type Cause = (typeof causes)[number]

/** What lines did to the wallet, by cause, in units of 10⁻⁵: above zero what came in, below what went out. */
export type Sums = Readonly<Record<Cause, bigint>>

const CHANGE = `case when given_to = 'wallet' then amount else -amount end`

/** A column a cause. */
function columns(expression: (cause: Cause) => string): string {
  return causes.map((cause) => `${expression(cause)} as ${cause}`).join(', ')
}

// From the nearest mark: at most a thousand lines are added up, or those that came since the marks were last set.
const SUMS = `
  with mark as (select * from line_sums where book_id = $1 and line <= $2 order by line desc limit 1),
  since as (
    select ${columns((cause) => `coalesce(sum(${CHANGE}) filter (where cause = '${cause}'), 0)`)}
    from transfers where book_id = $1 and line > coalesce((select line from mark), 0) and line <= $2
  )
  select ${columns((cause) => `(coalesce(mark.${cause}, 0) + since.${cause})::bigint`)} from since left join mark on true`

/** What the lines from the first up to this one did. */
async function sumsUpTo(db: Queryable, bookId: number, line: bigint): Promise<Sums> {
  return (await db.query<Sums>({ name: 'sums', text: SUMS, values: [bookId, line] })).rows[0]!
}

/** What the lines behind `after` up to `last` did. */
export async function readSums(db: Queryable, bookId: number, after: bigint, last: bigint): Promise<Sums> {
  const upToLast = await sumsUpTo(db, bookId, last)
  if (after === 0n) return upToLast
  const before = await sumsUpTo(db, bookId, after)
  return Object.fromEntries(causes.map((cause) => [cause, upToLast[cause] - before[cause]])) as Sums
}

const LINES_BETWEEN_MARKS = 1000n
const MOST_LINES_AT_ONCE = 100_000n

const NEWEST_MARK = 'select coalesce(max(line), 0) as line from line_sums where book_id = $1'
const MARK = `
  insert into line_sums (book_id, line, ${causes.join(', ')})
  with mark as (select * from line_sums where book_id = $1 and line = $2),
  stretches as (
    select (line + 999) / 1000 * 1000 as line, ${columns((cause) => `coalesce(sum(${CHANGE}) filter (where cause = '${cause}'), 0)`)}
    from transfers where book_id = $1 and line > $2 and line <= $3 group by 1
  )
  select $1, line, ${causes.map((cause) => `coalesce((select ${cause} from mark), 0) + sum(${cause}) over (order by line)`).join(', ')}
  from stretches
  on conflict (book_id, line) do nothing`

/** Notes the sums of a book that has so many lines, at every thousandth; `marked`: the lines it had when that was done before. Any node
 * may do it, also two at once. */
export async function markSums(db: Queryable, bookId: number, lines: bigint, marked = 0n): Promise<void> {
  const goal = lines - (lines % LINES_BETWEEN_MARKS)
  if (goal <= marked) return
  let { line } = (await db.query<{ line: bigint }>({ name: 'newest mark', text: NEWEST_MARK, values: [bookId] })).rows[0]!
  while (line < goal) {
    const next = line + MOST_LINES_AT_ONCE < goal ? line + MOST_LINES_AT_ONCE : goal
    await db.query({ name: 'mark sums', text: MARK, values: [bookId, line, next] })
    line = next
  }
}
