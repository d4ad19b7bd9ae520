import type { Queryable } from '../../../db/pool.ts'
import { formatUnits } from '../../../ledger/money.ts'
import { type Book, chained, hashAt, type HashedLine, readLines } from '../../../ledger/seal.ts'
import { readSummary, type Span, walletChange } from '../../../ledger/statement.ts'
import { BYTE_ORDER_MARK, csvRow, plainText } from '../../csv.ts'

const LINES_PER_READ = 2000
const COLUMNS = [
  'line',
  'time',
  'cause',
  'order',
  'amount',
  'balance',
  'currency',
  'reference',
  'note',
  'hash',
  'from',
  'to',
  'moved',
  'owed',
]

/** The lines of a statement, oldest first, with all that proves them (docs/statement.md). Rows are written while lines are read, so a statement
 * may have any length. The first row is the opening balance. */
export async function* statementCsv(db: Queryable, book: Book, span: Span): AsyncGenerator<string> {
  const { opening } = await readSummary(db, book.id, { after: span.after, last: span.after })
  let hash = await hashAt(db, book, span.after)
  yield BYTE_ORDER_MARK + csvRow(COLUMNS)
  yield csvRow([String(span.after), '', 'opening', '', '', formatUnits(opening), book.currency, '', '', hash, '', '', '', ''])
  for (let after = span.after; after < span.last;) {
    const most = Math.min(LINES_PER_READ, Number(span.last - after))
    const lines = chained(hash, await readLines(db, book.id, after, most))
    yield lines.map((line) => csvRow(cells(line, book.currency))).join('')
    ;({ line: after, hash } = lines.at(-1)!)
  }
}

function cells(line: HashedLine, currency: string): string[] {
  const { at, cause, orderId, walletAfter, reference, note, hash, takenFrom, givenTo, owedAfter } = line
  const figures = [formatUnits(walletChange(line)), formatUnits(walletAfter)]
  const beside = [takenFrom, givenTo, formatUnits(line.amount), owedAfter === null ? '' : formatUnits(owedAfter)]
  return [String(line.line), at, cause, String(orderId ?? ''), ...figures, currency, plainText(reference), plainText(note), hash, ...beside]
}
