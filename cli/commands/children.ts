import { backupTo } from '@docket/embedded-postgres/backup'
import type { Command } from 'commander'
import { childAdd } from '../../server/acts/child-add.ts'
import { childClose, childDrop } from '../../server/acts/child-close.ts'
import { childRenewKey } from '../../server/acts/child-renew-key.ts'
import { childSet } from '../../server/acts/child-set.ts'
import { childSetupLink } from '../../server/acts/child-setup-link.ts'
import { childResume, childSuspend } from '../../server/acts/child-suspend.ts'
import { childDatabaseUrl } from '../../server/children/access.ts'
import { type ChildSeen, findChild, listChildren, owedRent } from '../../server/children/children.ts'
import { withChild } from '../../server/children/make.ts'
import { readConfig } from '../../server/config.ts'
import { docketData } from '../../server/db/backup.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { openSecret, placeOfSecret } from '../../server/secret.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

export function addChildCommands(program: Command) {
  const child = program.command('child').description('child panels: Dockets of their own that you sell to customers')
  addAct(child, childAdd)
  addList(child)
  for (const act of [childSet, childSuspend, childResume, childClose, childDrop, childSetupLink, childRenewKey]) addAct(child, act)
  addChildBackup(child)
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
  child
    .command('backup')
    .description('write the whole database of a child panel to one file, while its orders go on; "docket restore" reads it')
    .argument('<host>', 'host of the child panel')
    .argument('<file>', 'path of the backup')
    .option('--json', 'answer in JSON')
    .action((host: string, file: string, options: Json) =>
      withDatabase(async (db, databaseUrl) => {
        const config = readConfig()
        const found = await findChild(db, host.toLowerCase())
        const url = await childDatabaseUrl({ db, databaseUrl, secret: await openSecret(config) }, found)
        const done = await withChild(url, (childDb) => backupTo(childDb, file, { of: docketData }))
        const words = `${done.rows} rows of ${done.tables} tables in ${file} (${done.bytes} bytes)\nKeep a backup of this panel and ${placeOfSecret(config)} too: the secret of the child is worked out from it`
        print(options.json, { host: found.host, file, ...done }, words)
      }),
    )
}
