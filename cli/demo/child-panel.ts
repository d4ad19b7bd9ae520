import { accountAdd } from '../../server/acts/account-add.ts'
import { childAdd } from '../../server/acts/child-add.ts'
import type { House } from '../../server/acts/house.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffInvite } from '../../server/acts/staff-invite.ts'
import { supplierImport } from '../../server/acts/supplier-import.ts'
import { childDatabaseUrl, configOf } from '../../server/children/access.ts'
import { type Child, findChild } from '../../server/children/children.ts'
import { mayMakeDatabases } from '../../server/children/databases.ts'
import { makeChild, type Maker } from '../../server/children/make.ts'
import type { Config } from '../../server/config.ts'
import { listAccounts } from '../../server/customers/accounts.ts'
import { openPool } from '../../server/db/pool.ts'
import type { Node } from '../../server/main.ts'
import { isRefusal } from '../../server/refusal.ts'
import { openSecret } from '../../server/secret.ts'
import { fixedBy } from '../../server/settings/fields.ts'
import { readStaffTable } from '../../server/staff/staff-table.ts'
import { readSuppliers } from '../../server/suppliers/registry.ts'
import { withHouseOn } from '../house.ts'
import { openCounter } from './counter.ts'
import { run } from './history.ts'

/** Browsers and most systems take every name that ends in .localhost for this machine. */
const HOST = 'child.localhost'
const NAME = 'Second Street'
const RENT = '10'

/** The customer who has bought the panel, and owns it. */
export const RESELLER = { email: 'reseller@docket.example', balance: '200', note: 'demo balance' }
const OWNER = { email: RESELLER.email, name: 'Rita Reseller', role: 'owner' }
const CUSTOMER = { email: 'customer@second-street.example', balance: '50', note: 'demo balance' }
const MARGIN = '30%'
const ORDERS = [
  { service: '101', quantity: '4000', link: 'https://example.com/post/2101' },
  { service: '102', quantity: '120', link: 'https://example.com/post/2102' },
  { service: '102', quantity: '60', link: 'https://example.com/post/2103#partial' },
  { service: '101', quantity: '1500', link: 'https://example.com/post/2104' },
]

export interface DemoPanel {
  readonly url: string
  /** Its owner chooses a password there. */
  readonly deskLink: string
}

/** The child panel of the demo; undefined where none can be made, or where the operator has closed it. `withOrders`: its customer has ordered. */
export async function openDemoPanel(
  house: House,
  { node, config, withOrders }: { readonly node: Node; readonly config: Config; readonly withOrders: boolean },
): Promise<DemoPanel | undefined> {
  if (!config.hostsChildren || !(await mayMakeDatabases(house.db))) return undefined
  const url = `http://${HOST}:${new URL(node.url!).port}`
  const child = (await soldBefore(house)) ?? (await sell(house, url))
  if (child.state !== 'making' && child.state !== 'open') return undefined
  const site = await house.site()
  const maker: Maker = { db: house.db, databaseUrl: node.databaseUrl, secret: await openSecret(config), now: house.now, site: () => site }
  if (child.state === 'making') await makeChild(maker, child)
  // The demo may listen at another port than when the panel was sold.
  return { url, deskLink: await setUp(maker, config, { child: { ...child, url }, withOrders }) }
}

async function soldBefore({ db }: House): Promise<Child | undefined> {
  return findChild(db, HOST).catch((error: unknown) => {
    if (isRefusal(error, 'unknown_child_panel')) return undefined
    throw error
  })
}

/** From then on customers can buy panels too. */
async function sell(house: House, url: string): Promise<Child> {
  if (fixedBy(house.config, 'child_rent') === null) await run(house, settingsSet, { child_rent: RENT })
  const { account } = await run(house, accountAdd, RESELLER)
  await run(house, childAdd, { url, account, name: NAME, rent: RENT })
  return findChild(house.db, HOST)
}

interface Wanted {
  readonly child: Child
  readonly withOrders: boolean
}

/** Sets up in its database what is missing; answers a new link for its owner. */
async function setUp(maker: Maker, config: Config, { child, withOrders }: Wanted): Promise<string> {
  const url = await childDatabaseUrl(maker, child)
  const db = openPool(url, { size: 2, name: 'docket demo' })
  try {
    return await withHouseOn(db, configOf(config, { ...maker, mailFrom: undefined }, child, url), async (house) => {
      if ((await listAccounts(db)).length === 0) await fill(house, withOrders)
      const owner = (await readStaffTable(db, house.now())).find(({ email }) => email === OWNER.email)
      const staff = owner?.id ?? (await run(house, staffAdd, OWNER)).staff
      return (await run(house, staffInvite, { staff })).link
    })
  } finally {
    await db.end()
  }
}

/** Services of the panel that sold it, and a customer. */
async function fill(house: House, withOrders: boolean): Promise<void> {
  const { name } = (await readSuppliers(house.db)).find(({ locked }) => locked)!
  await run(house, supplierImport, { name, margin: MARGIN, keep_ids: true })
  const { account } = await run(house, accountAdd, CUSTOMER)
  if (!withOrders) return
  const counter = await openCounter(house.db, house.now)
  try {
    for (const order of ORDERS) await counter.place(account, order)
  } finally {
    await counter.close()
  }
}
