import type { Queryable } from '../db/pool.ts'

export const causes = [
  'deposit',
  'bonus',
  'commission',
  'charge',
  'refund',
  'compensation',
  'reversal',
  'payout',
  'settlement',
  'rent',
  'correction',
] as const
export type Cause = (typeof causes)[number]

/** How lines changed the wallet, by cause, in units of 10⁻⁵: positive came in, negative went out. */
export type Sums = Readonly<Record<Cause, bigint>>

/** How a line changed the wallet, in SQL. Some lines are between other accounts. */
export const CHANGE = `case when given_to = 'wallet' then amount when taken_from = 'wallet' then -amount else 0 end`

/** One column per cause. */
function columns(expression: (cause: Cause) => string): string {
  return causes.map((cause) => `${expression(cause)} as ${cause}`).join(', ')
}

// Adds up from the nearest mark: at most a thousand lines, or those that came since the marks were last set.
const SUMS = `
  with mark as (select * from line_sums where book_id = $1 and line <= $2 order by line desc limit 1),
  since as (
    select ${columns((cause) => `coalesce(sum(${CHANGE}) filter (where cause = '${cause}'), 0)`)}
    from transfers where book_id = $1 and line > coalesce((select line from mark), 0) and line <= $2
  )
  select ${columns((cause) => `(coalesce(mark.${cause}, 0) + since.${cause})::bigint`)} from since left join mark on true`

/** The sums from the first line up to this one. */
async function sumsUpTo(db: Queryable, bookId: number, line: bigint): Promise<Sums> {
  return (await db.query<Sums>({ name: 'sums', text: SUMS, values: [bookId, line] })).rows[0]!
}

/** The sums of the lines after `after`, up to and including `last`. */
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

/**
 * Stores the sums of a book at every thousandth line. `lines` is how many lines it has; `marked` is how many it had the last time. Any node may do
 * it, also two at once.
 */
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
