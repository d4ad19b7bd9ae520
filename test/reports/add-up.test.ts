import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fund } from '../../server/payments/fund.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { giveTo } from '../../server/orders/hand-over.ts'
import { openAddingUp } from '../../server/reports/add-up.ts'
import { readOwed } from '../../server/ledger/owed.ts'
import { readOwedOnDay } from '../../server/reports/owed-on-day.ts'
import { marginOf, readCountedAt, readHours } from '../../server/reports/read.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const docket = openDocket()
const { clock } = docket
let nodes: [Database, Database]
let suppliers: [number, number]

beforeAll(async () => {
  nodes = [openPool(docket.databaseUrl, { size: 2, name: 'reports 1' }), openPool(docket.databaseUrl, { size: 2, name: 'reports 2' })]
  const { rows } = await docket.db.query<{ id: number }>(
    `insert into suppliers (name, protocol) values ('Cheap', 'simulated'), ('Dear', 'simulated') returning id`,
  )
  suppliers = [rows[0]!.id, rows[1]!.id]
})
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.end()))
})

/** Until everything is added up. */
async function addUp(db: Database = nodes[0]) {
  const adding = openAddingUp(db, clock.now)
  while (!(await adding.round()));
}

/** A service that the two suppliers sell, at these rates. */
async function offered(rate: string, ...costs: [string | null, string | null]) {
  const service = await onSale(docket, { rate, cancel: true })
  for (const [index, cost] of costs.entries()) {
    await docket.db.query(
      `insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate) values ($1, $2, $3, '1', $4)
       on conflict (service_id, supplier_id) do update set cost_rate = excluded.cost_rate`,
      [service, suppliers[index], index + 11, cost],
    )
  }
  await docket.db.query('update services set supplier_id = $2 where id = $1', [service, suppliers[0]])
  return service
}

async function at(order: number, supplier: number, cost: string | null = null) {
  await docket.db.query('update orders set supplier_id = $2, sent = true where id = $1', [order, supplier])
  await docket.db.query(
    `insert into hand_offs (order_id, supplier_id, reference, due_at, state, cost) values ($1, $2, $1::bigint::text, 'infinity', 'sent', $3)
     on conflict (order_id) do update set supplier_id = excluded.supplier_id, cost = excluded.cost`,
    [order, supplier, cost],
  )
}

const hours = async () => (await readHours(docket.db, new Date(0), new Date('2100-01-01'))).map(({ hour, ...totals }) => ({ hour: hour.toISOString().slice(0, 13), ...totals })) // prettier-ignore

const SUMS =
  'sum(orders)::bigint as orders, sum(sold)::bigint as sold, sum(refunds)::bigint as refunds, sum(given_back)::bigint as given_back'

/** The sums of the ledger itself, by hour, currency and whatever else a table of sums knows. */
async function isWhatTheLedgerSays() {
  const ledger = `
    select date_trunc('hour', t.at, 'utc') as hour, (t.at at time zone 'utc')::date as day, date_trunc('month', t.at at time zone 'utc')::date as month, b.currency, b.account_id, o.service_id,
      case when t.cause = 'charge' then coalesce(o.supplier_id, 0) end as supplier_id, (t.cause = 'charge')::int as orders,
      case when t.cause = 'charge' then t.amount else 0 end as sold, (t.cause <> 'charge')::int as refunds,
      case when t.cause <> 'charge' then t.amount else 0 end as given_back
    from transfers t join books b on b.id = t.book_id join orders o on o.id = t.order_id where not b.play`
  const compared = [
    ['sold_hours', 'hour, currency'],
    ['sold_days', 'day, currency'],
    ['service_months', 'month, currency, service_id'],
    ['account_months', 'month, currency, account_id'],
    ['service_days', 'day, currency, service_id'],
    ['account_days', 'day, currency, account_id'],
  ]
  for (const [table, by] of compared) {
    const read = async (from: string) => (await docket.db.query(`select ${by}, ${SUMS} from ${from} l group by ${by} having (sum(orders), sum(refunds)) <> (0, 0) order by ${by}`)).rows // prettier-ignore
    expect(await read(table!)).toEqual(await read(`(${ledger})`))
  }
  const bySupplier = async (from: string) => (await docket.db.query(`select currency, supplier_id, sum(sold)::bigint as sold from ${from} l group by 1, 2 having sum(sold) <> 0 order by 1, 2`)).rows // prettier-ignore
  expect(await bySupplier('sold_hours')).toEqual(await bySupplier(`(${ledger})`))
  const costs = await docket.db.query(
    ['sold_hours', 'sold_days', 'service_days', 'service_months', 'account_days', 'account_months']
      .map((table) => `select sum(cost)::bigint as cost, sum(cost_said)::bigint as said, sum(unpriced)::bigint as unpriced from ${table}`)
      .join(' union '),
  )
  expect(costs.rows).toHaveLength(1)
  const owed = (await readOwed(docket.db)).map((row) => ({ ...row, books: null }))
  expect(await readOwedOnDay(docket.db, clock.now().toISOString().slice(0, 10))).toEqual(owed)
}

describe('the sums behind the ledger', () => {
  test('put what was sold into the hour of the charge, and what was given back into the hour of the refund', async () => {
    const service = await offered('2', '0.5', '1')
    const { key } = await docket.account()
    const order = await placed(docket, key, { service, quantity: 1000 })
    await addUp()
    const atFirst = { currency: 'USD', orders: 1n, sold: 200_000n, refunds: 0n, givenBack: 0n, cost: 50_000n, costSaid: 0n, unpriced: 0n }
    expect(await hours()).toEqual([{ hour: '2026-03-01T12', ...atFirst }])
    expect(marginOf(atFirst)).toBe(150_000n)

    await at(order, suppliers[0])
    clock.forward({ hours: 3 })
    await tell(docket, order, 'Partial', { remains: 250 })
    await addUp()
    expect(await hours()).toEqual([
      { hour: '2026-03-01T12', ...atFirst, cost: 37_500n },
      { hour: '2026-03-01T15', ...atFirst, orders: 0n, sold: 0n, refunds: 1n, givenBack: 50_000n, cost: 0n },
    ])
    expect(await readCountedAt(docket.db)).toEqual(clock.now())
    await isWhatTheLedgerSays()
  })

  test('take what the supplier said in place of what was expected, under the supplier that did the work', async () => {
    const service = await offered('3', '1', '2')
    const { key, account } = await docket.account()
    const order = await placed(docket, key, { service, quantity: 1000 })
    await addUp()
    await giveTo(docket.db, BigInt(order), suppliers[1])
    await at(order, suppliers[1], '1.9')
    await tell(docket, order, 'Completed')
    await addUp()
    const { rows } = await docket.db.query('select supplier_id, orders, cost, cost_said, unpriced from service_days where service_id = $1 order by 1', [service]) // prettier-ignore
    expect(rows).toEqual([
      { supplier_id: suppliers[0], orders: 0n, cost: 0n, cost_said: 0n, unpriced: 0n },
      { supplier_id: suppliers[1], orders: 1n, cost: 190_000n, cost_said: 190_000n, unpriced: 0n },
    ])
    const days = await docket.db.query('select orders, cost from account_days where account_id = $1', [account])
    expect(days.rows).toEqual([{ orders: 1n, cost: 190_000n }])
    await isWhatTheLedgerSays()
  })

  test('exchange what a supplier said in its own currency, and believe no currency that they cannot exchange', async () => {
    const service = await offered('3', '1', '2')
    const { key } = await docket.account()
    const [exchanged, unknown] = [
      await placed(docket, key, { service, quantity: 1000 }),
      await placed(docket, key, { service, quantity: 1000 }),
    ]
    await docket.db.query(`update suppliers set currency = 'INR' where id = $1`, [suppliers[0]])
    await docket.db.query(`insert into price_lists (supplier_id, exchange_currency, exchange_rate, due_at) values ($1, 'INR', '0.012', 'infinity')`, [suppliers[0]]) // prettier-ignore
    await docket.db.query(`update suppliers set currency = 'BRL' where id = $1`, [suppliers[1]])
    await at(exchanged, suppliers[0], '75')
    await at(unknown, suppliers[1], '75')
    await tell(docket, exchanged, 'Completed')
    await tell(docket, unknown, 'Completed')
    await addUp()
    const { rows } = await docket.db.query('select cost, cost_said from service_days where service_id = $1 order by supplier_id', [service])
    expect(rows).toEqual([
      { cost: 90_000n, cost_said: 90_000n },
      { cost: 200_000n, cost_said: 0n },
    ])
    await docket.db.query('update suppliers set currency = null')
  })

  test('count orders whose cost nobody knows, until somebody does', async () => {
    const service = await offered('3', null, null)
    const { key } = await docket.account()
    const order = await placed(docket, key, { service, quantity: 1000 })
    await addUp()
    const read = async () => (await docket.db.query('select cost, unpriced from service_days where service_id = $1', [service])).rows
    expect(await read()).toEqual([{ cost: 0n, unpriced: 1n }])
    await at(order, suppliers[0], '0.5')
    await tell(docket, order, 'Completed')
    await addUp()
    expect(await read()).toEqual([{ cost: 600n, unpriced: 0n }])
  })

  test('a drip-feed costs what its runs cost', async () => {
    const service = await offered('2', '1', '2')
    await docket.db.query('update services set dripfeed = true where id = $1', [service])
    const { key } = await docket.account()
    const order = await placed(docket, key, { service, quantity: 500, runs: 2, interval: 5 })
    await addUp()
    const read = async () => (await docket.db.query('select orders, sold, cost, cost_said from service_days where service_id = $1', [service])).rows // prettier-ignore
    expect(await read()).toEqual([{ orders: 1n, sold: 200_000n, cost: 100_000n, cost_said: 0n }])
    for (const cost of ['0.4', null]) {
      clock.forward({ minutes: 10 })
      await docket.db.query('select start_due_runs(p_now => $1, p_most => 10)', [clock.now()])
      const { rows } = await docket.db.query<{ id: bigint }>('select max(order_id) as id from child_orders where parent_id = $1', [order])
      await at(Number(rows[0]!.id), suppliers[0], cost)
      await tell(docket, Number(rows[0]!.id), 'Completed')
    }
    await tell(docket, order, 'Completed')
    await addUp()
    const first = 480n
    expect(await read()).toEqual([{ orders: 1n, sold: 200_000n, cost: first + 50_000n, cost_said: first }])
    await isWhatTheLedgerSays()
  })
})

describe('after any life, with several nodes and their deaths', () => {
  test('they are what the ledger says, to the unit', async () => {
    const services = await Promise.all([offered('1', '0.3', '0.4'), offered('7.77777', '3.33333', null)])
    const accounts = await Promise.all(['USD', 'USD', 'EUR', 'INR'].map((currency) => docket.account({ currency, balance: '5000' })))
    const open: number[] = []
    const kind = fc.constantFrom('order', 'order', 'end', 'move', 'fund', 'wait', 'add up', 'add up on both', 'kill')
    const steps = fc.sample(fc.record({ kind, n: fc.nat(1_000_000) }), { numRuns: 120, seed: 7 })
    for (const { kind, n } of steps) {
      const order = open[n % Math.max(open.length, 1)]
      if (kind === 'order') open.push(await placed(docket, accounts[n % 4]!.key, { service: services[n % 2]!, quantity: 1 + (n % 5000) }))
      if (kind === 'end' && order !== undefined) {
        const remains = n % 3
        await tell(docket, order, (['Completed', 'Partial', 'Canceled'] as const)[remains]!, { remains })
        open.splice(open.indexOf(order), 1)
      }
      if (kind === 'move' && order !== undefined) await at(order, suppliers[n % 2]!, n % 3 === 0 ? `${n % 10}.${n % 97}` : null)
      if (kind === 'fund')
        await fund(docket.db, accounts[n % 4]!.account, { amount: BigInt(n) + 1n, note: 'test', reference: null }, clock.now())
      if (kind === 'wait') clock.forward({ minutes: n % 300 })
      if (kind === 'add up') await openAddingUp(nodes[n % 2]!, clock.now).round()
      if (kind === 'add up on both') await Promise.all(nodes.map((node) => openAddingUp(node, clock.now).round()))
      if (kind === 'kill') await killedBetweenStatements(n % 8)
    }
    // Whose order it is may still change while it is open.
    for (const order of open) await tell(docket, order, 'Completed')
    await addUp()
    await isWhatTheLedgerSays()
    const left = await docket.db.query('select c.order_id from costs_under_way c join orders o on o.id = c.order_id where o.ended')
    expect(left.rows).toEqual([])
  })
})

/** A round whose connection the server ends before its n-th statement within the transaction. */
async function killedBetweenStatements(n: number) {
  const pool = openPool(docket.databaseUrl, { size: 1, name: 'reports killed' })
  const client = await pool.connect()
  const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>
  let left = n
  const dyingClient = {
    release: () => {},
    query: async (...given: unknown[]) => {
      left -= 1
      if (left === 0) await docket.db.query(KILL)
      return query(...given)
    },
  }
  const dying = { query: dyingClient.query, connect: () => Promise.resolve(dyingClient) } as unknown as Database
  await openAddingUp(dying, clock.now)
    .round()
    .catch(() => {})
  client.release(true)
  await pool.end()
}

const KILL = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'reports killed' and datname = current_database()`
