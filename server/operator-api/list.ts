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
  read(db: Database, filters: Readonly<Record<string, number | undefined>>, page: Page): Promise<Rows>
}

export interface Page {
  /** The `next` of the page before; null: the first page. */
  readonly cursor: bigint | null
  readonly most: number
}

export interface Rows {
  readonly rows: readonly object[]
  /** The cursor of the next page; null: there is none. */
  readonly next: bigint | null
}
