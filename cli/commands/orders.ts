import type { Command } from 'commander'
import { jobAdd } from '../../server/acts/job-add.ts'
import { jobStop } from '../../server/acts/job-stop.ts'
import { orderAdd } from '../../server/acts/order-add.ts'
import { orderCancel } from '../../server/acts/order-cancel.ts'
import { orderComplete } from '../../server/acts/order-complete.ts'
import { orderExport } from '../../server/acts/order-export.ts'
import { orderNote } from '../../server/acts/order-note.ts'
import { orderPartial } from '../../server/acts/order-partial.ts'
import { orderSendTo } from '../../server/acts/order-send-to.ts'
import { orderSet } from '../../server/acts/order-set.ts'
import { everyJobOrder, findJob, type JobStanding, listJobs, RESULT_COLUMNS, resultRow } from '../../server/jobs/jobs.ts'
import { csvRow, plainText } from '../../server/web/csv.ts'
import { addAct } from '../acts.ts'
import { toStandardOutput } from '../export-file.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** Commands that change orders, one by one or many by a job. */
export function addOrderCommands(program: Command) {
  const order = program.command('order').description('orders, by hand: add, set, complete, partial, cancel, send-to, note')
  for (const act of [orderAdd, orderSet, orderComplete, orderPartial, orderCancel, orderSendTo, orderNote]) addAct(order, act)
  addAct(order, orderExport, toStandardOutput(orderExport))

  const job = program.command('job').description('change many orders, one after another: add, list, result, stop')
  addAct(job, jobAdd)
  addJobList(job)
  addJobResult(job)
  addAct(job, jobStop)
}

function addJobList(job: Command) {
  job
    .command('list')
    .description('jobs and how far they have come, newest first')
    .option('--most <number>', 'how many', whole, 50)
    .option('--json', 'answer in JSON')
    .action((options: { most: number } & Json) =>
      withDatabase(async (db) => {
        const jobs = await listJobs(db, { before: null, most: options.most })
        const rows = jobs.map((row) => [
          String(row.id),
          row.trial ? `${row.act}, tried` : row.act,
          row.who,
          row.madeAt.toISOString(),
          progressOf(row),
        ])
        print(
          options.json,
          jobs,
          rows.length
            ? table(['job', 'act', 'who', 'made', ''], rows)
            : 'No job yet: docket job add "order cancel" --orders 1-10 --dry-run',
        )
      }),
    )
}

function progressOf({ orders, done, refused, stopAskedBy, endedAt, whyEnded }: JobStanding): string {
  const counts = `${done + refused} of ${orders}${refused > 0 ? `, ${refused} refused` : ''}`
  if (endedAt !== null) return `${counts}; ${whyEnded ?? 'ended'}`
  return stopAskedBy === null ? counts : `${counts}; ${stopAskedBy} stops it`
}

function addJobResult(job: Command) {
  job
    .command('result')
    .description('what came of each order of a job, as CSV')
    .argument('<job>', 'the id that "job list" shows', id)
    .option('--json', 'answer in JSON, a line an order')
    .action((number: number, options: Json) =>
      withDatabase(async (db) => {
        await findJob(db, BigInt(number))
        if (!options.json) process.stdout.write(csvRow(RESULT_COLUMNS))
        for await (const row of everyJobOrder(db, BigInt(number))) {
          if (options.json) print(true, resultRow(row), '')
          else process.stdout.write(csvRow(Object.values(resultRow(row)).map((value) => plainText(value === null ? null : String(value)))))
        }
      }),
    )
}
