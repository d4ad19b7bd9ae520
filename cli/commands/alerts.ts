import type { Command } from 'commander'
import { alertsAcknowledge } from '../../server/acts/alerts-acknowledge.ts'
import { listAlerts, readOrderSteps } from '../../server/fulfilment/staff.ts'
import { refuse } from '../../server/refusal.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** Commands that list alerts for staff, and show all that is known about one order. */
export function addAlertCommands(program: Command) {
  addTrace(program)
  addAct(addAlerts(program), alertsAcknowledge)
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
        const told = steps.map(({ at, by, status, words }) => ({ at, by, status, words }))
        print(options.json, told, table(['at', 'by', 'what', 'words'], rows))
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
