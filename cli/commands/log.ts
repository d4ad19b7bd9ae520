import type { Command } from 'commander'
import { logUndo } from '../../server/acts/log-undo.ts'
import { type LogFilter, type LogLine, readLog, verifyLog, WHOLE_LOG } from '../../server/staff/log.ts'
import { addAct } from '../acts.ts'
import { changeWords } from '../change-words.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'

type LogOptions = Partial<Record<keyof LogFilter, number>> & { before?: number; most: number } & Json

/** Commands for the log of what staff did, by command, by the API and in the desk. */
export function addLogCommands(program: Command) {
  const log = program
    .command('log')
    .description('what staff did and what it changed, newest first; each line proves the lines before it')
    .option('--staff <number>', 'only what this member of staff did', id)
    .option('--account <number>', 'only what was done to this account', id)
    .option('--order <number>', 'only what was done to this order', id)
    .option('--service <number>', 'only what was done to this service', id)
    .option('--supplier <number>', 'only what was done to this supplier', id)
    .option('--before <line>', 'only lines before this one, for the next page', id)
    .option('--most <number>', 'how many lines', whole, 50)
    .option('--json', 'answer in JSON')
    .action((options: LogOptions) =>
      withDatabase(async (db) => {
        const { staff = null, account = null, order, service = null, supplier = null, before } = options
        const filter = { ...WHOLE_LOG, staff, account, order: order === undefined ? null : BigInt(order), service, supplier }
        const page = { before: before === undefined ? null : BigInt(before), most: options.most }
        const lines = await readLog(db, filter, page)
        const rows = lines.map((line) => [String(line.line), line.at, line.who, line.via, line.act, changeOf(line)])
        print(options.json, lines, rows.length ? table(['line', 'at', 'who', 'via', 'act', 'change'], rows) : 'Nothing was done yet')
      }),
    )

  addAct(log, logUndo)

  log
    .command('verify')
    .description('compute the hash of every line again; exit 1 if a line was changed, left out or put in')
    .option('--json', 'answer in JSON')
    .action((_: Json, command: Command) =>
      withDatabase(async (db) => {
        const { lines, fault, hash } = await verifyLog(db)
        const words = fault
          ? `Line ${fault.line}: ${fault.words}. ${lines} lines before it stand.`
          : `${lines} lines stand. The newest hash is ${hash}`
        print(command.optsWithGlobals<Json>().json, { lines, fault, hash }, words)
        if (fault) process.exitCode = 1
      }),
    )
}

function changeOf({ before, after }: LogLine): string {
  const told = changeWords(before, after).join('; ')
  return told.length > 200 ? `${told.slice(0, 199)}…` : told
}
