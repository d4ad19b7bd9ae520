import type { Command } from 'commander'
import { staffKeyAdd } from '../../server/acts/staff-key-add.ts'
import { staffKeyRevoke } from '../../server/acts/staff-key-revoke.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { listStaffKeys } from '../../server/staff/staff-keys.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

export function addStaffKeyCommands(program: Command) {
  const key = program
    .command('staff-key')
    .description('keys for people and bots who work on orders by hand (/adminapi/v2): add, list, revoke')

  addAct(key, staffKeyAdd)
  addList(key)
  addAct(key, staffKeyRevoke)
}

function addList(key: Command) {
  key
    .command('list')
    .description('all staff keys by their first characters; the keys themselves are not stored')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const keys = await listStaffKeys(db)
        const shown = keys.map(({ id: number, prefix, label, suppliers, fundsADay, tickets, createdAt, revokedAt }) => ({
          id: number,
          prefix,
          label,
          suppliers,
          funds_a_day: fundsADay === null ? null : formatUnits(fundsADay),
          tickets,
          created: createdAt,
          revoked: revokedAt,
        }))
        const rows = shown.map((row) => [
          String(row.id),
          `${row.prefix}…`,
          row.label,
          row.suppliers?.join(', ') ?? 'all',
          row.funds_a_day ?? '',
          row.tickets ? 'yes' : '',
          row.revoked ? `revoked ${row.revoked.toISOString()}` : '',
        ])
        const none = 'No staff key yet: docket staff-key add --label "night shift"'
        print(options.json, shown, rows.length ? table(['id', 'key', 'label', 'suppliers', 'books a day', 'tickets', ''], rows) : none)
      }),
    )
}
