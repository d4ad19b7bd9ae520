/** A record of a CSV text: its cells, and its place in the text. */
export interface CsvRecord {
  /** The text line on which it begins, from 1. */
  readonly line: number
  /** As typed, without its last line break. */
  readonly source: string
  readonly cells: readonly string[]
  /** False: a quotation mark is opened and never closed, so this record holds the whole rest of the text. */
  readonly isClosed: boolean
}

interface Cell {
  readonly text: string
  readonly end: number
  readonly isClosed: boolean
}

/** Reads RFC 4180 with any separator: a cell in double quotes may hold separators, line breaks and doubled quotes. Line breaks are `\n`.
 * Empty lines are left out. */
export function readCsv(text: string, separator: string): CsvRecord[] {
  const records: CsvRecord[] = []
  for (let at = 0, line = 1; at < text.length;) {
    const { cells, end, isClosed } = readRecord(text, at, separator)
    const source = text.slice(at, end)
    if (source.trim() !== '') records.push({ line, source, cells, isClosed })
    line += source.split('\n').length
    at = end + 1
  }
  return records
}

function readRecord(text: string, start: number, separator: string): { cells: string[]; end: number; isClosed: boolean } {
  const cells: string[] = []
  for (let at = start; ; at += 1) {
    const cell = readCell(text, at, separator)
    cells.push(cell.text)
    at = cell.end
    if (text[at] !== separator) return { cells, end: at, isClosed: cell.isClosed }
  }
}

function readCell(text: string, start: number, separator: string): Cell {
  let quote = start
  while (text[quote] === ' ') quote += 1
  return text[quote] === '"' ? readQuoted(text, quote + 1, separator) : readPlain(text, start, separator)
}

function readPlain(text: string, start: number, separator: string): Cell {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end += 1
  return { text: text.slice(start, end), end, isClosed: true }
}

function readQuoted(text: string, start: number, separator: string): Cell {
  let read = ''
  for (let from = start; ;) {
    const quote = text.indexOf('"', from)
    if (quote === -1) return { text: read + text.slice(from), end: text.length, isClosed: false }
    read += text.slice(from, quote)
    if (text[quote + 1] !== '"') {
      const rest = readPlain(text, quote + 1, separator)
      return { text: read + rest.text.trimEnd(), end: rest.end, isClosed: true }
    }
    read += '"'
    from = quote + 2
  }
}
