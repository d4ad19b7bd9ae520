import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { keyAdd } from '../../server/acts/key-add.ts'
import { keyRevoke } from '../../server/acts/key-revoke.ts'
import { keySet } from '../../server/acts/key-set.ts'
import { readConfig } from '../../server/config.ts'
import { STAFF } from '../../server/customers/account-log.ts'
import { type KeyRow, listKeys } from '../../server/customers/keys.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { claimKey } from '../../server/move-in/claim-key.ts'
import { refuse } from '../../server/refusal.ts'
import { openSecret } from '../../server/secret.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { addAct, userName } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'

export function addKeyCommands(program: Command) {
  const key = program.command('key').description('API keys: add, list, limit, revoke')
  addAct(key, keyAdd)
  addAct(key, keySet)
  addList(key)
  addAct(key, keyRevoke, { optionsFor: { key: 'id' } })
  addClaim(key)
}

function addClaim(key: Command) {
  key
    .command('claim')
    .description('keep the key that a customer had at a hosted panel; the old panel is asked whether it is theirs')
    .requiredOption('--account <number>', 'number of the account', id)
    .requiredOption('--key-file <file>', 'a file with the old key')
    .option('--json', 'answer in JSON')
    .action((options: { account: number; keyFile: string } & Json) =>
      withDatabase(async (db) => {
        const { account } = options
        const { hash: hashKey } = await openSecret(readConfig())
        const old = (await readFile(options.keyFile, 'utf8')).trim()
        const outcome = await claimKey({ db, now: () => new Date(), hashKey }, account, old, STAFF, machineUser(userName()))
        if (outcome !== 'claimed') throw refuse('old_key_not_kept', outcome)
        print(options.json, { account, claimed: true }, `The old key of account ${account} works here now`)
      }),
    )
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
