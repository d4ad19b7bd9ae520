import type { Command } from 'commander'
import { formatUnits } from '../../server/ledger/money.ts'
import { readMisses } from '../../server/orders/promises.ts'
import { withDatabase } from '../database.ts'
import { since } from '../options.ts'
import { print, table } from '../output.ts'

export function addPromiseCommands(program: Command) {
  program
    .command('promises')
    .description('missed promises by service, and the money paid back for them (docs/promises.md)')
    .option('--since <when>', 'like 24h, 7d or 2026-03-01', since, since('7d'))
    .option('--json', 'answer in JSON')
    .action((options: { since: Date; json?: boolean }) =>
      withDatabase(async (db) => {
        const shown = (await readMisses(db, options.since)).map((row) => ({
          service: row.serviceId,
          name: row.name,
          promise: row.promise,
          missed: row.missed,
          paid_back: formatUnits(row.paidBack),
          currency: row.currency,
        }))
        const rows = shown.map((row) => [
          String(row.service),
          row.name,
          row.promise,
          String(row.missed),
          `${row.paid_back} ${row.currency}`,
        ])
        print(
          options.json,
          shown,
          rows.length ? table(['service', 'name', 'promise', 'missed', 'paid back'], rows) : 'No promise was missed since then',
        )
      }),
    )
}
