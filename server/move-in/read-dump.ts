import { readDefinition, readInsertHead, type Step, skipStatement } from './dump-statements.ts'
import { readTuple } from './dump-values.ts'

/** Some rows of a table, in the order of the dump. */
export interface DumpRows {
  readonly table: string
  readonly columns: readonly string[]
  /** The text of each value, as MySQL would answer it; null: NULL. */
  readonly rows: readonly (readonly (string | null)[])[]
}

/** No row of a panel is longer: the text of one may be a list of comments. */
const LONGEST_STATEMENT_PART = 64 * 1024 * 1024

/**
 * Reads the rows of some tables from a dump of MySQL as it streams by: what is kept in memory is one piece of the file and one row. It knows what
 * mysqldump and phpMyAdmin write: INSERT and REPLACE with many rows each, with or without names of columns, comments, escapes, NULL and hex.
 */
export async function* readDump(pieces: AsyncIterable<string>, tables: ReadonlySet<string>): AsyncGenerator<DumpRows> {
  const definitions = new Map<string, readonly string[]>()
  let text = ''
  let insert: { table: string; columns: readonly string[] } | undefined
  let isFirst = true

  for await (const piece of withEnd(pieces)) {
    text += piece ?? ''
    if (isFirst && text !== '') {
      if (text.startsWith('\uFEFF')) text = text.slice(1)
      isFirst = false
    }
    const isLast = piece === null
    let at = 0
    let rows: (readonly (string | null)[])[] = []
    while (at < text.length) {
      const step: Step = insert ? readTuple(text, at) : readStatement(text, at, isLast)
      if (step.kind === 'cut') break
      at = step.end
      if (step.kind === 'row') {
        if (step.row.length !== insert!.columns.length) {
          throw new Error(`A row of ${insert!.table} has ${step.row.length} values and ${insert!.columns.length} columns.`)
        }
        if (tables.has(insert!.table)) rows.push(step.row)
      } else if (step.kind === 'table') definitions.set(step.table, step.columns)
      else if (step.kind === 'insert') {
        const columns = step.columns ?? definitions.get(step.table)
        if (!columns) throw new Error(`The dump has rows of ${step.table} before its columns: dump it with --complete-insert.`)
        insert = { table: step.table, columns }
      } else if (step.kind === 'end') {
        if (insert && rows.length > 0) yield { ...insert, rows }
        rows = []
        insert = undefined
      }
    }
    if (insert && rows.length > 0) yield { ...insert, rows }
    text = text.slice(at)
    if (isLast && (insert || text !== ''))
      throw new Error(`The dump ends in the middle of a statement${insert ? `: rows of ${insert.table}` : ''}. It was cut.`)
    if (text.length > LONGEST_STATEMENT_PART) throw new Error('One row of the dump is longer than 64 MB: this is not a dump of a panel.')
  }

  function readStatement(from: string, start: number, isLast: boolean): Step {
    return readInsertHead(from, start) ?? readDefinition(from, start) ?? skipStatement(from, start, isLast)
  }
}

/** Null behind the last piece. */
async function* withEnd(pieces: AsyncIterable<string>): AsyncGenerator<string | null> {
  yield* pieces
  yield null
}
