import { backupTo, type OnProgress, restoreFrom } from '@docket/embedded-postgres/backup'
import type { Command } from 'commander'
import { audit } from '../../server/orders/audit-books.ts'
import { referralQuestions } from '../../server/referrals/audit.ts'
import { readConfig } from '../../server/config.ts'
import { noteSetBack } from '../../server/orders/order-ids.ts'
import { docketData } from '../../server/db/backup.ts'
import { explainingReach, reachDatabase } from '../../server/db/database.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { sealedWithAnother } from '../../server/sealed.ts'
import { openSecret, placeOfSecret } from '../../server/secret.ts'
import { withDatabase, withDatabaseToRead } from '../database.ts'
import { type Json, print } from '../output.ts'
import { exactJson } from '../../server/text.ts'

export function addUpkeepCommands(program: Command) {
  addAudit(program)
  addMigrate(program)
  addBackup(program)
  addRestore(program)
}

function addAudit(program: Command) {
  program
    .command('audit')
    .description('recompute all money from the raw rows; exit 1 and the wrong rows if something does not add up')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabaseToRead(async (db) => {
        const result = await audit(db, referralQuestions)
        const lines = result.checks.map((check) => {
          const faults = check.offending.map((row) => `      ${exactJson(row)}`)
          return [`${check.ok ? 'ok   ' : 'FAULT'} ${check.name}: ${check.proves} (${check.rowsChecked} rows)`, ...faults].join('\n')
        })
        print(
          options.json,
          result,
          [...lines, result.ok ? 'The books are clean.' : 'The books are NOT clean: see the rows above.'].join('\n'),
        )
        if (!result.ok) process.exitCode = 1
      }),
    )
}

function addMigrate(program: Command) {
  program
    .command('migrate')
    .description('bring the database to the newest schema; docket serve does it by itself')
    .option('--json', 'answer in JSON')
    .action(async (options: Json) => {
      const database = await reachDatabase(readConfig())
      try {
        const { migrations, routines } = await explainingReach(database, () => migrate(database.url))
        const told = [
          ...(migrations.length > 0 ? [`Applied ${migrations.join(', ')}`] : []),
          ...(routines.length > 0 ? [`Made anew or dropped: ${routines.join(', ')}`] : []),
        ]
        print(options.json, { applied: migrations, routines }, told.join('\n') || 'The schema is the newest already')
      } finally {
        await database.close()
      }
    })
}

function addBackup(program: Command) {
  program
    .command('backup')
    .description('write the whole database to one file, while orders go on')
    .argument('<file>', 'path of the backup')
    .option('--json', 'answer in JSON')
    .action((file: string, options: Json) =>
      withDatabase(async (db) => {
        const done = await backupTo(db, file, { of: docketData, onProgress: progress(options.json) })
        const keep = placeOfSecret(readConfig())
        print(
          options.json,
          { file, ...done, keep },
          `${done.rows} rows of ${done.tables} tables in ${file} (${done.bytes} bytes)\nKeep ${keep} too, elsewhere: without it the restored house cannot open the keys of its suppliers`,
        )
      }),
    )
}

function addRestore(program: Command) {
  program
    .command('restore')
    .description('read a backup into an empty database, embedded or your own')
    .argument('<file>', 'path of the backup')
    .option('--json', 'answer in JSON')
    .action(async (file: string, options: Json) => {
      const config = readConfig()
      const database = await reachDatabase(config)
      const db = openPool(database.url, { size: 3, name: 'docket restore' })
      try {
        const upTo = async (name: string) => void (await migrate(database.url, name === 'latest' ? undefined : name))
        const how = { of: docketData, migrate: upTo, onProgress: progress(options.json) }
        const done = await explainingReach(database, () => restoreFrom(db, file, how))
        await noteSetBack(db)
        const { sealed, shut } = await sealedWithAnother(db, await openSecret(config))
        const opens = sealed === 0 ? 'Nothing in it is sealed.' : `The secret opens all that is sealed in it.`
        print(
          options.json,
          { file, ...done, shut },
          `${done.rows} rows of ${done.tables} tables restored. ${shut.length > 0 ? '' : opens}`.trim(),
        )
        if (shut.length === 0) return
        process.stderr.write(
          `docket: the secret here does not open ${shut.join(', ')}: put the one that belongs to the backup in place of ${placeOfSecret(config)} before "docket serve"\n`,
        )
      } finally {
        await db.end()
        await database.close()
      }
    })
}

/** Progress on one terminal line that is overwritten, for people who watch. */
function progress(json: boolean | undefined): OnProgress {
  if (json || !process.stderr.isTTY) return () => {}
  return ({ table, tablesDone, tables, rows }) =>
    void process.stderr.write(`\r\u001b[K${tablesDone} of ${tables} tables, ${rows} rows, ${table}`)
}
