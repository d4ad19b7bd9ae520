import type { Command } from 'commander'
import { keyAdd } from '../../server/acts/key-add.ts'
import { keyRevoke } from '../../server/acts/key-revoke.ts'
import { keySet } from '../../server/acts/key-set.ts'
import { type KeyRow, listKeys } from '../../server/customers/keys.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'

export function addKeyCommands(program: Command) {
  const key = program.command('key').description('API keys: add, list, limit, revoke')
  addAct(key, keyAdd)
  addAct(key, keySet)
  addList(key)
  addAct(key, keyRevoke, { optionsFor: { key: 'id' } })
}

function addList(key: Command) {
  key
    .command('list')
    .description('all keys by their first characters; the keys themselves are not stored')
    .option('--account <number>', 'only those of this account', id)
    .option('--json', 'answer in JSON')
    .action((options: { account?: number } & Json) =>
      withDatabase(async (db) => {
        const keys = await listKeys(db, options.account ?? null)
        const shown = keys.map((row) => ({
          id: row.id,
          account: row.accountId,
          prefix: row.prefix,
          label: row.label,
          test: row.test,
          created: row.createdAt,
          revoked: row.revokedAt,
          last_used: row.lastUsedAt,
          scopes: row.scopes,
          daily_cap: row.dailyCap === null ? null : formatUnits(row.dailyCap),
          spent_today: row.dailyCap === null ? null : formatUnits(row.spentToday),
          services: row.serviceIds,
          addresses: row.addresses,
          expires: row.expiresAt,
        }))
        const rows = keys.map((row) => [
          String(row.id),
          String(row.accountId),
          `${row.prefix}…`,
          row.label,
          row.test ? 'test' : 'live',
          row.revokedAt ? `revoked ${row.revokedAt.toISOString()}` : limitWords(row),
        ])
        print(
          options.json,
          shown,
          rows.length ? table(['id', 'account', 'key', 'label', 'kind', ''], rows) : 'No key yet: docket key add --account N',
        )
      }),
    )
}

function limitWords(row: KeyRow): string {
  const parts = [
    row.scopes && row.scopes.join('+'),
    row.dailyCap !== null && `${formatUnits(row.spentToday)} of ${formatUnits(row.dailyCap)} spent today`,
    row.serviceIds && `${row.serviceIds.length} services`,
    row.addresses && `from ${row.addresses.join(', ')}`,
    row.expiresAt && `until ${row.expiresAt.toISOString()}`,
  ]
  return parts.filter(Boolean).join('; ')
}
