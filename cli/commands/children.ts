import { backupTo, restoreFrom } from '@docket/embedded-postgres/backup'
import type { Command } from 'commander'
import { childAdd } from '../../server/acts/child-add.ts'
import { childClose, childDrop } from '../../server/acts/child-close.ts'
import { childRenewKey } from '../../server/acts/child-renew-key.ts'
import { childSet } from '../../server/acts/child-set.ts'
import { childSetupLink } from '../../server/acts/child-setup-link.ts'
import { childResume, childSuspend } from '../../server/acts/child-suspend.ts'
import { childDatabaseUrl, secretOf } from '../../server/children/access.ts'
import { type Child, type ChildSeen, findChild, listChildren, owedRent } from '../../server/children/children.ts'
import { withChild } from '../../server/children/make.ts'
import { restoreChild } from '../../server/children/restore.ts'
import { type Config, readConfig } from '../../server/config.ts'
import { docketData } from '../../server/db/backup.ts'
import { migrate } from '../../server/db/migrate.ts'
import type { Database } from '../../server/db/pool.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { noteSetBack } from '../../server/orders/order-ids.ts'
import { sealedWithAnother } from '../../server/sealed.ts'
import { type InstallationSecret, openSecret, placeOfSecret, type Secret } from '../../server/secret.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { addAct, userName } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

export function addChildCommands(program: Command) {
  const child = program.command('child').description('child panels: Dockets of their own that you sell to customers')
  addAct(child, childAdd)
  addList(child)
  for (const act of [childSet, childSuspend, childResume, childClose, childDrop, childSetupLink, childRenewKey]) addAct(child, act)
  addChildBackup(child)
  addChildRestore(child)
}

function addList(child: Command) {
  child
    .command('list')
    .description('all child panels, how they do and what they owe')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const now = new Date()
        const shown = (await listChildren(db)).filter(({ state }) => state !== 'dropped').map((child) => shownOf(child, now))
        const rows = shown.map((row) => [
          row.host,
          String(row.account),
          row.why === null ? row.state : `${row.state} (${row.why})`,
          ...[row.rent, row.owed, row.balance].map((amount) => `${amount} ${row.currency}`),
          row.fault ?? '',
        ])
        print(
          options.json,
          shown,
          rows.length
            ? table(['host', 'account', 'state', 'rent', 'owed', 'balance', 'fault'], rows)
            : 'No child panel yet: docket child add https://shop.example --account 1',
        )
      }),
    )
}

function shownOf(child: ChildSeen, now: Date) {
  return {
    host: child.host,
    account: child.accountId,
    state: child.state,
    why: child.why,
    rent: formatUnits(child.rent),
    owed: formatUnits(owedRent(child, now)),
    balance: formatUnits(child.wallet),
    currency: child.currency,
    rent_due: child.rentDueAt,
    grace_until: child.graceUntil,
    fault: child.fault,
    last_order: child.lastOrderAt,
    orders_open: child.ordersOpen,
    version: child.version,
  }
}

function addChildBackup(child: Command) {
  addFileCommand(child, 'backup', 'write the whole database of a child panel to one file, while its orders go on').action(
    (host: string, file: string, options: Json) =>
      withChildOf(host, async ({ found, config, ...parent }) => {
        const done = await withChild(await childDatabaseUrl(parent, found), (db) => backupTo(db, file, { of: docketData }))
        const words = `${done.rows} rows of ${done.tables} tables in ${file} (${done.bytes} bytes)\nKeep a backup of this panel and ${placeOfSecret(config)} too: the secret of the child is worked out from it`
        print(options.json, { host: found.host, file, ...done }, words)
      }),
  )
}

function addChildRestore(child: Command) {
  const about = 'put a backup in the place of the database of a child panel, while this panel and its other children go on'
  addFileCommand(child, 'restore', about).action((host: string, file: string, options: Json) =>
    withChildOf(host, async ({ found, config, ...parent }) => {
      const own = await openSecret({ secret: secretOf(parent.secret, found), dataDirectory: '' })
      const restorer = { ...parent, now: () => new Date(), actor: machineUser(userName()) }
      const { kept, shut, ...done } = await restoreChild(restorer, found, (url) => load(url, file, own))
      const before = kept === null ? '' : `\nThe database from before is kept as ${kept}, until the next restore`
      print(options.json, { host: found.host, file, ...done, kept, shut }, `${done.rows} rows of ${done.tables} tables restored${before}`)
      if (shut.length === 0) return
      process.stderr.write(
        `docket: the secret here does not open ${shut.join(', ')}: put the one that belongs to the backup in place of ${placeOfSecret(config)}\n`,
      )
    }),
  )
}

function addFileCommand(child: Command, name: string, about: string): Command {
  return child
    .command(name)
    .description(about)
    .argument('<host>', 'host of the child panel')
    .argument('<file>', 'path of the backup')
    .option('--json', 'answer in JSON')
}

interface ChildOf {
  readonly db: Database
  readonly databaseUrl: string
  readonly secret: InstallationSecret
  readonly config: Config
  readonly found: Child
}

/** Works on the child panel of a host, with what its parent knows. */
function withChildOf(host: string, work: (child: ChildOf) => Promise<void>): Promise<void> {
  return withDatabase(async (db, databaseUrl) => {
    const config = readConfig()
    const found = await findChild(db, host.toLowerCase())
    return work({ db, databaseUrl, config, found, secret: await openSecret(config) })
  })
}

function load(url: string, file: string, secret: Secret) {
  const upTo = async (name: string) => void (await migrate(url, name === 'latest' ? undefined : name))
  return withChild(url, async (db) => {
    const done = await restoreFrom(db, file, { of: docketData, migrate: upTo })
    await noteSetBack(db)
    return { ...done, shut: (await sealedWithAnother(db, secret)).shut }
  })
}
