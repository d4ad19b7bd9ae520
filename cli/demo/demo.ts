import { setOnlySupplier } from '../../server/binding.ts'
import { readCatalogue } from '../../server/catalog/catalogue.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import type { Config } from '../../server/config.ts'
import { siteOf } from '../../server/customers/account-desk.ts'
import { addAccount, fund, listAccounts } from '../../server/customers/accounts.ts'
import { addKey, listKeys, revokeKey } from '../../server/customers/keys.ts'
import { inviteToAccount } from '../../server/customers/invite.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { formatUnits, parseUnits } from '../../server/ledger/money.ts'
import type { Node } from '../../server/main.ts'
import { openSecret } from '../../server/secret.ts'
import { demoCatalogue } from './catalogue.ts'

const EMAIL = 'demo@docket.example'
const BALANCE = parseUnits('100')

/** Fills an empty desk with the demo catalogue and account, and tells how to order. On later starts it keeps what is there
 * and only makes a fresh key, because the old one is stored nowhere. */
export async function prepareDemo(node: Node, config: Config): Promise<string> {
  const db = openPool(node.databaseUrl, { size: 2, name: 'docket demo' })
  try {
    await fillCatalogue(db)
    const { key, accountId } = await demoKey(db)
    const test = await addKey(db, accountId, { test: true, label: 'demo test' }, new Date())
    const account = (await listAccounts(db)).find((each) => each.id === accountId)!
    const site = { ...siteOf(config), url: config.publicUrl ?? node.url! }
    const { link } = await inviteToAccount({ db, now: () => new Date(), secret: await openSecret(config), site }, accountId)
    return welcome({ url: node.url!, key, testKey: test.key, link }, `${formatUnits(account.wallet ?? 0n)} ${account.currency}`)
  } finally {
    await db.end()
  }
}

async function fillCatalogue(db: Database) {
  const { services } = await readCatalogue(db)
  if (services.size > 0) return
  const list = readServiceList(JSON.stringify(demoCatalogue))
  await importServices(db, list)
  for (const { service } of list) await setOnlySupplier(db, service, 'simulated')
}

async function demoKey(db: Database): Promise<{ key: string; accountId: number }> {
  const now = new Date()
  const existing = (await listAccounts(db)).find((account) => account.email === EMAIL)
  if (!existing) {
    const added = await addAccount(db, { email: EMAIL, currency: 'USD', balance: BALANCE, note: 'demo balance' }, now)
    return { key: added.key, accountId: added.account }
  }
  for (const old of await listKeys(db, existing.id)) {
    if (!old.revokedAt && (old.label === 'first' || old.label.startsWith('demo'))) await revokeKey(db, old.id, now)
  }
  if ((existing.wallet ?? 0n) < parseUnits('1'))
    await fund(db, existing.id, { amount: BALANCE, note: 'demo balance', reference: null }, now)
  const { key } = await addKey(db, existing.id, { test: false, label: 'demo' }, now)
  return { key, accountId: existing.id }
}

function welcome({ url, key, testKey, link }: { url: string; key: string; testKey: string; link: string }, balance: string): string {
  return `
Docket is ready on ${url}

  API       ${url}/api/v2
  Docs      ${url}/api
  Key       ${key}
  Test key  ${testKey}   (test money)
  Balance   ${balance}
  Pages     ${url}/sign-in   as ${EMAIL}, with a password that you choose first:
            ${link}
  Mails     ${url}/dev/mailbox

Place an order:

  curl ${url}/api/v2 -d key=${key} -d action=add -d service=101 -d link=https://example.com/post/1 -d quantity=500

See how it stands (the simulated supplier finishes it in about a minute):

  curl ${url}/api/v2 -d key=${key} -d action=status -d order=1

A link that ends in #partial, #canceled, #refused or #stuck shows that ending. Ctrl-C stops; the data stays.
`
}
