import { createHash } from 'node:crypto'
import type { Database, Queryable } from '../db/pool.ts'
import { markSums } from './sums.ts'

/** A line of a book as it is hashed, shown and audited. Amounts are units of 10⁻⁵ as digits. */
export interface Line {
  readonly line: bigint
  readonly cause: string
  readonly takenFrom: string
  readonly givenTo: string
  readonly amount: bigint
  readonly walletAfter: bigint
  readonly orderId: bigint | null
  readonly reference: string | null
  readonly note: string | null
  /** ISO 8601 in UTC with microseconds. */
  readonly at: string
}

export const LINE_COLUMNS = `line, cause, taken_from as "takenFrom", given_to as "givenTo", amount, wallet_after as "walletAfter",
  order_id as "orderId", reference, note, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`
const LINES = `select ${LINE_COLUMNS} from transfers where book_id = $1 and line > $2 order by line limit $3`

const MOST_BETWEEN_SEALS = 256

/** The hash before a book's first line. */
export function genesis(bookId: number, currency: string): string {
  return createHash('sha256').update(`docket book ${bookId} ${currency}`).digest('hex')
}

/** A line as it is hashed: a JSON array of texts (docs/statement.md). */
export function preimage(line: Line): string {
  return JSON.stringify([
    String(line.line),
    line.cause,
    line.takenFrom,
    line.givenTo,
    String(line.amount),
    String(line.walletAfter),
    String(line.orderId ?? ''),
    line.reference ?? '',
    line.note ?? '',
    line.at,
  ])
}

/** SHA-256 of the hash before and the line: anyone with the statement can compute it. */
export function chain(before: string, line: Line): string {
  return createHash('sha256').update(before).update(preimage(line)).digest('hex')
}

export async function readLines(db: Queryable, bookId: number, after: bigint, most: number): Promise<Line[]> {
  const { rows } = await db.query<Line>({ name: 'lines', text: LINES, values: [bookId, after, most] })
  return rows
}

/** A book as its first hash names it. */
export interface Book {
  readonly id: number
  readonly currency: string
}

export interface HashedLine extends Line {
  readonly hash: string
}

/** Lines that follow one another, oldest first, each with its hash; `previous` is the hash before the first. */
export function chained(previous: string, lines: readonly Line[]): HashedLine[] {
  let hash = previous
  return lines.map((line) => ({ ...line, hash: (hash = chain(hash, line)) }))
}

const SEAL_BEFORE = 'select line, hash from seals where book_id = $1 and line <= $2 order by line desc limit 1'

/** The hash of a line: from the newest seal at or before it, carried on over at most a few hundred lines. */
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

/** The hashes of a few lines, by their numbers. */
export async function readHashes(db: Queryable, book: Book, lines: readonly bigint[]): Promise<ReadonlyMap<bigint, string>> {
  return new Map(await Promise.all(lines.map(async (line) => [line, await hashAt(db, book, line)] as const)))
}

async function newestSeal(db: Queryable, book: Book, line: bigint): Promise<{ at: bigint; hash: string }> {
  const { rows } = await db.query<{ line: bigint; hash: Buffer }>({ name: 'seal before', text: SEAL_BEFORE, values: [book.id, line] })
  return { at: rows[0]?.line ?? 0n, hash: rows[0]?.hash.toString('hex') ?? genesis(book.id, book.currency) }
}

/** The newest seal of a book: whatever changes at or before its line is found out. */
export interface Seal {
  readonly line: bigint
  readonly hash: string
  readonly at: Date
}

const NEWEST_SEAL = `select line, encode(hash, 'hex') as hash, sealed_at as at from seals where book_id = $1 order by line desc limit 1`

export async function readNewestSeal(db: Queryable, bookId: number): Promise<Seal | undefined> {
  return (await db.query<Seal>({ name: 'newest seal', text: NEWEST_SEAL, values: [bookId] })).rows[0]
}

const BOOKS = 'select id, currency, lines from books where lines > 0'
const ADD_SEAL = 'insert into seals (book_id, line, hash) values ($1, $2, $3) on conflict (book_id, line) do nothing'

export interface Sealing {
  /** Seals every line that was committed before the call. Answers how many seals it set. */
  seal(): Promise<number>
}

/** Seals what books have grown by, and notes its sums, just behind the commits. Any node may do it, also two at once: the hash of a
 * line is a pure function of the lines before it. */
export function openSealing(db: Database): Sealing {
  const sealed = new Map<number, bigint>()
  return {
    async seal() {
      const { rows: books } = await db.query<Book & { lines: bigint }>({ name: 'books', text: BOOKS })
      let set = 0
      for (const book of books) {
        if (sealed.get(book.id) === book.lines) continue
        set += await sealBook(db, book)
        await markSums(db, book.id, book.lines)
        sealed.set(book.id, book.lines)
      }
      return set
    },
  }
}

async function sealBook(db: Database, book: Book & { lines: bigint }): Promise<number> {
  let { at, hash } = await newestSeal(db, book, book.lines)
  let set = 0
  while (at < book.lines) {
    const lines = await readLines(db, book.id, at, MOST_BETWEEN_SEALS)
    if (lines.length === 0) break
    for (const line of lines) hash = chain(hash, line)
    at = lines.at(-1)!.line
    await db.query({ name: 'add seal', text: ADD_SEAL, values: [book.id, at, Buffer.from(hash, 'hex')] })
    set += 1
  }
  return set
}
