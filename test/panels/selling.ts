import { childAdd } from '../../server/acts/child-add.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { findChild } from '../../server/children/children.ts'
import type { Database } from '../../server/db/pool.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { bindSupplier, setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import type { World } from './world.ts'

let owners = 0

/** What tests do in a world of a parent and its children: accounts, panels, services, calls. */
export function sellingIn(world: World) {
  const account = (db: Database, balance = '100') =>
    addFundedAccount(
      db,
      { email: `owner${(owners += 1)}@example.com`, currency: 'USD', balance: parseUnits(balance), note: 'test' },
      world.clock.now(),
    )

  const isOpen = async (host: string) => (await findChild(world.db, host)).state === 'open'

  return {
    account,

    /** A panel of a new account, once it answers. */
    sellPanel: async (host: string): Promise<{ account: number; key: string; link: string }> => {
      const owner = await account(world.db)
      const { link } = await run(world.house, childAdd, { url: `http://${host}`, account: owner.account })
      const isReady = async () => (await world.ask(host, '/readyz')).text.includes('"ready"')
      await eventually(`${host} is ready`, async () => (await isReady()) && isOpen(host))
      return { ...owner, link }
    },

    /** A call of the customers' API at a host. */
    call: async (host: string, parameters: Record<string, string>): Promise<any> => {
      const body = new URLSearchParams(parameters).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return JSON.parse((await world.ask(host, '/api/v2', { method: 'POST', body, headers })).text)
    },

    /** A service of the parent, which simulates the work, sold on by the child at twice its price. Answers a pool in the child's database. */
    offer: async (host: string, service: number): Promise<Database> => {
      await importServices(world.db, listed(service, '1'))
      await setOnlySupplier(world.db, service, 'simulated')
      const child = await world.inside(host)
      await importServices(child, listed(service, '2'))
      const theirs = { theirService: String(service), costRate: null, multiplier: 1, position: null, theirType: null }
      await bindSupplier(child, service, 'Docket', theirs)
      return child
    },
  }
}

const listed = (service: number, rate: string) =>
  readServiceList(JSON.stringify([{ service, name: 'Views', type: 'Default', category: 'Test', rate, min: 1, max: 1000 }]))
