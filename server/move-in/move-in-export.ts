import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type LineTable, lineTables, openForLines, writeLines } from '../db/backup-as-lines.ts'
import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Secret } from '../secret.ts'
import { sealNoKeys } from '../suppliers/registry.ts'
import type { StaffActor } from '../staff/actor.ts'
import { writeLine } from '../staff/log.ts'
import { plainJson } from '../text.ts'
import { ABOUT, type AboutExport, type ExportedKind } from './export.ts'
import { exported } from './exported.ts'

export interface MovedExport {
  readonly dryRun: boolean
  readonly rows: Readonly<Record<string, number>>
  /** Suppliers whose keys must be entered: they are paused until then. */
  readonly suppliersWithoutKey: readonly string[]
}

interface Into {
  readonly db: Database
  readonly directory: string
  readonly now: Date
  readonly dryRun: boolean
  readonly actor: StaffActor
  readonly secret: Secret
  readonly onProgress: (kind: string, rows: number) => void
  /** Called between two steps: it throws where the moving has to end, and then nothing was moved in. */
  readonly between?: () => Promise<void>
  /** Called in the transaction, as its last work but the line of the log. */
  readonly end?: (tx: Transaction, moved: MovedExport) => Promise<void>
}

const AT_ONCE = 2000

/** Moves an export of another Docket into this one, which must be empty, in one transaction. */
export async function moveInExport(into: Into): Promise<MovedExport> {
  const { db, directory, now, dryRun, actor, secret } = into
  const about = await readAbout(directory)
  for (const kind of about.kinds) await checkFile(into, kind)
  await refuseUnlessEmpty(db)
  const rows = Object.fromEntries(about.kinds.map(({ kind, rows: count }) => [kind, count]))
  const told = { dryRun, rows, suppliersWithoutKey: await suppliersIn(directory) }
  if (dryRun) return told
  await transaction(db, async (tx) => {
    const shapes = await lineTables(tx, exported.map(({ table }) => table)) // prettier-ignore
    const close = await openForLines(tx, shapes)
    await refuseUnlessEmpty(tx)
    for (const [index, shape] of shapes.entries()) await bringKind(tx, into, about.kinds[index]!, shape)
    await sealNoKeys(tx, secret)
    await close()
    await tx.query(TURN)
    await into.end?.(tx, told)
    const nothing = { subject: {}, before: null, after: null, requestKey: null }
    await writeLine(tx, {
      ...nothing,
      at: now,
      actor,
      act: 'move-in',
      input: plainJson({ made_at: about.made_at }),
      result: plainJson(rows),
    })
  })
  await db.query('analyze')
  return told
}

async function readAbout(directory: string): Promise<AboutExport> {
  const text = await readFile(join(directory, ABOUT), 'utf8').catch(() => undefined)
  if (text === undefined) throw refuse('no_export', directory, ABOUT)
  const about = (readJsonText(text) ?? {}) as AboutExport
  const isKnown =
    about.format === 'docket export 1' &&
    exported.every(({ table }, index) => about.kinds?.[index]?.kind === table && about.kinds[index].file === `${table}.jsonl`)
  if (!isKnown) throw refuse('another_export')
  return about
}

function readJsonText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Each file is read once to its end before anything is changed. */
async function checkFile({ directory, between }: Into, { file, sha256 }: ExportedKind): Promise<void> {
  const hash = createHash('sha256')
  const stored = createReadStream(join(directory, file))
  stored.on('error', () => {})
  try {
    for await (const piece of stored) {
      hash.update(piece as Buffer)
      await between?.()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw refuse('export_changed', file)
    throw error
  }
  if (hash.digest('hex') !== sha256) throw refuse('export_changed', file)
}

const FULL = 'select exists (select from accounts) or exists (select from orders) or exists (select from services) as full'

async function refuseUnlessEmpty(db: Queryable): Promise<void> {
  const { rows } = await db.query<{ full: boolean }>(FULL)
  if (rows[0]!.full) throw refuse('house_not_empty')
}

async function suppliersIn(directory: string): Promise<string[]> {
  const lines = (await readFile(join(directory, 'suppliers.jsonl'), 'utf8')).split('\n').filter((line) => line !== '')
  const suppliers = lines.map((line) => JSON.parse(line) as { name: string; protocol: string })
  return suppliers.filter(({ protocol }) => protocol === 'api-v2').map(({ name }) => name)
}

async function bringKind(
  tx: Transaction,
  { directory, onProgress, between }: Into,
  { file, fields, kind }: ExportedKind,
  shape: LineTable,
): Promise<void> {
  const { filled = {} } = exported.find(({ table }) => table === kind)!
  const told = new Set(fields.map(({ name }) => name))
  // A column that is younger than the export gets what new rows get.
  const columns = shape.columns.filter(({ name }) => told.has(name) || name in filled)
  if (fields.some(({ name }) => !shape.columns.some((column) => column.name === name))) throw refuse('another_export')
  let lines: string[] = []
  const write = async () => {
    if (lines.length > 0) await writeLines(tx, { ...shape, columns }, lines, filled)
    onProgress(kind, lines.length)
    lines = []
  }
  for await (const line of createInterface({ input: createReadStream(join(directory, file)), crlfDelay: Infinity })) {
    lines.push(line)
    if (lines.length < AT_ONCE) continue
    await write()
    await between?.()
  }
  await write()
}

// Nodes that run price by what they read before.
const TURN = "select pg_notify('docket_catalogue', ''), pg_notify('docket_keys', '')"
