import type { Kind, Raw } from './panel.ts'

/** A row of a dump or a file by the names of its columns. */
export type Row = ReadonlyMap<string, string | null>

/** How a family of panels keeps one kind of thing. */
export interface Mapping {
  readonly table: string
  /** `look` finds what other tables said before, like the name of a category. */
  readonly raw: (row: Row, look: Look) => Raw
}

export interface Look {
  /** The row of a table that has this id. */
  row(table: string, id: string | null | undefined): Row | undefined
}

/** A script whose MySQL dump we know. */
export interface Family {
  readonly name: string
  /** Tables that only name things for others, by the column of their id. */
  readonly lookedUp: Readonly<Record<string, string>>
  readonly kinds: Readonly<Record<Kind, Mapping>>
  readonly linkLimit: number | null
}

/** Takes columns as fields: `{ id: 'client_id' }`. */
export function fields(row: Row, names: Readonly<Record<string, string>>): Raw {
  return Object.fromEntries(Object.entries(names).map(([field, column]) => [field, row.get(column)]))
}
