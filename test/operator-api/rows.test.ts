import { beforeAll, expect, test, vi } from 'vitest'
import { fillEmptyPast } from '../../cli/demo/history.ts'
import { accountNote } from '../../server/acts/account-note.ts'
import { childAdd } from '../../server/acts/child-add.ts'
import { announcementAdd } from '../../server/acts/announcement-set.ts'
import { changelogAdd } from '../../server/acts/changelog-set.ts'
import { incidentOpen } from '../../server/acts/incident-set.ts'
import { couponAdd } from '../../server/acts/coupon-add.ts'
import { workExport } from '../../server/acts/export-worker.ts'
import { fund } from '../../server/acts/fund.ts'
import { groupAdd } from '../../server/acts/group-add.ts'
import { groupRates } from '../../server/acts/group-rates.ts'
import { houseRuleAdd } from '../../server/acts/house-rule-add.ts'
import { jobAdd } from '../../server/acts/job-add.ts'
import { workJob } from '../../server/acts/job-worker.ts'
import { movingLook } from '../../server/acts/moving-look.ts'
import { orderComplete } from '../../server/acts/order-complete.ts'
import { orderExport } from '../../server/acts/order-export.ts'
import { rateSet } from '../../server/acts/rate-set.ts'
import { providerSet } from '../../server/acts/provider-set.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { savedReplyAdd } from '../../server/acts/saved-reply.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffKeyAdd } from '../../server/acts/staff-key-add.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { supplierAdd } from '../../server/acts/supplier-add.ts'
import { workClaim } from '../../server/acts/work-claim.ts'
import { addUpMeasures } from '../../server/fulfilment/measures.ts'
import { openBook, post } from '../../server/ledger/post.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { transaction } from '../../server/db/pool.ts'
import { lists } from '../../server/operator-api/lists.ts'
import { openAddingUp } from '../../server/reports/add-up.ts'
import { actorOfStaff } from '../../server/staff/tokens.ts'
import { answerOf, houseOf, run } from '../support/acts.ts'
import { openDocket, testConfig } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { referred } from '../support/referrals.ts'
import { opened } from '../support/tickets.ts'
import { addDump, dataDirectory, until } from '../move-in/desk-moving.ts'
import { glyconTables, SMALL, writeDump } from '../move-in/dumps.ts'
import { openDumpDirectory } from '../move-in/moved.ts'
import { stripeCase } from '../payments/cases/stripe.ts'
import { asAsked, beginPayment, offer, openPaymentsOf, SECRET, sendHooks } from '../payments/world.ts'
import { type Described, describedBy } from './described.ts'

const data = dataDirectory()
const docket = openDocket({ DOCKET_SECRET: SECRET, DOCKET_DATA: data })
const inDirectory = openDumpDirectory()
let api: Described
/** What lists are asked for, where that is needed to find rows. */
const asked: Record<string, Record<string, string | number>> = {}

// A month of the demo, and whatever it does not have.
beforeAll(async () => {
  const { db, clock } = docket
  await fillEmptyPast(docket.databaseUrl, testConfig(docket.databaseUrl, { DOCKET_SECRET: SECRET }), { begins() {}, isOver: () => false })
  // The month ends today by the clock of this machine.
  clock.forward({ seconds: (Date.now() - clock.now().getTime()) / 1000 })
  const house = houseOf(db, clock.now)
  const { staff } = await run(house, staffAdd, { email: 'owner@example.com', name: 'Owner', role: 'owner' })
  api = await describedBy(docket, (await run(house, staffTokenAdd, { staff })).token)
  await run(house, staffKeyAdd, { label: 'bot' })
  await run(house, houseRuleAdd, { kind: 'host', pattern: 'bad.example', reason: 'asked for' })
  await run(house, couponAdd, { coupon_code: 'SPRING-10', percent: '10', most: '5', currency: 'USD', until: '2999-01-01' })
  await run(house, rateSet, { base: 'USD', currency: 'EUR', exchange: '0.9' })
  await customers()
  await movings()
  await ordersOfPeople()
  await payments()
  const { export: file } = await run(house, orderExport, {})
  await workExport(house, () => false)
  asked['export-parts'] = { export: file! }
  while ((await addUpMeasures(db)) > 0);
  await suppliers()
  await support()
  const adding = openAddingUp(db, clock.now)
  await adding.round()
  const today = clock.now().toISOString().slice(0, 10)
  asked['reports'] = { by: 'service', from: '2000-01-01', to: today }
})

async function customers() {
  const { db, clock } = docket
  const house = houseOf(db, clock.now)
  const { account } = await docket.account()
  const service = await onSale(docket, { name: 'Views', rate: '1' })
  await run(house, accountNote, { account, note: 'pays late' })
  asked['account-notes'] = { account }
  const { group } = await run(house, groupAdd, { name: 'wholesale' })
  await run(house, groupRates, { group, rates: [{ service, rate: '0.8' }] })
  asked['group-rates'] = { group }
  await db.query(
    `insert into webhooks (account_id, book_id, url, sealed_secret, events, seen_change, created_at)
     select account_id, id, 'https://example.com/hook', '\\x00', '{order.*}', 0, $2 from books where account_id = $1 and not play`,
    [account, clock.now()],
  )
  const money = await run(house, staffAdd, { email: 'money@example.com', name: 'Money', role: 'money' })
  const actor = (await actorOfStaff(db, money.staff, 'api'))!
  await answerOf(
    { ...house, dailySum: parseUnits('1') },
    fund,
    { account, amount: '500', note: 'by bank', reference: 'bank 17' },
    {},
    actor,
  )
  const owing = await docket.account({ balance: '1' })
  await transaction(db, async (tx) => {
    const bookId = await openBook(tx, { id: owing.account, currency: 'USD' }, false)
    await post(tx, { bookId, cause: 'reversal', amount: parseUnits('-5'), note: 'taken back', reference: 'back 1', at: clock.now() })
  })
}

/** Orders that people do, a refill and a cancel that customers asked for, and a job. */
async function ordersOfPeople() {
  const { db, clock } = docket
  const house = houseOf(db, clock.now)
  const { key } = await docket.account()
  await run(house, supplierAdd, { name: 'by hand', protocol: 'manual' })
  const service = await docket.service({ refill: true, cancel: true, min: 1 }, { supplier: 'by hand' })
  const place = async () => {
    let order: number | undefined
    await vi.waitFor(async () => {
      order = (await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity: 10 })).order
      expect(order).toEqual(expect.any(Number))
    })
    return order!
  }
  const [waits, done, cancelled] = [await place(), await place(), await place()]
  await run(house, orderComplete, { order: done })
  await run(house, workClaim, { order: cancelled })
  expect(await docket.call({ key, action: 'refill', order: done })).toMatchObject({ refill: expect.anything() })
  expect(await docket.call({ key, action: 'cancel', orders: cancelled })).toMatchObject([{ cancel: expect.anything() }])
  const { job } = await run(house, jobAdd, { act: 'order note', with: { note: 'looked at' }, orders: [waits, done] })
  while ((await workJob(house)) > 0);
  asked['job-orders'] = { job: Number(job) }
  asked['order-steps'] = { order: done }
}

/** What the loops of suppliers write: how they answer, what they list, and who is cheaper and sooner. */
async function suppliers() {
  const { db, clock } = docket
  const { rows } = await db.query<{ cheap: number; dear: number; service: number }>(
    `select a.supplier_id as dear, b.supplier_id as cheap, a.service_id as service from services v
     join service_suppliers a on a.service_id = v.id and a.supplier_id = v.supplier_id
     join service_suppliers b on b.service_id = v.id and b.supplier_id <> v.supplier_id order by 3 limit 1`,
  )
  const { cheap, dear, service } = rows[0]!
  for (const name of ['supplier-hours', 'supplier-services', 'new-at-supplier', 'sync-decisions']) asked[name] = { supplier: dear }
  await db.query('insert into supplier_hours values ($1, $2, 100, 3, 12345, 900)', [dear, clock.now()])
  await db.query(`insert into price_lists (supplier_id, due_at, listed) values ($1, $2, '{x1,x2}')`, [dear, clock.now()])
  await db.query(`update service_suppliers set cost_rate = case supplier_id when $2 then '999' else '0.1' end where service_id = $1`, [service, dear]) // prettier-ignore
  await db.query('delete from supplier_services where service_id = $1', [service])
  await db.query('insert into supplier_services select s, $2, 100, 90, 5, 5, 100, 5, 5, 60, 90, m, m + 50, now() from (values ($1::int, 900), ($3::int, 300)) as t(s, m)', [dear, service, cheap]) // prettier-ignore
}

/** What customers ask. */
async function support() {
  const { account, key } = await docket.account()
  await referred(docket)
  const owner = await docket.account()
  await run(houseOf(docket.db, docket.clock.now), childAdd, { url: 'https://shop.example', account: owner.account, rent: '10' })
  await run(houseOf(docket.db, docket.clock.now), announcementAdd, { title: 'Sunday', text: 'Maintenance.', until: '2999-01-01' })
  await run(houseOf(docket.db, docket.clock.now), incidentOpen, { title: 'Slow', text: 'We look.', affects: ['api'] })
  await run(houseOf(docket.db, docket.clock.now), changelogAdd, { title: 'News', text: 'Something is new.' })
  asked['ticket-messages'] = { ticket: Number(await opened(docket, account)) }
  await run(houseOf(docket.db, docket.clock.now), savedReplyAdd, { name: 'Refill', text: 'We refill order {order}.' })
  const provider = { provider: 'google', client_id: 'panel', client_secret: 'a secret', offered: false }
  await run(houseOf(docket.db, docket.clock.now), providerSet, provider)
  await run(houseOf(docket.db, docket.clock.now), pageSet, { page: 'terms', language: 'en', title: 'Terms', text: 'Be kind.' })
  asked['page-texts'] = asked['page-versions'] = { page: 'terms' }
  const order = await placed(docket, key, { service: await onSale(docket, { name: 'Late' }), quantity: 10 })
  await docket.db.query('insert into speed_ups (order_id, book_id, asked_at) select id, book_id, $2 from orders where id = $1', [order, docket.clock.now()]) // prettier-ignore
}

/** A panel that was looked at. */
async function movings() {
  const file = await inDirectory('glycon.sql')
  await writeDump(file, glyconTables(SMALL, 'http://127.0.0.1:9/api/v2'))
  const moving = await addDump(docket, data, 'glycon', file)
  await run(houseOf(docket.db, docket.clock.now), movingLook, { moving })
  await until(docket.db, moving, 'looked')
}

/** A payment that was credited, and what its gateway reported of the day. */
async function payments() {
  const { db, clock } = docket
  const open = await openPaymentsOf(docket)
  const fake = await stripeCase.openFake()
  try {
    const method = await offer(docket, stripeCase, fake.settings, { bonuses: [{ currency: 'USD', from: '1', basis_points: 500 }] })
    const payment = await beginPayment(docket, open, method, '10')
    fake.pay(payment.reference, asAsked(payment))
    await sendHooks(docket, method, fake, payment.reference)
    await beginPayment(docket, open, method, '20')
    const day = clock.now().toISOString().slice(0, 10)
    await db.query('insert into payment_report_days values ($1, $2, $3, null, 1, $3)', [method.id, day, clock.now()])
    await db.query(`insert into payment_reports values ($1, $2, 'theirs-1', 12.5, 'USD', 0.3, $3, null)`, [method.id, day, clock.now()])
    asked['reconciliation'] = { method: method.id, day }
  } finally {
    await fake.close()
    await open.close()
  }
}

test('each list has rows, and each row has the columns that the document says, and no others', async () => {
  const withoutRows: string[] = []
  for (const { name } of lists) {
    const words = Object.entries(asked[name] ?? {}).map(([filter, value]): [string, string] => [filter, String(value)])
    const { answer } = await api.call('get', `/${name}`, { query: `?${new URLSearchParams(words).toString()}` })
    if (answer.rows.length === 0) withoutRows.push(name)
  }
  expect(withoutRows).toEqual([])
})
