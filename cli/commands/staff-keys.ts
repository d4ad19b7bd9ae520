import type { Command } from 'commander'
import { addStaffKey, listStaffKeys, revokeStaffKey } from '../../server/admin-api/staff-keys.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'

export function addStaffKeyCommands(program: Command) {
  const key = program
    .command('staff-key')
    .description('keys for people and bots who work on orders by hand (/adminapi/v2): add, list, revoke')

  addAdd(key)
  addList(key)
  addRevoke(key)
}

function addAdd(key: Command) {
  key
    .command('add')
    .description('add a key; it is shown only now')
    .requiredOption('--label <text>', 'its owner, shown in the timelines of orders and in the log')
    .option('--supplier <name...>', 'only the orders of these suppliers; without it: all orders worked by hand')
    .option('--json', 'answer in JSON')
    .action((options: { label: string; supplier?: string[] } & Json) =>
      withDatabase(async (db) => {
        const wanted = { label: options.label, suppliers: options.supplier ?? null }
        const added = await addStaffKey(db, wanted, new Date())
        print(options.json, added, `Staff key ${added.id}  ${added.key}\nThe key is shown this once: keep it.`)
      }),
    )
}

function addList(key: Command) {
  key
    .command('list')
    .description('all staff keys by their first characters; the keys themselves are not stored')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const keys = await listStaffKeys(db)
        const shown = keys.map(({ id: number, prefix, label, suppliers, createdAt, revokedAt }) => ({
          id: number,
          prefix,
          label,
          suppliers,
          created: createdAt,
          revoked: revokedAt,
        }))
        const rows = shown.map((row) => [
          String(row.id),
          `${row.prefix}…`,
          row.label,
          row.suppliers?.join(', ') ?? 'all',
          row.revoked ? `revoked ${row.revoked.toISOString()}` : '',
        ])
        const none = 'No staff key yet: docket staff-key add --label "night shift"'
        print(options.json, shown, rows.length ? table(['id', 'key', 'label', 'suppliers', ''], rows) : none)
      }),
    )
}

function addRevoke(key: Command) {
  key
    .command('revoke')
    .description('refuse a key from now on, on every node')
    .argument('<number>', 'the id that "staff-key list" shows', id)
    .option('--json', 'answer in JSON')
    .action((number: number, options: Json) =>
      withDatabase(async (db) => {
        await revokeStaffKey(db, number, new Date())
        print(options.json, { id: number, revoked: true }, `Staff key ${number} is revoked`)
      }),
    )
}
