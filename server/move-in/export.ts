import { createHash } from 'node:crypto'
import { mkdir, open, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LineTable, lineTables, readAsLines } from '../db/backup-as-lines.ts'
import { type Database, type Transaction, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { type Exported, exported } from './exported.ts'
import { fieldWords } from './field-words.ts'

/** The first file of an export: what the others are. */
export interface AboutExport {
  readonly format: 'docket export 1'
  readonly made_at: string
  readonly kinds: readonly ExportedKind[]
}

export interface ExportedKind {
  readonly kind: string
  readonly file: string
  readonly about: string
  readonly rows: number
  readonly sha256: string
  readonly fields: readonly { readonly name: string; readonly type: string; readonly about: string }[]
  /** What stays behind, and why. */
  readonly without: Readonly<Record<string, string>>
}

export const ABOUT = 'about.json'

/** Writes everything that belongs to customers and their money as lines of JSON, as of one moment, while orders go on. */
export async function exportTo(
  db: Database,
  directory: string,
  now: Date,
  onProgress: (kind: string, rows: number) => void | Promise<void>,
): Promise<AboutExport> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if ((await readdir(directory)).length > 0) throw refuse('directory_not_empty', directory)
  const kinds = await transaction(
    db,
    async (tx) => {
      const tables = await lineTables(tx, exported.map(({ table }) => table)) // prettier-ignore
      const written: ExportedKind[] = []
      for (const [index, kind] of exported.entries()) written.push(await writeKind(tx, directory, kind, tables[index]!, onProgress))
      return written
    },
    'begin isolation level repeatable read read only',
  )
  const about: AboutExport = { format: 'docket export 1', made_at: now.toISOString(), kinds }
  await writeFile(join(directory, ABOUT), `${JSON.stringify(about, null, 2)}\n`, { mode: 0o600 })
  return about
}

async function writeKind(
  tx: Transaction,
  directory: string,
  { table, about, without = {} }: Exported,
  shape: LineTable,
  onProgress: (kind: string, rows: number) => void | Promise<void>,
): Promise<ExportedKind> {
  const columns = shape.columns.filter(({ name }) => !(name in without))
  const file = `${table}.jsonl`
  const out = await open(join(directory, file), 'wx', 0o600)
  const hash = createHash('sha256')
  let rows = 0
  try {
    for await (const lines of readAsLines(tx, { table, columns })) {
      const text = `${lines.join('\n')}\n`
      hash.update(text)
      await out.appendFile(text)
      rows += lines.length
      await onProgress(table, lines.length)
    }
  } finally {
    await out.close()
  }
  const fields = columns.map(({ name, type }) => ({ name, type, about: fieldWords[name] ?? name }))
  return { kind: table, file, about, rows, sha256: hash.digest('hex'), fields, without }
}
