import { accountAdd } from '../../server/acts/account-add.ts'
import type { ActWith } from '../../server/acts/act.ts'
import { fund } from '../../server/acts/fund.ts'
import type { House } from '../../server/acts/house.ts'
import { runAct } from '../../server/acts/run-act.ts'
import { serviceBind } from '../../server/acts/service-bind.ts'
import { serviceImport } from '../../server/acts/service-import.ts'
import { serviceSet } from '../../server/acts/service-set.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { supplierAdd } from '../../server/acts/supplier-add.ts'
import type { Config } from '../../server/config.ts'
import { openPool, transaction } from '../../server/db/pool.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import type { Supplier } from '../../server/suppliers/supplier.ts'
import { withHouseOn } from '../house.ts'
import { demoCatalogue } from './catalogue.ts'
import { openCounter } from './counter.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { makeReferrer } from '../../server/referrals/referrers.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { type Dice, diceFrom } from './dice.ts'
import { openStories } from './tickets.ts'

/** The account that the demo prints a key of; the first one of all. */
export const DEMO_ACCOUNT = { email: 'demo@docket.example', balance: '100', note: 'demo balance' }

/** Who runs the demo's desk. */
export const DEMO_OWNER = { email: 'owner@docket.example', name: 'Olive Owner', role: 'owner' }

const DAYS = 30
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Orders are placed at these hours (UTC) of each day, and followed until the next of them. */
const HOURS = [8, 16]

/** Two suppliers that only simulate the work. The first is the cheaper one, and becomes slow in the last days. */
const HARBOUR = { name: 'Harbour Studio', costShare: 0.55, speed: 0.05, slowSpeed: 0.004 }
const NORTHSIDE = { name: 'Northside Media', costShare: 0.68, speed: 0.03, slowSpeed: 0.03 }
const SLOW_DAYS = 4
const RECENT_DAYS = 3

const CUSTOMERS = [
  { email: 'hello@bluefin-agency.example', deposit: 900, appetite: 4, isBrought: false },
  { email: 'orders@marigold-media.example', deposit: 400, appetite: 3, isBrought: true },
  { email: 'team@tallgrass-studio.example', deposit: 250, appetite: 2, isBrought: false },
  { email: 'buyer@second-street-shop.example', deposit: 120, appetite: 1, isBrought: true },
]

/** The services that its customers order most, with the quantities they order. */
const ORDERED = [
  { service: 101, least: 500, most: 8000 },
  { service: 101, least: 500, most: 3000 },
  { service: 102, least: 10, most: 200 },
]

interface Filling {
  /** Called before the long work. */
  readonly begins: () => void
  /** Whether it should end early. */
  readonly isOver: () => boolean
}

/** Fills a database that nobody has used yet; any other one stays as it is. */
export async function fillEmptyPast(databaseUrl: string, config: Config, { begins, isOver }: Filling): Promise<void> {
  const db = openPool(databaseUrl, { size: 4, name: 'docket demo' })
  try {
    if ((await db.query('select from accounts limit 1')).rows.length > 0) return
    begins()
    await withHouseOn(db, config, (house) => fillHistory(house, new Date(), isOver))
  } finally {
    await db.end()
  }
}

/**
 * Fills an empty database with a month: customers, deposits, orders that were placed, handed over and followed by the same functions as today's, at
 * moments of the past, and tickets of the last days. Some orders failed, and one supplier has become slow. The same dice fall each time.
 */
async function fillHistory(today: House, until: Date, isOver: () => boolean): Promise<void> {
  const dice = diceFrom(20_260_301)
  let time = until.getTime() - DAYS * DAY_MS
  const now = () => new Date(time)
  const house = { ...today, now }
  await fillOffer(house)
  await run(house, staffAdd, DEMO_OWNER)
  const { account } = await run(house, accountAdd, DEMO_ACCOUNT)
  const customers = await openCustomers(house, account)
  const suppliers = await Promise.all([HARBOUR, NORTHSIDE].map(async (each) => ({ ...each, id: await supplierId(house, each.name) })))
  const counter = await openCounter(house.db, now)
  const stories = await openStories(house, until)
  const moveTo = async (moment: number) => {
    await stories.tell(moment, (at) => {
      time = at
    })
    time = moment
  }
  const work = async (daysLeft: number) => {
    for (const { id: supplierId, speed, slowSpeed } of suppliers) {
      const simulated = simulatedSupplier({ db: house.db, now, speed: daysLeft <= SLOW_DAYS ? slowSpeed : speed, keepsRetryKeys: false })
      const context = { db: house.db, now, supplierId, supplier: losingSome(simulated) }
      await handOff(context)
      await poll(context)
    }
  }
  try {
    for (let daysLeft = DAYS; daysLeft >= 0 && !isOver(); daysLeft -= 1) {
      const day = Math.floor((until.getTime() - daysLeft * DAY_MS) / DAY_MS) * DAY_MS
      if (daysLeft % 10 === 0) await deposit(house, customers)
      for (const hour of HOURS) {
        const begins = day + hour * HOUR_MS
        if (begins > until.getTime() - 2 * HOUR_MS) continue
        await moveTo(begins + dice.below(HOUR_MS))
        await placeSome(counter, customers, { dice, daysLeft, isQuiet: isWeekend(now()) })
        await work(daysLeft)
        await moveTo(Math.min(begins + 7 * HOUR_MS, until.getTime() - HOUR_MS))
        await work(daysLeft)
      }
    }
    if (!isOver()) await moveTo(until.getTime() - HOUR_MS)
  } finally {
    await counter.close()
  }
}

async function fillOffer(house: House) {
  await run(house, serviceImport, { services: demoCatalogue })
  for (const { name } of [HARBOUR, NORTHSIDE]) await run(house, supplierAdd, { name, protocol: 'simulated', keeps_retry_keys: false })
  const isMade = (service: number) => ORDERED.some((ordered) => ordered.service === service)
  for (const { service, rate } of demoCatalogue) {
    await run(house, serviceSet, isMade(service) ? { service, when_all_refuse: 'attention' } : { service, supplier: 'simulated' })
    if (!isMade(service)) continue
    // The one that is asked first is cheaper for most, and not for all.
    for (const { name, costShare } of service === 102 ? [NORTHSIDE, HARBOUR] : [HARBOUR, NORTHSIDE]) {
      const cost = (Number(rate) * costShare).toFixed(4)
      await run(house, serviceBind, { service, supplier: name, their_service: `${service}`, cost_rate: cost })
    }
  }
}

interface Customer {
  readonly account: number
  readonly deposit: number
  readonly appetite: number
}

// More than a month earns, so that the demo's own balance stays what is printed.
const LEAST_PAID = '50'
const PROGRAM = { isOn: true, basisPoints: 500, days: 7, least: parseUnits(LEAST_PAID) }

/** Opens the accounts of the customers. Some of them came by the link of the demo's own account. */
async function openCustomers(house: House, by: number): Promise<Customer[]> {
  const opened: Customer[] = []
  await run(house, settingsSet, { referrals: true, referral_days: PROGRAM.days, referral_least: LEAST_PAID })
  await transaction(house.db, (tx) => makeReferrer(tx, by, house.now()))
  // The settings of this process were read before that.
  const open = { ...house, settings: () => ({ ...house.settings(), referrals: PROGRAM }) }
  for (const { email, isBrought, ...customer } of CUSTOMERS) {
    const first = { email, note: 'first deposit', balance: String(customer.deposit), ...(isBrought && { referrer: by }) }
    const { account } = await run(open, accountAdd, first)
    opened.push({ account, ...customer })
  }
  return opened
}

async function deposit(house: House, customers: readonly Customer[]) {
  for (const { account, deposit: amount } of customers) await run(house, fund, { account, amount: String(amount), note: 'bank transfer' })
}

async function placeSome(
  counter: Awaited<ReturnType<typeof openCounter>>,
  customers: readonly Customer[],
  { dice, daysLeft, isQuiet }: { dice: Dice; daysLeft: number; isQuiet: boolean },
) {
  const placing = customers.flatMap(({ account, appetite }) => {
    // The house has grown through the month.
    const orders = Math.round((appetite * (1.4 - daysLeft / 50) + dice.below(2)) * (isQuiet ? 0.5 : 1))
    return Array.from({ length: orders }, () => counter.place(account, orderBy(dice, daysLeft <= RECENT_DAYS)))
  })
  // A customer whose balance does not suffice is refused, as on any day.
  await Promise.all(placing)
}

function orderBy(dice: Dice, isRecent: boolean): Readonly<Record<string, string>> {
  const { service, least, most } = ORDERED[dice.below(ORDERED.length)]!
  const quantity = Math.round((least + dice.below(most - least)) / 10) * 10
  return {
    service: String(service),
    quantity: String(quantity),
    link: `https://example.com/post/${dice.below(9000) + 1000}${endingBy(dice, isRecent)}`,
  }
}

/** About one order in twelve does not end well. What waits for a person is of the last days: the older ones were decided. */
function endingBy(dice: Dice, isRecent: boolean): string {
  const face = dice.below(100)
  if (face < 4) return '#partial'
  if (face < 6) return '#canceled'
  if (!isRecent) return ''
  if (face < 8) return '#refused'
  return face < 10 ? '#lost' : ''
}

/** The answer to an order whose link ends in #lost is lost, so that nobody knows whether it arrived. */
function losingSome(supplier: Supplier): Supplier {
  return {
    ...supplier,
    add: async (order) => (order.link.endsWith('#lost') ? { kind: 'unknown', words: 'no answer within 30 s' } : supplier.add(order)),
  }
}

async function supplierId(house: House, name: string): Promise<number> {
  const { rows } = await house.db.query<{ id: number }>('select id from suppliers where name = $1', [name])
  return rows[0]!.id
}

/** Does it as the demo. */
export async function run<Result extends object>(house: House, act: ActWith<Result>, input: object): Promise<Result> {
  return (await runAct(house, machineUser('demo'), act, { input })).result
}

function isWeekend(day: Date): boolean {
  return day.getUTCDay() % 6 === 0
}
