import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import { type Line, LINE_COLUMNS } from './seal.ts'
import { type Cause, readSums, type Sums } from './sums.ts'

/** A range of a book's lines: after `after`, up to and including `last`. */
export interface Span {
  readonly after: bigint
  readonly last: bigint
}

const WHOLE = 'select 0::bigint as after, lines as last from books where id = $1'
const LAST_LINE_BEFORE = sqlFunction('last_line_before', ['book', 'moment'])
const MONTH = `
  select ${LAST_LINE_BEFORE.within({ book: '$1', moment: '$2' })} as after, ${LAST_LINE_BEFORE.within({ book: '$1', moment: '$3' })} as last`

/** The whole book as it is now. */
export async function readWhole(db: Queryable, bookId: number): Promise<Span> {
  return (await db.query<Span>({ name: 'whole book', text: WHOLE, values: [bookId] })).rows[0]!
}

/** The lines of a period. Consecutive periods contain each line once. */
export async function readSpan(db: Queryable, bookId: number, from: Date, until: Date): Promise<Span> {
  return (await db.query<Span>({ name: 'lines of a time', text: MONTH, values: [bookId, from, until] })).rows[0]!
}

/** The balance before, the movements, the balance after: opening + sums = closing. */
export interface Summary {
  readonly opening: bigint
  readonly sums: Sums
  readonly closing: bigint
}

const BALANCES = `
  select coalesce((select wallet_after from transfers where book_id = $1 and line = $2), 0)::bigint as opening,
    coalesce((select wallet_after from transfers where book_id = $1 and line = $3), 0)::bigint as closing`

export async function readSummary(db: Queryable, bookId: number, { after, last }: Span): Promise<Summary> {
  const values = [bookId, after, last]
  const { rows } = await db.query<Omit<Summary, 'sums'>>({ name: 'balances at lines', text: BALANCES, values })
  return { ...rows[0]!, sums: await readSums(db, bookId, after, last) }
}

const LINES_BEFORE = `
  select ${LINE_COLUMNS} from transfers where book_id = $1 and line > $2 and line <= $3 order by line desc limit $4`
const RARER_LINES_BEFORE = `
  select ${LINE_COLUMNS} from transfers
  where book_id = $1 and line > $2 and line <= $3 and cause = $5::transfer_cause and cause <> 'charge' order by line desc limit $4`
const CHARGES_BEFORE = `
  select ${LINE_COLUMNS} from transfers where book_id = $1 and line > $2 and line <= $3 and cause = 'charge' order by line desc limit $4`

/** The newest lines of a range, newest first; of one cause, or of all causes. */
export async function readLinesBefore(db: Queryable, bookId: number, span: Span, cause: Cause | null, most: number): Promise<Line[]> {
  const values = [bookId, span.after, span.last, most]
  if (cause === null) return (await db.query<Line>({ name: 'lines before', text: LINES_BEFORE, values })).rows
  if (cause === 'charge') return (await db.query<Line>({ name: 'charges before', text: CHARGES_BEFORE, values })).rows
  return (await db.query<Line>({ name: 'rarer lines before', text: RARER_LINES_BEFORE, values: [...values, cause] })).rows
}

/** How a line changed the wallet. */
export function walletChange(line: Pick<Line, 'takenFrom' | 'givenTo' | 'amount'>): bigint {
  if (line.givenTo === 'wallet') return line.amount
  // What a reversal could not take, and what is excused, moves beside the wallet.
  return line.takenFrom === 'wallet' ? -line.amount : 0n
}

/** A book as its owner sees it, without its lines. */
export interface OwnBook {
  readonly id: number
  readonly play: boolean
  readonly wallet: bigint
  /** What a reversal could not take: never above zero. */
  readonly owed: bigint
  readonly currency: string
  /** Null: the book has no line yet. */
  readonly firstAt: Date | null
}

const BOOKS = `
  select b.id, b.play, b.wallet, b.owed, b.currency, t.at as "firstAt"
  from books b left join transfers t on t.book_id = b.id and t.line = 1 where b.account_id = $1 order by b.play`

/** The books of an account: real money, and the test money of its test keys. */
export async function readBooks(db: Queryable, accountId: number): Promise<OwnBook[]> {
  return (await db.query<OwnBook>({ name: 'own books', text: BOOKS, values: [accountId] })).rows
}
