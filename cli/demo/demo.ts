import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { accountAdd } from '../../server/acts/account-add.ts'
import { accountInvite } from '../../server/acts/account-invite.ts'
import { announcementPublish } from '../../server/acts/announcement-publish.ts'
import { announcementAdd, announcementWrite } from '../../server/acts/announcement-set.ts'
import { listAnnouncements } from '../../server/announcements/announcements.ts'
import { fund } from '../../server/acts/fund.ts'
import type { House } from '../../server/acts/house.ts'
import { keyAdd } from '../../server/acts/key-add.ts'
import { paymentMethodAdd } from '../../server/acts/payment-method-add.ts'
import { paymentMethodSet } from '../../server/acts/payment-method-set.ts'
import { paymentMethodOn } from '../../server/acts/payment-method-switch.ts'
import { paymentMethodTest } from '../../server/acts/payment-method-test.ts'
import { rateSet } from '../../server/acts/rate-set.ts'
import { serviceImport } from '../../server/acts/service-import.ts'
import { serviceSet } from '../../server/acts/service-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffInvite } from '../../server/acts/staff-invite.ts'
import { readCatalogue } from '../../server/catalog/catalogue.ts'
import type { Config } from '../../server/config.ts'
import { listAccounts } from '../../server/customers/accounts.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { formatUnits, parseUnits } from '../../server/ledger/money.ts'
import type { Node } from '../../server/main.ts'
import { readMethods } from '../../server/payments/methods.ts'
import { listRates } from '../../server/payments/rates.ts'
import { listPages } from '../../server/site-pages/read-pages.ts'
import { fixedBy } from '../../server/settings/fields.ts'
import { readStaffTable } from '../../server/staff/staff-table.ts'
import { withHouseOn } from '../house.ts'
import { demoCatalogue } from './catalogue.ts'
import { type DemoPanel, openDemoPanel, RESELLER } from './child-panel.ts'
import { DEMO_ACCOUNT, DEMO_OWNER, run } from './history.ts'
import { publishDemoPages } from './own-pages.ts'

const DEMO = 'demo'

/** Fills an empty database with the demo catalogue and account, and returns a text that explains how to order. Later starts keep the data and the
 * printed keys, so programs that use them continue to work. */
export async function prepareDemo(node: Node, config: Config): Promise<string> {
  const db = openPool(node.databaseUrl, { size: 2, name: 'docket demo' })
  try {
    return await withHouseOn(db, config, async (house) => {
      await fillCatalogue(house)
      const account = await demoAccount(house)
      const keys = await demoKeys(house, node, config, account)
      const { wallet, currency } = (await listAccounts(db)).find((each) => each.id === account)!
      const { link } = await run(house, accountInvite, { account })
      const deskLink = await invitedOwner(house)
      await offerTransfer(house)
      await showCurrencies(house)
      await announceSomething(house)
      await openShopFront(house)
      const isLater = await hasOrders(db)
      const panel = await openDemoPanel(house, { node, config, withOrders: isLater })
      const balance = `${formatUnits(wallet ?? 0n)} ${currency}`
      return welcome({ url: node.url!, ...keys, link, deskLink, panel, hasOrders: isLater }, balance)
    })
  } finally {
    await db.end()
  }
}

async function fillCatalogue(house: House) {
  const { services } = await readCatalogue(house.db)
  if (services.size > 0) return
  await run(house, serviceImport, { services: demoCatalogue })
  for (const { service } of demoCatalogue) await run(house, serviceSet, { service, supplier: 'simulated' })
}

async function demoAccount(house: House): Promise<number> {
  const existing = (await listAccounts(house.db)).find((account) => account.email === DEMO_ACCOUNT.email)
  if (!existing) return (await run(house, accountAdd, DEMO_ACCOUNT)).account
  if ((existing.wallet ?? 0n) < parseUnits('1'))
    await run(house, fund, { account: existing.id, amount: DEMO_ACCOUNT.balance, note: DEMO_ACCOUNT.note })
  return existing.id
}

/** The owner who runs the demo's desk, with a new link to choose a password. */
async function invitedOwner(house: House): Promise<string> {
  const owner = (await readStaffTable(house.db, new Date())).find(({ email }) => email === DEMO_OWNER.email)
  const staff = owner?.id ?? (await run(house, staffAdd, DEMO_OWNER)).staff
  return (await run(house, staffInvite, { staff })).link
}

/** A transfer that staff look at: the one way to pay that needs nobody else. */
async function offerTransfer(house: House): Promise<void> {
  if ((await readMethods(house.db)).length > 0) return
  const { method } = await run(house, paymentMethodAdd, {
    gateway: 'manual',
    name: 'Transfer to our bank',
    settings: { account: 'DE89 3704 0044 0532 0130 00', holder: 'Docket Demo Ltd', bank: 'Example Bank' },
  })
  await run(house, paymentMethodSet, { method, words: 'We look at our account twice a day.', least: '10', bonuses: ['100 USD 5'] })
  await run(house, paymentMethodTest, { method })
  await run(house, paymentMethodOn, { method })
}

/** One announcement for everybody, in two languages, so that pages and desk show what they look like. */
async function announceSomething(house: House): Promise<void> {
  if ((await listAnnouncements(house.db, { before: null, most: 1 })).length > 0) return
  const text = 'Services of **our own** are delivered by hand on weekdays. Orders of the weekend begin on Monday.'
  const { announcement } = await run(house, announcementAdd, { title: 'Slower on weekends', text, to_programs: true, by_mail: true })
  const german = 'Was **wir selbst** liefern, wird werktags von Hand gemacht. Bestellungen vom Wochenende beginnen am Montag.'
  await run(house, announcementWrite, { announcement, language: 'de', title: 'Am Wochenende langsamer', text: german })
  await run(house, announcementPublish, { announcement })
}

/** Terms and answers of the operator's own, and a list of services for everybody; what the operator has changed stays. */
async function openShopFront(house: House): Promise<void> {
  if ((await listPages(house.db)).length > 0) return
  await publishDemoPages((act, input) => run(house, act, input))
  await run(house, settingsSet, { front_services: true, status_page: true })
}

const DEMO_RATES = { EUR: '0.92', JPY: '151.2' } as const

/** Prices are shown in two more currencies, by rates that are said again at each start so that they are not too old; what the operator has changed stays. */
async function showCurrencies(house: House): Promise<void> {
  const said = await listRates(house.db)
  if (house.settings().currency !== 'USD' || said.some(({ source }) => source !== DEMO)) return
  for (const [currency, exchange] of Object.entries(DEMO_RATES)) await run(house, rateSet, { base: 'USD', currency, exchange })
  const isFixed = fixedBy(house.config, 'shown_currencies') !== null
  if (said.length === 0 && !isFixed) await run(house, settingsSet, { shown_currencies: Object.keys(DEMO_RATES) })
}

interface DemoKeys {
  readonly key: string
  readonly testKey: string
}

/** The database stores only hashes of keys, so the demo keeps its two keys in a file in the data directory, readable by its owner only. */
async function demoKeys(house: House, node: Node, config: Config, account: number): Promise<DemoKeys> {
  const file = path.join(config.dataDirectory, 'demo-keys.json')
  const kept = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as DemoKeys,
    () => undefined,
  )
  if (kept && (await isTaken(node, kept.key)) && (await isTaken(node, kept.testKey))) return kept
  const { key } = await run(house, keyAdd, { account, label: 'demo' })
  const test = await run(house, keyAdd, { account, label: 'demo test', test: true })
  const keys = { key, testKey: test.key }
  await mkdir(config.dataDirectory, { recursive: true })
  await writeFile(file, JSON.stringify(keys), { mode: 0o600 })
  return keys
}

async function isTaken(node: Node, key: string): Promise<boolean> {
  const answer = await fetch(`${node.url}/api/v2`, { method: 'POST', body: new URLSearchParams({ key, action: 'balance' }) })
  return 'balance' in ((await answer.json()) as object)
}

/** Whether somebody has ordered as this account: the first order has no number yet that could be told. */
async function hasOrders(db: Database): Promise<boolean> {
  return (await db.query('select from orders limit 1')).rows.length > 0
}

interface Welcome extends DemoKeys {
  readonly url: string
  readonly link: string
  readonly deskLink: string
  readonly panel: DemoPanel | undefined
  readonly hasOrders: boolean
}

function welcome({ url, key, testKey, link, deskLink, panel, hasOrders: isLater }: Welcome, balance: string): string {
  return `
Docket is ready on ${url}

  API       ${url}/api/v2
  Docs      ${url}/api
  Key       ${key}
  Test key  ${testKey}   (test money)
  Balance   ${balance}
  Pages     ${url}/sign-in   as ${DEMO_ACCOUNT.email}, with a password that you choose first:
            ${link}
  Desk      ${url}/desk   as ${DEMO_OWNER.email}, in the same way:
            ${deskLink}${panel ? childPanel(panel) : ''}
  Mails     ${url}/dev/mailbox

Place an order:

  curl ${url}/api/v2 -d key=${key} -d action=add -d service=101 -d link=https://example.com/post/1 -d quantity=500

See how it stands (the simulated supplier finishes it in about a minute)${isLater ? ', with the number that it answered' : ''}:

  curl ${url}/api/v2 -d key=${key} -d action=status -d order=${isLater ? 'NUMBER' : '1'}

A link that ends in #partial, #canceled, #refused or #stuck shows that ending. Ctrl-C stops; the data stays.
`
}

function childPanel({ url, deskLink }: DemoPanel): string {
  return `
  Child     ${url}   a panel that ${RESELLER.email} has bought, who sets its own desk up here:
            ${deskLink}`
}
