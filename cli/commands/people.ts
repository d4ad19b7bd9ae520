import type { Command } from 'commander'
import { type Config, readConfig } from '../../server/config.ts'
import { type Site, siteOf } from '../../server/customers/account-context.ts'
import { readAccountLog } from '../../server/customers/account-log.ts'
import { findAccount } from '../../server/customers/accounts.ts'
import { describeAgent } from '../../server/customers/agent-words.ts'
import { inviteToAccount, removeSecondFactorOf, signOutAccount } from '../../server/customers/invite.ts'
import { addressOfRunningNode } from '../../server/db/nodes.ts'
import type { Database } from '../../server/db/pool.ts'
import { openSecret } from '../../server/secret.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { print, table } from '../output.ts'

interface OfAccount {
  account: number
  json?: boolean
}

/** A command does not know the port of a server: it reads from the database where one runs. */
async function siteHere(db: Database, config: Config): Promise<Site> {
  const site = siteOf(config)
  return { ...site, url: config.publicUrl ?? (await addressOfRunningNode(db)) ?? site.url }
}

/** Commands by which staff manage the people of an account. */
export function addPeopleCommands(account: Command) {
  addInvite(account)
  addLog(account)
  addSignOut(account)
  addRemoveCodes(account)
}

function addInvite(account: Command) {
  account
    .command('invite')
    .description('mail the owner of an account a link to choose a password; prints the link too')
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--json', 'answer in JSON')
    .action((options: OfAccount) =>
      withDatabase(async (db) => {
        const config = readConfig()
        const house = { db, now: () => new Date(), secret: await openSecret(config), site: await siteHere(db, config) }
        const { email, link } = await inviteToAccount(house, options.account)
        const how = config.mail ? 'The link is on its way by mail, too.' : 'DOCKET_SMTP_URL is not set: hand the link over yourself.'
        print(options.json, { account: options.account, email, link }, `For ${email}, once, within a week:\n\n  ${link}\n\n${how}`)
      }),
    )
}

function addLog(account: Command) {
  account
    .command('log')
    .description('who did what to an account, when and from where; newest first')
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--most <number>', 'how many entries', whole, 50)
    .option('--json', 'answer in JSON')
    .action((options: OfAccount & { most: number }) =>
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

function addSignOut(account: Command) {
  account
    .command('sign-out')
    .description('sign every browser of an account out')
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--json', 'answer in JSON')
    .action((options: OfAccount) =>
      withDatabase(async (db) => {
        const ended = await signOutAccount({ db, now: () => new Date() }, options.account)
        print(options.json, { account: options.account, ended }, `Account ${options.account}: ${ended} signed out`)
      }),
    )
}

function addRemoveCodes(account: Command) {
  account
    .command('remove-codes')
    .description('stop asking for sign-in codes, for a person who has lost phone and recovery codes; signs every browser out')
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--json', 'answer in JSON')
    .action((options: OfAccount) =>
      withDatabase(async (db) => {
        await removeSecondFactorOf({ db, now: () => new Date() }, options.account)
        print(options.json, { account: options.account, codes: false }, `Account ${options.account} signs in by password only`)
      }),
    )
}
