import type { Command } from 'commander'
import { readAccountLog } from '../../server/customers/account-log.ts'
import { findAccount } from '../../server/customers/accounts.ts'
import { describeAgent } from '../../server/customers/agent-words.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'

export function addAccountLog(account: Command) {
  account
    .command('log')
    .description('who did what to an account, when and from where; newest first')
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--most <number>', 'how many entries', whole, 50)
    .option('--json', 'answer in JSON')
    .action((options: { account: number; most: number } & Json) =>
      withDatabase(async (db) => {
        await findAccount(db, options.account)
        const lines = await readAccountLog(db, options.account, { before: null, most: options.most })
        const rows = lines.map((line) => {
          const { browser, system } = describeAgent(line.agent ?? '')
          const who = line.by === 'customer' ? (line.email ?? 'customer') : line.by
          const device = [browser, system].filter(Boolean).join(', ')
          return [line.at.toISOString(), who, line.act, line.address ?? '', device, line.about ?? '']
        })
        print(options.json, lines, rows.length ? table(['when', 'who', 'what', 'from', 'with', ''], rows) : 'Nothing has happened yet')
      }),
    )
}
