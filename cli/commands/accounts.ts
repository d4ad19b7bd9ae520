import type { Command } from 'commander'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { addAccount, findAccount, fund, listAccounts, setAccount, suspendAccount } from '../../server/customers/accounts.ts'
import { formatUnits, parseUnits } from '../../server/ledger/money.ts'
import { withDatabase } from '../database.ts'
import { basisPoints, id, seconds } from '../options.ts'
import { type Json, print, table } from '../output.ts'
import { addKeyCommands } from './keys.ts'
import { addPeopleCommands } from './people.ts'

export function addAccountCommands(program: Command) {
  const account = program.command('account').description('accounts: open, list, change, suspend')

  addAdd(account)
  addList(account)
  addSet(account)
  addSuspend(account, true)
  addSuspend(account, false)
  addFund(program)
  addPeopleCommands(account)
  addKeyCommands(program)
}

function addAdd(account: Command) {
  account
    .command('add')
    .description('open an account; prints its number and its API key, which is shown this once')
    .requiredOption('--email <address>', 'e-mail address; each has one account')
    .option('--balance <amount>', 'first deposit, like 100 or 0.25', '0')
    .option('--currency <code>', 'currency of its balance and prices', 'USD')
    .option('--note <text>', 'note on the deposit', 'first deposit')
    .option('--json', 'answer in JSON')
    .action((options: { email: string; balance: string; currency: string; note: string } & Json) =>
      withDatabase(async (db) => {
        const added = await addAccount(db, { ...options, balance: parseUnits(options.balance) }, new Date())
        print(options.json, added, `Account ${added.account}\nKey     ${added.key}\nThe key is shown this once: keep it.`)
      }),
    )
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

function addSet(account: Command) {
  account
    .command('set')
    .description('change an account')
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--discount <percent>', 'discount on every rate, like 5 or 7.5', basisPoints)
    .option('--repeat-window <seconds>', 'answer an identical order within so many seconds with the first one; 0: never', seconds)
    .option('--json', 'answer in JSON')
    .action((options: { account: number; discount?: number; repeatWindow?: number } & Json) =>
      withDatabase(async (db) => {
        await changeCatalogue(db, (tx) =>
          setAccount(tx, options.account, { discountBasisPoints: options.discount, repeatWindowSeconds: options.repeatWindow }),
        )
        const { discountBasisPoints, repeatWindowSeconds } = await findAccount(db, options.account)
        const shown = { account: options.account, discount_percent: discountBasisPoints / 100, repeat_window_seconds: repeatWindowSeconds }
        print(options.json, shown, `Account ${options.account}: ${shown.discount_percent}% off, repeat window ${repeatWindowSeconds} s`)
      }),
    )
}

function addSuspend(account: Command, suspended: boolean) {
  account
    .command(suspended ? 'suspend' : 'resume')
    .description(`${suspended ? 'refuse all keys of an account' : 'let a suspended account order again'}, at once on every node`)
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--json', 'answer in JSON')
    .action((options: { account: number } & Json) =>
      withDatabase(async (db) => {
        await suspendAccount(db, options.account, suspended, new Date())
        print(options.json, { account: options.account, suspended }, `Account ${options.account} is ${suspended ? 'suspended' : 'active'}`)
      }),
    )
}

function addFund(program: Command) {
  program
    .command('fund')
    .description('book money into an account, or a correction out of it')
    .requiredOption('--account <number>', 'number of the account', id)
    .requiredOption('--amount <amount>', 'like 100 or 0.25; a negative amount is a correction')
    .option('--note <text>', 'reason, shown on the statement', '')
    .option('--reference <text>', 'name of the payment: a payment with the same name is booked once, however often it is reported')
    .option('--json', 'answer in JSON')
    .action((options: { account: number; amount: string; note: string; reference?: string } & Json) =>
      withDatabase(async (db) => {
        const movement = { amount: parseUnits(options.amount), note: options.note, reference: options.reference ?? null }
        const done = await fund(db, options.account, movement, new Date())
        const shown = { account: options.account, line: done.line, balance: formatUnits(done.balance), currency: done.currency }
        print(options.json, shown, `Account ${options.account} has ${shown.balance} ${shown.currency} (line ${done.line})`)
      }),
    )
}
