import { refuse } from '../refusal.ts'
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

const LONGEST_END = 500

interface Insert {
  readonly table: string
  readonly columns: readonly string[]
}

/**
 * Reads the rows of some tables from a dump of MySQL as it streams by: what is kept in memory is one piece of the file and one row. It knows what
 * mysqldump and phpMyAdmin write: INSERT and REPLACE with many rows each, with or without names of columns, comments, escapes, NULL and hex.
 */
export async function* readDump(pieces: AsyncIterable<string>, tables: ReadonlySet<string>): AsyncGenerator<DumpRows> {
  const definitions = new Map<string, readonly string[]>()
  let text = ''
  let insert: Insert | undefined
  const end = endOfDump()
  for await (const piece of withEnd(pieces)) {
    const isLast = piece === null
    text += piece ?? ''
    end.see(piece)
    let at = 0
    let rows: (readonly (string | null)[])[] = []
    while (at < text.length) {
      const step: Step = insert ? readTuple(text, at) : readStatement(text, at, isLast)
      if (step.kind === 'cut') break
      at = step.end
      if (step.kind === 'row') {
        const row = checkedRow(insert!, step.row)
        if (tables.has(insert!.table)) rows.push(row)
      } else if (step.kind === 'table') definitions.set(step.table, step.columns)
      else if (step.kind === 'insert') insert = { table: step.table, columns: step.columns ?? columnsOf(definitions, step.table) }
      else if (step.kind === 'end') {
        if (rows.length > 0) yield { ...insert!, rows }
        rows = []
        insert = undefined
      }
    }
    if (insert && rows.length > 0) yield { ...insert, rows }
    text = text.slice(at)
    if (isLast && (insert || text !== ''))
      throw refuse(
        'panel_file_unreadable',
        `The dump ends in the middle of a statement${insert ? `: rows of ${insert.table}` : ''}. It was cut.`,
      )
    if (text.length > LONGEST_STATEMENT_PART)
      throw refuse('panel_file_unreadable', 'One row of the dump is longer than 64 MB: this is not a dump of a panel.')
  }
}

/** mysqldump says at the end that it has come there: a dump that was cut between two statements looks whole otherwise. */
function endOfDump(): { see: (piece: string | null) => void } {
  let saysItself = false
  let last = ''
  let isFirst = true
  return {
    see(piece) {
      if (piece === null && saysItself && !last.includes('-- Dump completed'))
        throw refuse('panel_file_unreadable', 'The dump does not say that it was completed: it was cut.')
      if (piece === null) return
      if (isFirst) saysItself = /^(?:\/\*M![^*]*\*\/;?\s*)?-- (?:MySQL|MariaDB) dump /.test(piece)
      isFirst = false
      last = (last + piece).slice(-LONGEST_END)
    },
  }
}

/** Null behind the last piece. A byte order mark is not a part of the dump. */
async function* withEnd(pieces: AsyncIterable<string>): AsyncGenerator<string | null> {
  let isFirst = true
  for await (const piece of pieces) {
    yield isFirst && piece.startsWith('\uFEFF') ? piece.slice(1) : piece
    isFirst = false
  }
  yield null
}

function readStatement(text: string, start: number, isLast: boolean): Step {
  return readInsertHead(text, start) ?? readDefinition(text, start) ?? skipStatement(text, start, isLast)
}

function checkedRow({ table, columns }: Insert, row: readonly (string | null)[]): readonly (string | null)[] {
  if (row.length === columns.length) return row
  throw refuse('panel_file_unreadable', `A row of ${table} has ${row.length} values and ${columns.length} columns.`)
}

function columnsOf(definitions: ReadonlyMap<string, readonly string[]>, table: string): readonly string[] {
  const columns = definitions.get(table)
  if (columns) return columns
  throw refuse('panel_file_unreadable', `The dump has rows of ${table} before its columns: dump it with --complete-insert.`)
}
