import { trimmedEnd } from '../text.ts'
import { orderParameters } from '../../contract/actions/add.ts'
import type { LineRefusal } from '../orders/mass-orders.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { UncheckedParameters } from './call.ts'
import { type CsvRecord, readCsv } from './csv.ts'
import { trimmed } from './invisible.ts'

export const MOST_LINES = 5000
/** Columns beyond these are not read: a row with text in them is refused. */
const MOST_COLUMNS = 100
/** Counted in UTF-8. */
export const MOST_BYTES = 1_000_000

/** A row as it was typed, with its parameters, or with the reason why it has none. */
export interface ReadLine {
  readonly number: number
  readonly source: string
  readonly parameters: UncheckedParameters | undefined
  readonly refusal: LineRefusal | undefined
}

export interface ReadList {
  /** The header row with the names of the columns, as typed; null when the columns are in the usual order. */
  readonly heading: string | null
  readonly lines: readonly ReadLine[]
}

const SEPARATORS = ['|', '\t', ';', ',']
/** The columns of a list without a header row. */
const USUAL = ['service', 'link', 'quantity', 'runs', 'interval']
const COLUMNS = new Set(orderParameters.filter((name) => name !== 'max_charge'))

/**
 * Reads a list of orders: one `service|link|quantity` per text line, or a table whose header row has the API's names of parameters. The separator is
 * detected. Throws a Refusal for an empty list, and for a list that is too long.
 */
export function readMassOrderText(typed: string): ReadList {
  if (Buffer.byteLength(typed) > MOST_BYTES) throw tooLong()
  const { text, skipped, separator } = withoutPreamble(typed.replace(/^\uFEFF/, '').replaceAll('\0', '').replaceAll(/\r\n?/g, '\n')) // prettier-ignore
  const records = readCsv(text, separator ?? separatorOf(text))
  const named = columnsOf(records[0])
  const heading = named.includes('service') ? records.shift()! : null
  if (records.length === 0) throw refuse('list_empty')
  if (records.length > MOST_LINES) throw tooLong()
  const columns = heading ? named : USUAL
  const isBroken = (cells: readonly string[]) => heading === null && isBrokenNumber(cells, separator ?? separatorOf(text))
  const lines = records.map((record) => readLine(record, heading ? columns : orderOf(record), skipped, isBroken))
  return { heading: heading?.source ?? null, lines }
}

const QUANTITY_FIRST = ['service', 'quantity', 'link', 'runs', 'interval']

/** `ID|quantity|link` is as common elsewhere, and can be recognised: digits, and an address behind them. */
function orderOf({ cells }: CsvRecord): readonly string[] {
  const [second = '', third = ''] = [cells[1]?.trim(), cells[2]?.trim()]
  return /^\d+$/.test(second) && /[./]/.test(third) && !/^[\d.]+$/.test(third) ? QUANTITY_FIRST : USUAL
}

/** The orders of columns in which rows without a header were read, each once, like `service | quantity | link`. */
export function columnOrders(sources: readonly string[]): readonly string[] {
  const read = sources.flatMap((source) => readCsv(source, separatorOf(source)).slice(0, 1))
  return [...new Set(read.map((record) => orderOf(record).slice(0, Math.max(3, record.cells.length)).join(' | ')))]
}

/**
 * `1,link,1,000`: a comma between thousands, where a comma also separates the columns. It may mean 1 in 0 runs or 1000, so the row is refused:
 * nobody's money is spent on a guess.
 */
function isBrokenNumber(cells: readonly string[], separator: string): boolean {
  const figures = cells.slice(2).map((cell) => cell.trim())
  const [first = '', ...thousands] = figures.at(-1) === '' ? figures.slice(0, -1) : figures
  return separator === ',' && /^[1-9]\d{0,2}$/.test(first) && thousands.length > 0 && thousands.every((cell) => /^\d{3}$/.test(cell))
}

/** The columns of a table that orders do not use. */
export function unusedColumns(heading: string): readonly string[] {
  const [record] = readCsv(heading, separatorOf(heading))
  return columnsOf(record).filter((name) => name !== '' && !COLUMNS.has(name) && !OF_RESULTS.has(name))
}

/** Further columns of a result file, which may be corrected and sent again. */
const OF_RESULTS = new Set(['line', 'charge', 'currency', 'order', 'error'])

function tooLong(): Refusal {
  return refuse('list_too_long', MOST_LINES, MOST_BYTES)
}

/** Spreadsheets name the separator on the first text line: `sep=;`. */
function withoutPreamble(text: string): { text: string; skipped: number; separator: string | undefined } {
  const [line, separator] = /^sep=(.)\n/i.exec(text) ?? []
  return line === undefined ? { text, skipped: 0, separator } : { text: text.slice(line.length), skipped: 1, separator }
}

/** The separator behind the first service's number or in the header row; otherwise the one that occurs most often. */
function separatorOf(text: string): string {
  const first = /^\s*([^\n]*)/.exec(text)![1]!
  const behindNumber = /^"?\d+"?\s*([|\t;,])/.exec(first)?.[1]
  if (behindNumber !== undefined) return behindNumber
  const times = (separator: string) => first.split(separator).length
  return SEPARATORS.toSorted((a, b) => times(b) - times(a))[0]!
}

function columnsOf(record: CsvRecord | undefined): string[] {
  return (record?.cells ?? []).slice(0, MOST_COLUMNS).map((cell) => cell.trim().toLowerCase())
}

function readLine(
  { line, source, cells, isClosed }: CsvRecord,
  columns: readonly string[],
  skipped: number,
  isBroken: (cells: readonly string[]) => boolean,
): ReadLine {
  const number = line + skipped
  const refused = ({ code, message }: Refusal): ReadLine => ({ number, source, parameters: undefined, refusal: { code, text: message } })
  if (!isClosed) return refused(refuse('open_quote'))
  if (isBroken(cells)) {
    const number = trimmedEnd(cells.slice(2).join(',').replaceAll(/\s/g, ''), ',')
    return refused(refuse('separated_number', number))
  }
  const isBeyond = cells.slice(columns.length).some((cell) => cell.trim() !== '')
  if (isBeyond || cells.length < 2) return refused(refuse('columns'))
  const given = new Map(columns.map((name, at) => [name, wordOf(cells[at] ?? '')] as const).filter(([, text]) => text !== ''))
  if (/^0+$/.test(given.get('runs') ?? '')) return refused(refuse('zero_runs'))
  const order = given.get('order')
  if (order !== undefined) return refused(refuse('has_order', order))
  const parameters = Object.fromEntries([...given].filter(([name]) => COLUMNS.has(name)))
  return { number, source, parameters, refusal: undefined }
}

/** The value as the API reads it, without the mark that keeps spreadsheets from reading it as a formula. */
function wordOf(cell: string): string {
  const text = trimmed(cell).toWellFormed()
  return text === 'undefined' || text === 'null' ? '' : text.replace(/^'(?=['=+\-@])/, '')
}
