import type { Queryable } from '../db/pool.ts'
import { type Line, LINE_COLUMNS } from './seal.ts'

const LINES_BEFORE = `select ${LINE_COLUMNS} from transfers where book_id = $1 and ($2::bigint is null or line < $2) order by line desc limit $3`

/** Lines of a book, newest first. Null: from the newest. */
export async function readLinesBefore(db: Queryable, bookId: number, before: bigint | null, most: number): Promise<Line[]> {
  return (await db.query<Line>({ name: 'lines before', text: LINES_BEFORE, values: [bookId, before, most] })).rows
}

/** What a line did to the wallet. */
export function walletChange(line: Pick<Line, 'givenTo' | 'amount'>): bigint {
  return line.givenTo === 'wallet' ? line.amount : -line.amount
}
