import type { Command } from 'commander'
import { EVERYTHING, scopes } from '../../contract/scopes.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { addKey, type KeyRow, listKeys, revokeKey, setKeyLimits } from '../../server/customers/keys.ts'
import { type KeyLimits, NO_LIMITS } from '../../server/customers/key-rights.ts'
import { formatUnits, parseUnits } from '../../server/ledger/money.ts'
import { refuse } from '../../server/refusal.ts'
import { withDatabase } from '../database.ts'
import { id, ids, moment, refuseNoChange, words } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** The word that removes a limit. */
const ANY = 'any'

interface LimitOptions {
  scopes?: string[]
  dailyCap?: string
  services?: number[] | typeof ANY
  addresses?: string[]
  expires?: Date | typeof ANY
}

export function addKeyCommands(program: Command) {
  const key = program.command('key').description('API keys: add, list, limit, revoke')

  withLimits(key.command('add'))
    .description('add a key; it is shown only now')
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--label <text>', 'a name, to tell keys apart', '')
    .option('--test', 'a test key: test money, simulated work')
    .option('--json', 'answer in JSON')
    .action((options: { account: number; label: string; test?: boolean } & LimitOptions & Json) =>
      withDatabase(async (db) => {
        const limits = limitsOf(options)
        const added = await addKey(db, options.account, { test: options.test === true, label: options.label, limits }, new Date())
        print(options.json, { id: added.id, key: added.key }, `Key ${added.id}  ${added.key}\nThe key is shown this once: keep it.`)
      }),
    )

  withLimits(key.command('set'))
    .description(`change the limits of a key; "${ANY}" takes a limit away`)
    .argument('<number>', 'the id that "key list" shows', id)
    .option('--json', 'answer in JSON')
    .action((number: number, options: LimitOptions & Json) =>
      withDatabase(async (db) => {
        refuseNoChange(options, '--daily-cap 50')
        const now = new Date()
        await changeCatalogue(db, async (tx) => {
          const before = (await listKeys(tx, null, now)).find((row) => row.id === number)
          if (!before) throw refuse('unknown_key', number)
          await setKeyLimits(tx, number, limitsOf(options, before), now)
        })
        print(options.json, { id: number, changed: true }, `Key ${number} is changed`)
      }),
    )

  addListAndRevoke(key)
}

function withLimits(command: Command): Command {
  return command
    .option('--scopes <list>', `what it may do: ${EVERYTHING}, or a list of ${Object.keys(scopes).join(', ')}`, words)
    .option('--daily-cap <amount>', 'most that may be charged to it per day (UTC), like 50')
    .option('--services <list>', 'services it may order, like 1,4,10-20', (text) => (text === ANY ? ANY : ids(text)))
    .option('--addresses <list>', 'networks it may be used from, like 203.0.113.0/24', words)
    .option('--expires <day>', 'its last day, like 2026-12-31, or a moment', (text) => (text === ANY ? ANY : moment(text)))
}

/** A limit that was not given stays as it is. */
function limitsOf(said: LimitOptions, before: KeyLimits = NO_LIMITS): KeyLimits {
  const given = <T>(value: T | typeof ANY | undefined, old: T | null) => (value === undefined ? old : value === ANY ? null : (value as T))
  const list = (value: string[] | undefined) => (value?.includes(ANY) ? ANY : value)
  return {
    scopes: given(list(said.scopes), before.scopes),
    dailyCap: given(said.dailyCap === undefined || said.dailyCap === ANY ? said.dailyCap : parseUnits(said.dailyCap), before.dailyCap),
    serviceIds: given(said.services, before.serviceIds),
    addresses: given(list(said.addresses), before.addresses),
    expiresAt: given(said.expires, before.expiresAt),
  }
}

function addListAndRevoke(key: Command) {
  addList(key)
  addRevoke(key)
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

function addRevoke(key: Command) {
  key
    .command('revoke')
    .description('refuse a key from now on, on every node')
    .argument('[number]', 'the id that "key list" shows', id)
    .option('--id <number>', 'the same number as an option', id)
    .option('--json', 'answer in JSON')
    .action((argument: number | undefined, options: { id?: number } & Json, command: Command) => {
      const which = argument ?? options.id
      if (which === undefined) return command.error('error: which key? "docket key revoke 3", with the id that "docket key list" shows')
      return withDatabase(async (db) => {
        await revokeKey(db, which, new Date())
        print(options.json, { id: which, revoked: true }, `Key ${which} is revoked`)
      })
    })
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
