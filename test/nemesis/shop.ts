import { randomUUID } from 'node:crypto'
import { setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { importServices, readServiceList, setService } from '../../server/catalog/import.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { houseRuleAdd } from '../../server/acts/house-rule-add.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import type { Account } from './history.ts'
import { houseOf, run } from '../support/acts.ts'

/** Services whose orders wait for nobody, so that a database at rest stays at rest. */
export const PLAIN_SERVICES = [1001, 1002, 1003] as const
/** Worked by the simulated supplier: partly done, cancelled and refunded by what the link says. */
export const WORKED_SERVICE = 1004
/** Worked by the lying supplier of the checker, where the plan has one. */
export const LYING_SERVICE = 1005
export const COMMENTS_SERVICE = 1006
export const FIRST_RATE_CENTS = 100
const MOST_ACCOUNTS = 160
/** Every eighth account runs out of money during a run. */
const SHORT_BALANCE = '3'
const BALANCE = '5000'

/** An empty database becomes a shop with accounts, services and a house rule. */
export async function fitOutShop(url: string): Promise<Account[]> {
  await migrate(url)
  const db = openPool(url, { size: 2, name: 'nemesis shop' })
  try {
    const numbers = [...PLAIN_SERVICES, WORKED_SERVICE, LYING_SERVICE, COMMENTS_SERVICE]
    const listed = numbers.map((service) => ({
      service,
      name: `Service ${service}`,
      type: service === COMMENTS_SERVICE ? 'Custom Comments' : 'Default',
      rate: '1.00',
      min: 1,
      max: 1_000_000,
    }))
    await importServices(db, readServiceList(JSON.stringify(listed)))
    await setOnlySupplier(db, WORKED_SERVICE, 'simulated')
    await run(houseOf(db), houseRuleAdd, { kind: 'host', pattern: 'refused.example.org', reason: 'the checker' })
    const accounts: Account[] = []
    for (let index = 0; index < MOST_ACCOUNTS; index += 1) {
      const balance = parseUnits(index % 8 === 7 ? SHORT_BALANCE : BALANCE)
      const email = `${randomUUID()}@example.com`
      const { account, key } = await addFundedAccount(db, { email, currency: 'USD', balance, note: 'nemesis' }, new Date())
      const { rows } = await db.query<{ id: number }>('select id from books where account_id = $1 and not play', [account])
      accounts.push({ account, key, book: rows[0]!.id, paidIn: balance })
    }
    return accounts
  } finally {
    await db.end()
  }
}

/** From this commit on every node must charge the new rate. */
export async function changeRate(url: string, service: number, rate: string): Promise<void> {
  const db = openPool(url, { size: 1, name: 'nemesis prices', queryTimeoutMs: 5000 })
  try {
    await changeCatalogue(db, (tx) => setService(tx, service, { rate }))
  } finally {
    await db.end()
  }
}
