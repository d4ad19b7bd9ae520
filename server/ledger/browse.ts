import type { Queryable } from '../db/pool.ts'
import { type Line, LINE_COLUMNS } from './seal.ts'
import { readBooks, readLinesBefore, readSpan, readWhole } from './statement.ts'
import type { Cause } from './sums.ts'

/** A line of any book, with whose it is. */
export interface BrowsedLine extends Line {
  readonly bookId: number
  readonly account: number
  readonly currency: string
  /** Test money. */
  readonly play: boolean
}

const COLUMNS = `${LINE_COLUMNS.replace(/\bline\b/, 't.line')}, t.book_id as "bookId", b.account_id as account, b.currency, b.play`

/** Which lines of all books; null: all. */
export interface LineFilter {
  readonly cause: Cause | null
  /** Only lines before this moment. */
  readonly until: Date | null
  readonly play: boolean
}

export interface BrowsedLines {
  readonly lines: readonly BrowsedLine[]
  /** Where the next page begins; null: there is nothing before. */
  readonly next: bigint | null
  /** So far the page has looked, when it stopped before it was full. */
  readonly lookedBackTo: Date | null
}

/** Lines are added at the end of the table and never changed, so the place of a line is its age, give or take the pages that several connections
 * fill at once. No index serves this list, because every order would pay for it (docs/decisions/0012). */
const MOST_BLOCKS = 512n
/** Offsets within a block are far below it. */
const OFFSETS = 65_536n
/** The blocks that connections may fill out of turn. */
const OUT_OF_TURN = 32n

const NEWEST = (conditions: string) => `
  select ${COLUMNS}, t.ctid::text as place from transfers t join books b on b.id = t.book_id
  where t.ctid >= $1::tid and t.ctid < $2::tid and b.play = $3 ${conditions} order by t.ctid desc limit $4`
const END = `select (pg_relation_size('transfers') / current_setting('block_size')::int)::bigint as blocks`
const FIRST_OF_BLOCK = 'select at from transfers where ctid >= $1::tid and ctid < $2::tid limit 1'

/** A page of the lines of all books, newest first. `before` is the `next` of the page before. */
export async function browseLines(
  db: Queryable,
  filter: LineFilter,
  page: { readonly before: bigint | null; readonly most: number },
): Promise<BrowsedLines> {
  let end = page.before ?? (await firstPlace(db, filter.until))
  const lines: BrowsedLine[] = []
  const lowest = end / OFFSETS > MOST_BLOCKS ? end / OFFSETS - MOST_BLOCKS : 0n
  // A rare cause is looked for in larger and larger pieces.
  for (let blocks = 1n; lines.length < page.most && end > lowest * OFFSETS; blocks *= 4n) {
    const begin = end / OFFSETS > lowest + blocks ? end / OFFSETS - blocks : lowest
    const found = await linesWithin(db, filter, { begin: begin * OFFSETS, end, most: page.most - lines.length })
    lines.push(...found.map(withoutPlace))
    end = lines.length < page.most ? begin * OFFSETS : placeOf(found.at(-1)!.place)
  }
  const isFull = lines.length === page.most
  if (end === 0n) return { lines, next: null, lookedBackTo: null }
  return { lines, next: end, lookedBackTo: isFull ? null : await timeOf(db, end / OFFSETS) }
}

interface PlacedLine extends BrowsedLine {
  readonly place: string
}

function withoutPlace({ place: _place, ...line }: PlacedLine): BrowsedLine {
  return line
}

async function linesWithin(
  db: Queryable,
  { cause, until, play }: LineFilter,
  { begin, end, most }: { begin: bigint; end: bigint; most: number },
): Promise<PlacedLine[]> {
  const values: unknown[] = [tid(begin), tid(end), play, most]
  const given = (value: unknown) => `$${values.push(value)}`
  const conditions = [
    ...(cause === null ? [] : [`and t.cause = ${given(cause)}::transfer_cause`]),
    ...(until === null ? [] : [`and t.at < ${given(until)}`]),
  ].join(' ')
  return (await db.query<PlacedLine>(NEWEST(conditions), values)).rows
}

/** Behind the newest line; or behind the lines before a moment, by halving: the times of lines rise with their places. */
async function firstPlace(db: Queryable, until: Date | null): Promise<bigint> {
  const { blocks } = (await db.query<{ blocks: bigint }>(END)).rows[0]!
  if (until === null) return blocks * OFFSETS
  let [low, high] = [0n, blocks]
  while (low < high) {
    const middle = (low + high) / 2n
    const at = await timeOf(db, middle)
    if (at !== null && at < until) low = middle + 1n
    else high = middle
  }
  const last = low + OUT_OF_TURN
  return (last < blocks ? last : blocks) * OFFSETS
}

async function timeOf(db: Queryable, block: bigint): Promise<Date | null> {
  const values = [tid(block * OFFSETS), tid((block + 1n) * OFFSETS)]
  return (await db.query<{ at: Date }>({ name: 'time of a block', text: FIRST_OF_BLOCK, values })).rows[0]?.at ?? null
}

function tid(place: bigint): string {
  return `(${place / OFFSETS},${place % OFFSETS})`
}

function placeOf(place: string): bigint {
  const [, block, offset] = /^\((\d+),(\d+)\)$/.exec(place)!
  return BigInt(block!) * OFFSETS + BigInt(offset!)
}

const OF_REFERENCE = `
  select ${COLUMNS} from books b cross join lateral (
    select * from transfers where book_id = b.id and reference = $1 and order_id is null
  ) t order by t.at desc limit 50`

/** The payments and corrections of this name, in all books. */
export async function linesOfReference(db: Queryable, reference: string): Promise<BrowsedLine[]> {
  return (await db.query<BrowsedLine>({ name: 'lines of reference', text: OF_REFERENCE, values: [reference] })).rows
}

/** A page of the lines of an account, newest first. */
export async function linesOfAccount(
  db: Queryable,
  account: number,
  { cause, until, play }: LineFilter,
  page: { readonly before: bigint | null; readonly most: number },
): Promise<BrowsedLine[]> {
  const book = (await readBooks(db, account)).find((each) => each.play === play)
  if (!book) return []
  const { last } = until === null ? await readWhole(db, book.id) : await readSpan(db, book.id, new Date(0), until)
  const span = { after: 0n, last: page.before !== null && page.before <= last ? page.before - 1n : last }
  const lines = await readLinesBefore(db, book.id, span, cause, page.most)
  return lines.map((line) => ({ ...line, bookId: book.id, account, currency: book.currency, play }))
}

const ONE = `select ${COLUMNS} from transfers t join books b on b.id = t.book_id where t.book_id = $1 and t.line = $2`

export async function findLine(db: Queryable, bookId: number, line: bigint): Promise<BrowsedLine | undefined> {
  return (await db.query<BrowsedLine>({ name: 'one line', text: ONE, values: [bookId, line] })).rows[0]
}
