import type { DeskContext } from './desk.ts'
import { numberOf } from './wording-numbers.ts'

/** A page of a list, the newest first. */
export interface Newest<Row> {
  readonly rows: readonly Row[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

const MOST = 50

/** The page that the address asks for: `?before=` is the last row of the page before. */
export async function newestOf<Row>(
  { query }: DeskContext,
  list: (page: { readonly before: number | null; readonly most: number }) => Promise<readonly Row[]>,
): Promise<Newest<Row>> {
  const before = numberOf(query.get('before'))
  const found = await list({ before, most: MOST + 1 })
  return { rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: before === null }
}
