import { createHash } from 'node:crypto'
import { exits, Failure } from '../failures.ts'
import type { CsvRecord } from './csv.ts'
import { type OrderFile, recordsOf } from './file.ts'
import { type Columns, columnsOf } from './lines.ts'

/** A file of orders that was read once. */
export interface Batch {
  readonly file: OrderFile
  /** What its user calls it, to order the same file once more. */
  readonly name: string
  readonly columns: Columns
  /** Of the content, to the byte. */
  readonly sha256: string
  readonly lines: number
}

export async function readBatch(file: OrderFile, name: string): Promise<Batch> {
  const hash = createHash('sha256')
  let columns: Columns | undefined
  let lines = 0
  for await (const { cells } of recordsOf(file, hash)) {
    if (columns) lines += 1
    else columns = columnsOf(file.name, cells)
  }
  if (!columns || lines === 0) throw new Failure(exits.usage, 'incorrect_csv', `${file.name} has no orders in it`)
  return { file, name, columns, sha256: hash.digest('hex'), lines }
}

/** The lines of a batch with their numbers among them, from 0. The header is none. */
export async function* linesOf({ file }: Batch): AsyncGenerator<CsvRecord & { readonly number: number }, void, undefined> {
  let number = -1
  for await (const record of recordsOf(file)) {
    if (number >= 0) yield { ...record, number }
    number += 1
  }
}

/** The name of a line's order for the panel: the same content in a batch of the same name never orders a line twice. */
export function retryKeyOf({ sha256, name }: Batch, line: number): string {
  const named = name === '' ? sha256 : createHash('sha256').update(`${name}\0${sha256}`).digest('hex')
  return `mass-${named.slice(0, 40)}-${line}`
}
