import type { Command } from 'commander'
import { accountAdd } from '../../server/acts/account-add.ts'
import { accountExcuse } from '../../server/acts/account-excuse.ts'
import { accountInvite } from '../../server/acts/account-invite.ts'
import { accountInviteMany } from '../../server/acts/account-invite-many.ts'
import { accountNote } from '../../server/acts/account-note.ts'
import { accountRemoveCodes } from '../../server/acts/account-remove-codes.ts'
import { accountSet } from '../../server/acts/account-set.ts'
import { accountSignOut } from '../../server/acts/account-sign-out.ts'
import { accountResume, accountSuspend } from '../../server/acts/account-suspend.ts'
import { accountViewAs } from '../../server/acts/account-view-as.ts'
import { fund } from '../../server/acts/fund.ts'
import { listAccounts } from '../../server/customers/accounts.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'
import { addAccountLog } from './account-log.ts'
import { addKeyCommands } from './keys.ts'

export function addAccountCommands(program: Command) {
  const account = program.command('account').description('accounts: open, list, change, suspend')
  addAct(account, accountAdd)
  addList(account)
  for (const act of [accountSet, accountSuspend, accountResume, accountInvite, accountInviteMany]) addAct(account, act)
  addAccountLog(account)
  for (const act of [accountSignOut, accountRemoveCodes, accountNote, accountViewAs, accountExcuse]) addAct(account, act)
  addAct(program, fund)
  addKeyCommands(program)
}

function addList(account: Command) {
  account
    .command('list')
    .description('all accounts with their balances')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const accounts = await listAccounts(db)
        const shown = accounts.map(({ id: account, email, currency, wallet, suspended, discountBasisPoints }) => ({
          account,
          email,
          balance: formatUnits(wallet ?? 0n),
          currency,
          discount_percent: discountBasisPoints / 100,
          suspended,
        }))
        const rows = shown.map((row) => [
          String(row.account),
          row.email,
          `${row.balance} ${row.currency}`,
          `${row.discount_percent}%`,
          row.suspended ? 'suspended' : '',
        ])
        print(
          options.json,
          shown,
          rows.length
            ? table(['account', 'email', 'balance', 'discount', ''], rows)
            : 'No account yet: docket account add --email you@example.com',
        )
      }),
    )
}
