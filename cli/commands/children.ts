import { backupTo } from '@docket/embedded-postgres/backup'
import type { Command } from 'commander'
import { childAdd } from '../../server/acts/child-add.ts'
import { childClose, childDrop } from '../../server/acts/child-close.ts'
import { childRenewKey } from '../../server/acts/child-renew-key.ts'
import { childSet } from '../../server/acts/child-set.ts'
import { childSetupLink } from '../../server/acts/child-setup-link.ts'
import { childResume, childSuspend } from '../../server/acts/child-suspend.ts'
import { childDatabaseUrl } from '../../server/children/access.ts'
import { findChild, readChildren } from '../../server/children/children.ts'
import { readHealth } from '../../server/children/health.ts'
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
        const shown = []
        for (const each of await readChildren(db)) {
          const health = await readHealth(db, each.id)
          shown.push({
            host: each.host,
            account: each.accountId,
            state: each.state,
            rent: formatUnits(each.rent),
            currency: each.currency,
            rent_due: each.rentDueAt,
            grace_until: each.graceUntil,
            fault: health?.fault ?? null,
            last_order: health?.lastOrderAt ?? null,
            orders_open: health?.ordersOpen ?? null,
            version: health?.version ?? null,
          })
        }
        const rows = shown.map((row) => [row.host, String(row.account), row.state, `${row.rent} ${row.currency}`, row.fault ?? ''])
        print(
          options.json,
          shown,
          rows.length
            ? table(['host', 'account', 'state', 'rent', 'fault'], rows)
            : 'No child panel yet: docket child add https://shop.example --account 1',
        )
      }),
    )
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
