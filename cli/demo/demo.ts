import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { readCatalogue } from '../../server/catalog/catalogue.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import type { Config } from '../../server/config.ts'
import { siteOf } from '../../server/customers/account-context.ts'
import { addAccount, fund, listAccounts } from '../../server/customers/accounts.ts'
import { addKey } from '../../server/customers/keys.ts'
import { inviteToAccount } from '../../server/customers/invite.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { formatUnits, parseUnits } from '../../server/ledger/money.ts'
import type { Node } from '../../server/main.ts'
import { openSecret } from '../../server/secret.ts'
import { demoCatalogue } from './catalogue.ts'

const EMAIL = 'demo@docket.example'
const BALANCE = parseUnits('100')

/** Fills an empty database with the demo catalogue and account, and returns a text that explains how to order. Later starts keep the data and the
 * printed keys, so programs that use them continue to work. */
export async function prepareDemo(node: Node, config: Config): Promise<string> {
  const db = openPool(node.databaseUrl, { size: 2, name: 'docket demo' })
  try {
    await fillCatalogue(db)
    const accountId = await demoAccount(db)
    const keys = await demoKeys(db, node, config, accountId)
    const account = (await listAccounts(db)).find((each) => each.id === accountId)!
    const site = { ...siteOf(config), url: config.publicUrl ?? node.url! }
    const { link } = await inviteToAccount({ db, now: () => new Date(), secret: await openSecret(config), site }, accountId)
    const balance = `${formatUnits(account.wallet ?? 0n)} ${account.currency}`
    return welcome({ url: node.url!, ...keys, link, hasOrders: await hasOrders(db) }, balance)
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

async function demoAccount(db: Database): Promise<number> {
  const now = new Date()
  const existing = (await listAccounts(db)).find((account) => account.email === EMAIL)
  if (!existing) return (await addAccount(db, { email: EMAIL, currency: 'USD', balance: BALANCE, note: 'demo balance' }, now)).account
  if ((existing.wallet ?? 0n) < parseUnits('1'))
    await fund(db, existing.id, { amount: BALANCE, note: 'demo balance', reference: null }, now)
  return existing.id
}

interface DemoKeys {
  readonly key: string
  readonly testKey: string
}

/** The database stores only hashes of keys, so the demo keeps its two keys in a file in the data directory, readable by its owner only. */
async function demoKeys(db: Database, node: Node, config: Config, accountId: number): Promise<DemoKeys> {
  const file = path.join(config.dataDirectory, 'demo-keys.json')
  const kept = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as DemoKeys,
    () => undefined,
  )
  if (kept && (await isTaken(node, kept.key)) && (await isTaken(node, kept.testKey))) return kept
  const { key } = await addKey(db, accountId, { test: false, label: 'demo' }, new Date())
  const test = await addKey(db, accountId, { test: true, label: 'demo test' }, new Date())
  const keys = { key, testKey: test.key }
  await mkdir(config.dataDirectory, { recursive: true })
  await writeFile(file, JSON.stringify(keys), { mode: 0o600 })
  return keys
}

async function isTaken(node: Node, key: string): Promise<boolean> {
  const answer = await fetch(`${node.url}/api/v2`, { method: 'POST', body: new URLSearchParams({ key, action: 'balance' }) })
  return 'balance' in ((await answer.json()) as object)
}

async function hasOrders(db: Database): Promise<boolean> {
  return (await db.query('select from orders limit 1')).rows.length > 0
}

interface Welcome extends DemoKeys {
  readonly url: string
  readonly link: string
  readonly hasOrders: boolean
}

function welcome({ url, key, testKey, link, hasOrders: isLater }: Welcome, balance: string): string {
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

See how it stands (the simulated supplier finishes it in about a minute)${isLater ? ', with the number that it answered' : ''}:

  curl ${url}/api/v2 -d key=${key} -d action=status -d order=${isLater ? 'NUMBER' : '1'}

A link that ends in #partial, #canceled, #refused or #stuck shows that ending. Ctrl-C stops; the data stays.
`
}
