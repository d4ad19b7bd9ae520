import { z } from 'zod'
import type { Config } from '../config.ts'
import type { LongReads } from '../db/long-reads.ts'
import type { Database } from '../db/pool.ts'
import type { Permission } from '../staff/roles.ts'

/** A list that staff read, a page at a time. No list counts its rows. */
export interface List {
  /** Its place below /operator/v1/. */
  readonly name: string
  readonly does: string
  readonly permission: Permission
  /** Texts of the address. */
  readonly filters: z.ZodObject
  /** The columns of a row: `columns.ts` has the usual ones. */
  readonly row: z.ZodObject
  read(db: Database, filters: Readonly<Record<string, number | undefined>>, page: Page): Promise<Rows>
}

export interface Page {
  /** The `next` of the page before; null: the first page. */
  readonly cursor: bigint | null
  readonly most: number
  readonly now: Date
  /** What the caller may do. */
  readonly may: ReadonlySet<Permission>
  /** What the environment says. */
  readonly config: Config
  readonly longReads: LongReads
}

export interface Rows {
  readonly rows: readonly object[]
  /** The cursor of the next page; null: there is none. */
  readonly next: bigint | null
}

export const number = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
/** The cursor behind these rows, of which at most so many were asked for. */
export function nextOf<Row>(rows: readonly Row[], most: number, idOf: (row: Row) => number | bigint): bigint | null {
  return rows.length < most ? null : BigInt(idOf(rows.at(-1)!))
}

/** A list with the types of its own filters and rows. */
export function list<Filters extends z.ZodObject, Row extends z.ZodObject>(
  declared: Omit<List, 'filters' | 'row' | 'read'> & {
    readonly filters: Filters
    readonly row: Row
    read(
      db: Database,
      filters: z.output<Filters>,
      page: Page,
    ): Promise<{ readonly rows: readonly z.output<Row>[]; readonly next: bigint | null }>
  },
): List {
  return declared as unknown as List
}

/** For lists that nothing narrows. */
export const NO_FILTER = z.object({})

/** A page of rows that stand in the order of their ids. */
export function pageOf<Row, Shown extends object>(
  page: Page,
  all: readonly Row[],
  idOf: (row: Row) => number,
  shown: (row: Row) => Shown,
): { readonly rows: readonly Shown[]; readonly next: bigint | null } {
  const after = Number(page.cursor ?? 0n)
  const rows = all.filter((row) => idOf(row) > after).slice(0, page.most)
  const last = rows.at(-1)
  const isLast = last === undefined || idOf(last) === idOf(all.at(-1)!)
  return { rows: rows.map(shown), next: isLast ? null : BigInt(idOf(last)) }
}
