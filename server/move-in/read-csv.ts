import { refuse } from '../refusal.ts'
const SEPARATORS = [',', ';', '\t'] as const
const LONGEST_RECORD = 16 * 1024 * 1024

/** Records of a CSV file by the names of its first line, as it streams by. Names are compared without case, spaces and underscores. */
export async function* readCsvRows(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<ReadonlyMap<string, string>[]> {
  let text = ''
  let names: readonly string[] | undefined
  let separator = ','
  for await (const piece of withEnd(pieces)) {
    text += piece ?? '\n'
    if (!names) {
      const end = text.indexOf('\n')
      if (end === -1) continue
      const head = text.slice(0, end).replace(/^\uFEFF/, '')
      separator = separatorOf(head)
      names = readRecord(`${head}\n`, 0, separator)!.cells.map(bareName)
      text = text.slice(end + 1)
    }
    const rows: ReadonlyMap<string, string>[] = []
    let at = 0
    while (at < text.length) {
      const record = readRecord(text, at, separator)
      if (!record) break
      at = record.end
      if (record.cells.length > 1 || record.cells[0]!.trim() !== '') {
        const { cells } = record
        rows.push(new Map(names.map((name, index) => [name, cells[index] ?? ''])))
      }
    }
    if (rows.length > 0) yield rows
    text = text.slice(at)
    if (text.length > LONGEST_RECORD)
      throw refuse('panel_file_unreadable', 'A line of the CSV file opens a quotation mark that never closes.')
  }
  if (text.trim() !== '') throw refuse('panel_file_unreadable', 'The CSV file ends within a quotation mark.')
}

/** `Order ID`, `order_id` and `orderId` are one name. */
export function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

async function* withEnd(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string | null> {
  yield* pieces
  yield null
}

/** The one that the first line has most of. */
function separatorOf(head: string): string {
  const counted = SEPARATORS.map((separator) => [separator, head.split(separator).length] as const)
  return counted.reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}

/** A record with its line break; undefined: the text ends before it does. */
function readRecord(text: string, start: number, separator: string): { cells: string[]; end: number } | undefined {
  const cells: string[] = []
  let at = start
  for (;;) {
    const cell = text[at] === '"' ? quoted(text, at) : plain(text, at, separator)
    if (!cell) return undefined
    cells.push(cell.text)
    at = cell.end
    if (text[at] === '\r') at += 1
    if (at >= text.length) return undefined
    if (text[at] === '\n') return { cells, end: at + 1 }
    // What stands behind a closing quotation mark is left out.
    while (text[at] !== separator) {
      if (at >= text.length) return undefined
      if (text[at] === '\n') return { cells, end: at + 1 }
      at += 1
    }
    at += 1
  }
}

function plain(text: string, start: number, separator: string): { text: string; end: number } | undefined {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end += 1
  if (end >= text.length) return undefined
  const cell = text.slice(start, end)
  return cell.endsWith('\r') ? { text: cell.slice(0, -1), end } : { text: cell, end }
}

function quoted(text: string, start: number): { text: string; end: number } | undefined {
  let cell = ''
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from)
    if (quote === -1 || quote + 1 >= text.length) return undefined
    cell += text.slice(from, quote)
    if (text[quote + 1] !== '"') return { text: cell, end: quote + 1 }
    cell += '"'
    from = quote + 2
  }
}
