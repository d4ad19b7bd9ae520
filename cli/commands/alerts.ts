import type { Command } from 'commander'
import { listAlerts, readOrderSteps } from '../../server/fulfilment/staff.ts'
import { acknowledgeAlert } from '../../server/loops/alerts.ts'
import { refuse } from '../../server/refusal.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** Commands that list alerts for staff, and show all that is known about one order. */
export function addAlertCommands(program: Command) {
  addTrace(program)
  addAcknowledge(addAlerts(program))
}

function addTrace(program: Command) {
  program
    .command('trace')
    .description('everything that happened to an order, with the words of suppliers and staff')
    .argument('<order>', 'number of the order', id)
    .option('--json', 'answer in JSON')
    .action((order: number, options: Json) =>
      withDatabase(async (db) => {
        const steps = await readOrderSteps(db, BigInt(order))
        if (steps.length === 0) throw refuse('order_never_handed', order)
        const rows = steps.map(({ at, by, status, words }) => [at?.toISOString() ?? '', by, status, words ?? ''])
        print(options.json, steps, table(['at', 'by', 'what', 'words'], rows))
      }),
    )
}

function addAlerts(program: Command): Command {
  return program
    .command('alerts')
    .description('open alerts for staff, newest first')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const alerts = await listAlerts(db)
        const rows = alerts.map((alert) => [
          String(alert.id),
          alert.lastAt.toISOString(),
          alert.kind,
          alert.supplier ?? '',
          String(alert.order ?? ''),
          `${alert.words} (${alert.times}×)`,
        ])
        print(
          options.json,
          alerts,
          rows.length ? table(['alert', 'last', 'matter', 'supplier', 'order', 'words'], rows) : 'Nothing needs you',
        )
      }),
    )
}

function addAcknowledge(alerts: Command) {
  alerts
    .command('acknowledge')
    .description('close an alert that you have seen; if the problem comes up again, it opens a new one')
    .argument('<alert>', 'number of the alert', id)
    .option('--json', 'answer in JSON')
    .action((alert: number, _: Json, command: Command) =>
      withDatabase(async (db) => {
        if (!(await acknowledgeAlert(db, BigInt(alert), new Date()))) throw refuse('unknown_alert', alert)
        print(command.optsWithGlobals<Json>().json, { alert, closed: true }, `Alert ${alert} is closed`)
      }),
    )
}
