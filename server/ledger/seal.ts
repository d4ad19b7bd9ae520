import { createHash } from 'node:crypto'
import { setImmediate as othersFirst } from 'node:timers/promises'
import { BEGIN_BY_INDEX, type Database, type Queryable, transaction } from '../db/pool.ts'
import { markSums } from './sums.ts'

/** A line of a book as it is hashed, shown and audited. Amounts are digits in units of 10⁻⁵. */
export interface Line {
  readonly line: bigint
  readonly cause: string
  readonly takenFrom: string
  readonly givenTo: string
  readonly amount: bigint
  readonly walletAfter: bigint
  /** Of the lines that changed it: what is owed afterwards, zero or below; null on all others. */
  readonly owedAfter: bigint | null
  readonly orderId: bigint | null
  readonly reference: string | null
  readonly note: string | null
  /** ISO 8601 in UTC with microseconds. */
  readonly at: string
}

export const LINE_COLUMNS = `line, cause, taken_from as "takenFrom", given_to as "givenTo", amount, wallet_after as "walletAfter", owed_after as "owedAfter",
  order_id as "orderId", reference, note, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`
const LINES = `select ${LINE_COLUMNS} from transfers where book_id = $1 and line > $2 order by line limit $3`

const MOST_BETWEEN_SEALS = 256

/** The hash before a book's first line. */
export function genesis(bookId: number, currency: string): string {
  return createHash('sha256').update(`docket book ${bookId} ${currency}`).digest('hex')
}

/**
 * The text of a line that is hashed: a JSON array of texts (docs/statement.md). There are two versions, which nobody can take for each other: lines
 * that change what is owed have it after the balance, and `v2` before everything.
 */
export function preimage(line: Line): string {
  const movement = [String(line.line), line.cause, line.takenFrom, line.givenTo, String(line.amount), String(line.walletAfter)]
  const about = [String(line.orderId ?? ''), line.reference ?? '', line.note ?? '', line.at]
  if (line.owedAfter === null) return JSON.stringify([...movement, ...about])
  return JSON.stringify(['v2', ...movement, String(line.owedAfter), ...about])
}

/** SHA-256 of the previous hash and the line: anyone who has the statement can compute it. */
export function chain(before: string, line: Line): string {
  return createHash('sha256').update(before).update(preimage(line)).digest('hex')
}

export async function readLines(db: Queryable, bookId: number, after: bigint, most: number): Promise<Line[]> {
  const { rows } = await db.query<Line>({ name: 'lines', text: LINES, values: [bookId, after, most] })
  return rows
}

/** The fields of a book that its first hash contains. */
export interface Book {
  readonly id: number
  readonly currency: string
}

export interface HashedLine extends Line {
  readonly hash: string
}

/** Gives consecutive lines, oldest first, their hashes; `previous` is the hash before the first. */
export function chained(previous: string, lines: readonly Line[]): HashedLine[] {
  let hash = previous
  return lines.map((line) => ({ ...line, hash: (hash = chain(hash, line)) }))
}

const SEAL_BEFORE = 'select line, hash from seals where book_id = $1 and line <= $2 order by line desc limit 1'

/** The hash of a line: starts from the newest seal at or before it, and goes on over at most a few hundred lines. */
export async function hashAt(db: Queryable, book: Book, line: bigint): Promise<string> {
  let { at, hash } = await newestSeal(db, book, line)
  while (at < line) {
    const lines = await readLines(db, book.id, at, Math.min(Number(line - at), 1000))
    if (lines.length === 0) break
    for (const next of lines) hash = chain(hash, next)
    at = lines.at(-1)!.line
  }
  return hash
}

/** The hashes of a few lines, by line number. */
export async function readHashes(db: Queryable, book: Book, lines: readonly bigint[]): Promise<ReadonlyMap<bigint, string>> {
  return new Map(await Promise.all(lines.map(async (line) => [line, await hashAt(db, book, line)] as const)))
}

async function newestSeal(db: Queryable, book: Book, line: bigint): Promise<{ at: bigint; hash: string }> {
  const { rows } = await db.query<{ line: bigint; hash: Buffer }>({ name: 'seal before', text: SEAL_BEFORE, values: [book.id, line] })
  return { at: rows[0]?.line ?? 0n, hash: rows[0]?.hash.toString('hex') ?? genesis(book.id, book.currency) }
}

/** A line and its hash. */
interface Sealed {
  readonly line: bigint
  readonly hash: string
}

/** The newest seal of a book: a change of any line up to it will be found. */
export interface Seal extends Sealed {
  readonly at: Date
}

const NEWEST_SEAL = `select line, encode(hash, 'hex') as hash, sealed_at as at from seals where book_id = $1 order by line desc limit 1`

export async function readNewestSeal(db: Queryable, bookId: number): Promise<Seal | undefined> {
  return (await db.query<Seal>({ name: 'newest seal', text: NEWEST_SEAL, values: [bookId] })).rows[0]
}

const BOOKS = 'select id, currency, lines from books where lines > 0 order by id'
const NEWEST_SEALS = `
  select b.book as "bookId", s.line, s.hash from unnest($1::int[]) as b(book)
  cross join lateral (select line, hash from seals where book_id = b.book order by line desc limit 1) s`
const NEXT_LINES = `
  select b.book as "bookId", l.* from unnest($1::int[], $2::bigint[]) as b(book, after)
  cross join lateral (select ${LINE_COLUMNS} from transfers where book_id = b.book and line > b.after order by line limit $3) l
  order by 1, 2`
const ADD_SEALS = `
  insert into seals (book_id, line, hash) select * from unnest($1::int[], $2::bigint[], $3::bytea[])
  on conflict (book_id, line) do nothing`

/** The number of books that are read and sealed together, in one commit. */
const MOST_BOOKS = 50

export interface Sealing {
  /** Seals every line that was committed before the call. Answers how many seals it set. */
  seal(): Promise<number>
}

interface GrownBook extends Book {
  readonly lines: bigint
}

/**
 * Seals the new lines of books soon after they are committed, and notes their sums. Any node may do it, also two at once: the hash of a line is a
 * pure function of the lines before it.
 */
export function openSealing(db: Database): Sealing {
  const sealed = new Map<number, bigint>()
  return {
    async seal() {
      const { rows } = await db.query<GrownBook>({ name: 'books', text: BOOKS })
      const grown = rows.filter((book) => sealed.get(book.id) !== book.lines)
      let set = 0
      for (let at = 0; at < grown.length; at += MOST_BOOKS) {
        const books = grown.slice(at, at + MOST_BOOKS)
        set += await sealBooks(db, books)
        for (const { id, lines } of books) {
          await markSums(db, id, lines, sealed.get(id))
          sealed.set(id, lines)
        }
      }
      return set
    },
  }
}

async function sealBooks(db: Database, books: readonly GrownBook[]): Promise<number> {
  let set = 0
  for (let behind = books; behind.length > 0;) {
    const seals = await transaction(db, (tx) => addSeals(tx, behind), BEGIN_BY_INDEX)
    set += seals.size
    behind = behind.filter(({ id, lines }) => (seals.get(id)?.line ?? lines) < lines)
  }
  return set
}

/** Adds the next seal of each book that has grown. */
async function addSeals(db: Queryable, books: readonly GrownBook[]): Promise<ReadonlyMap<number, Sealed>> {
  const seals = await nextSeals(db, await readNewestSeals(db, books))
  const all = [...seals.values()]
  const values = [[...seals.keys()], all.map(({ line }) => line), all.map(({ hash }) => Buffer.from(hash, 'hex'))]
  if (seals.size > 0) await db.query({ name: 'add seals', text: ADD_SEALS, values })
  return seals
}

/** The newest seal of each book; for a book without one, the hash before its first line. */
async function readNewestSeals(db: Queryable, books: readonly GrownBook[]): Promise<Map<number, Sealed>> {
  const seals = new Map(books.map(({ id, currency }) => [id, { line: 0n, hash: genesis(id, currency) }]))
  const { rows } = await db.query<{ bookId: number; line: bigint; hash: Buffer }>({
    name: 'newest seals',
    text: NEWEST_SEALS,
    values: [[...seals.keys()]],
  })
  for (const { bookId, line, hash } of rows) seals.set(bookId, { line, hash: hash.toString('hex') })
  return seals
}

/** The hash of the last of the next few lines, for each book that has any. */
async function nextSeals(db: Queryable, newest: ReadonlyMap<number, Sealed>): Promise<Map<number, Sealed>> {
  const values = [[...newest.keys()], [...newest.values()].map(({ line }) => line), MOST_BETWEEN_SEALS]
  const { rows } = await db.query<Line & { bookId: number }>({ name: 'next lines', text: NEXT_LINES, values })
  const next = new Map<number, Sealed>()
  for (const line of rows) {
    // Other requests of this node may run between two books.
    if (!next.has(line.bookId)) await othersFirst()
    const { hash } = next.get(line.bookId) ?? newest.get(line.bookId)!
    next.set(line.bookId, { line: line.line, hash: chain(hash, line) })
  }
  return next
}
