import { z } from 'zod'
import type { Config } from '../config.ts'
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

/** A list with the types of its own filters. */
export function list<Filters extends z.ZodObject>(
  declared: Omit<List, 'filters' | 'read'> & {
    readonly filters: Filters
    read(db: Database, filters: z.output<Filters>, page: Page): Promise<Rows>
  },
): List {
  return declared as unknown as List
}
