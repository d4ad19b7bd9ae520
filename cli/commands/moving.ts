import { open } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { movingAdd } from '../../server/acts/moving-add.ts'
import { movingLook } from '../../server/acts/moving-look.ts'
import { movingOut } from '../../server/acts/moving-out.ts'
import { movingRemove } from '../../server/acts/moving-remove.ts'
import { movingRun } from '../../server/acts/moving-run.ts'
import { movingStop } from '../../server/acts/moving-stop.ts'
import { readConfig } from '../../server/config.ts'
import { MovingFiles } from '../../server/move-in/moving-files.ts'
import { type ExportReport, listMovingFiles, findMoving, listMovings, type MovingRow } from '../../server/move-in/movings.ts'
import { beginFile, LARGEST_PIECE, nameOfFile, takePiece } from '../../server/move-in/receive-file.ts'
import { type Report, reportText } from '../../server/move-in/report.ts'
import { openSecret } from '../../server/secret.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** What the desk does, by the nodes: see also "docket move-in", which does it by itself. */
export function addMovingCommands(program: Command) {
  const moving = program
    .command('moving')
    .description('move another panel in, or everything out, in the background by a server that runs, as the desk does')
  addAct(moving, movingAdd)
  addSend(moving)
  for (const act of [movingLook, movingRun, movingStop, movingRemove, movingOut]) addAct(moving, act)
  addList(moving)
  addShow(moving)
}

function addSend(moving: Command) {
  moving
    .command('send')
    .description('put a file of a moving where the server of this data directory reads it')
    .argument('<moving>', 'the number that "moving list" shows', id)
    .argument('<file>', 'a dump (.sql or .sql.gz), a file of CSV (accounts.csv …), or an export (.tar.gz)')
    .option('--json', 'answer in JSON')
    .action((number: number, file: string, options: Json) =>
      withDatabase(async (db) => {
        const config = readConfig()
        const files = new MovingFiles(config.dataDirectory)
        const receiving = { db, files, secret: await openSecret(config), now: new Date() }
        const { source } = await findMoving(db, number)
        const name = nameOfFile(source, path.basename(file))
        const stored = await open(file)
        try {
          const { size, mtimeMs } = await stored.stat()
          let { at } = await beginFile(receiving, number, { name, bytes: size, stamp: `${path.basename(file)} ${mtimeMs}` })
          while (at < BigInt(size)) {
            const bytes = Buffer.alloc(Math.min(LARGEST_PIECE, size - Number(at)))
            const { bytesRead } = await stored.read(bytes, 0, bytes.length, Number(at))
            ;({ at } = await takePiece({ ...receiving, now: new Date() }, number, { name, at, bytes: bytes.subarray(0, bytesRead) }))
          }
        } finally {
          await stored.close()
        }
        print(
          options.json,
          { moving: number, file: name },
          `Moving ${number} has ${name}: "docket moving look ${number}" when all files are there`,
        )
      }),
    )
}

function addList(moving: Command) {
  moving
    .command('list')
    .description('movings and how far they have come, newest first')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const movings = await listMovings(db, { before: null, most: 100 })
        const rows = movings.map((row) => [String(row.id), row.source, row.name, row.state, row.who, row.madeAt.toISOString(), farOf(row)])
        const shown = movings.map(({ folder: _folder, report: _report, result: _result, ...row }) => row)
        print(
          options.json,
          shown,
          rows.length > 0
            ? table(['moving', 'source', 'name', 'state', 'who', 'made', ''], rows)
            : 'No moving yet: docket moving add glycon',
        )
      }),
    )
}

function farOf({ state, progress, why, stopAskedBy }: MovingRow): string {
  if (state === 'failed') return why?.words ?? ''
  if (state !== 'look' && state !== 'run') return ''
  if (stopAskedBy !== null) return `stops, asked by ${stopAskedBy}`
  return progress?.of ? `${Math.min(99, Math.floor((progress.done / progress.of) * 100))} %` : ''
}

function addShow(moving: Command) {
  moving
    .command('show')
    .description('what a moving would bring, or has brought')
    .argument('<moving>', 'the number that "moving list" shows', id)
    .option('--json', 'answer in JSON')
    .action((number: number, options: Json) =>
      withDatabase(async (db) => {
        const { report, result, ...row } = await findMoving(db, number)
        const files = await listMovingFiles(db, number)
        const told = result ?? report
        print(
          options.json,
          { moving: number, state: row.state, files, would_come: report, came: result },
          told ? textOf(told) : `Moving ${number}: ${row.state}`,
        )
      }),
    )
}

function textOf(told: Report | ExportReport): string {
  if ('counts' in told) return reportText(told)
  return table(['', 'rows'], Object.entries(told.rows).filter(([, rows]) => rows > 0).map(([kind, rows]) => [kind, String(rows)])) // prettier-ignore
}
