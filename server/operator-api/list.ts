import type { z } from 'zod'
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
  read(db: Database, filters: Filters, page: Page): Promise<Rows>
}

/** Filters as their schemas have read them: most are numbers; a list whose filters are texts reads them itself. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Filters = Readonly<Record<string, any>>

export interface Page {
  /** The `next` of the page before; null: the first page. */
  readonly cursor: bigint | null
  readonly most: number
  readonly now: Date
  /** What the caller may do. */
  readonly may: ReadonlySet<Permission>
}

export interface Rows {
  readonly rows: readonly object[]
  /** The cursor of the next page; null: there is none. */
  readonly next: bigint | null
}
