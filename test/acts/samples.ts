import { SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { handOffRefills } from '../../server/fulfilment/refills.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import { handedOff, placed, tell } from '../support/order-life.ts'
import { workOnce } from '../support/fulfilment.ts'
import type { Docket } from '../support/docket.ts'
import type { FakeSupplier } from '../support/fake-supplier.ts'
import { referred } from '../support/referrals.ts'
import { change, onSale } from '../support/on-sale.ts'
import { toldSupplier } from '../support/told-supplier.ts'
import { paymentSamples, type PaymentWorld } from './payment-samples.ts'
import { announcementSamples } from './announcement-samples.ts'
import { toldSamples } from './told-samples.ts'
import { movingSamples } from './moving-samples.ts'
import { pageSamples } from './page-samples.ts'
import { ticketSamples } from './ticket-samples.ts'
import { raiseAlert } from '../../server/loops/alerts.ts'

/** What the samples work in. */
export interface World extends PaymentWorld {
  readonly docket: Docket
  readonly fake: FakeSupplier
  /** Runs an act and answers its result. */
  readonly done: (name: string, input: object) => Promise<any>
  /** Runs an act as a member of staff who may move 1000 a day alone. */
  readonly byStaff: (name: string, input: object) => Promise<any>
  readonly hooksUrl: string
}

type Sample = (world: World) => Promise<object>

let numbers = 0
const unique = () => (numbers += 1)
const newAccount = async ({ docket }: World) => (await docket.account()).account

async function newSupplier({ done, fake }: World): Promise<string> {
  const name = `panel ${unique()}`
  await done('supplier add', { name, url: fake.url, key: fake.key, private_network: true })
  return name
}

async function newWebhook(world: World): Promise<number> {
  return (await world.done('webhook add', { account: await newAccount(world), url: world.hooksUrl, events: ['order.*'] })).webhook
}

/** One that nobody sees is not asked. */
function provider() {
  const name = `provider-${unique()}`
  return { provider: name, issuer: `https://127.0.0.1/${name}`, client_id: 'panel', client_secret: 'a secret', offered: false }
}

/** A child panel as it is once it is made; no database belongs to it here. */
async function newChild(world: World): Promise<string> {
  const { host } = await world.done('child add', { url: `https://shop${unique()}.example`, account: await newAccount(world) })
  await world.docket.db.query(`update child_panels set state = 'open' where host = $1`, [host])
  return host
}

const newGroup = async (world: World) => (await world.done('group add', { name: `group ${unique()}` })).group
const newKey = async (world: World) => (await world.done('key add', { account: await newAccount(world), label: 'a' })).id
const newStaff = async (world: World, role = 'support') =>
  (await world.done('staff add', { email: `staff${unique()}@example.com`, name: 'Ana', role })).staff

/** For each act, something that it can be asked to do, and that changes something. */
export const samples: Readonly<Record<string, Sample>> = {
  ...paymentSamples,
  ...ticketSamples,
  ...pageSamples,
  ...movingSamples,
  ...announcementSamples,
  ...toldSamples,
  'referrer set': async (world) => ({ account: await newAccount(world), referrer_percent: '7.5' }),
  'referrer refuse': async ({ docket }) => ({ account: (await referred(docket)).referrer, reason: 'They sign up themselves.' }),
  async 'referrer allow'({ docket, done }) {
    const { referrer: account } = await referred(docket)
    await done('referrer refuse', { account, reason: 'They sign up themselves.' })
    return { account }
  },
  'referral end': async ({ docket }) => ({ referral: (await referred(docket)).referral, reason: 'Both are one person.' }),
  'account add': async () => ({ email: `act${unique()}@example.com`, balance: '12.50' }),
  'account set': async (world) => ({ account: await newAccount(world), discount: '7.5' }),
  'account suspend': async (world) => ({ account: await newAccount(world) }),
  async 'account resume'(world) {
    const account = await newAccount(world)
    await world.done('account suspend', { account })
    return { account }
  },
  'account invite': async (world) => ({ account: await newAccount(world) }),
  async 'account invite-many'(world) {
    await newAccount(world)
    return { most: 1 }
  },
  'account sign-out': async (world) => ({ account: await newAccount(world) }),
  async 'account remove-codes'(world) {
    const account = await newAccount(world)
    const factor = 'insert into second_factors (user_id, sealed_secret) select id, $2 from users where account_id = $1'
    await world.docket.db.query(factor, [account, Buffer.from('sealed')])
    return { account }
  },
  'account note': async (world) => ({ account: await newAccount(world), note: 'Pays by invoice.' }),
  'account view-as': async (world) => ({ account: await newAccount(world), reason: 'They asked why an order waits.' }),
  'child add': async (world) => ({ url: `https://shop${unique()}.example`, account: await newAccount(world), rent: '10' }),
  'child set': async (world) => ({ host: await newChild(world), rent: '12.50' }),
  'child suspend': async (world) => ({ host: await newChild(world) }),
  async 'child resume'(world) {
    const host = await newChild(world)
    await world.done('child suspend', { host })
    return { host }
  },
  'child close': async (world) => ({ host: await newChild(world) }),
  async 'child drop'(world) {
    const host = await newChild(world)
    await world.done('child close', { host })
    await world.docket.db.query('update child_panels set kept_until = $2 where host = $1', [host, new Date(0)])
    return { host }
  },
  'child renew-key': async (world) => ({ host: await newChild(world) }),
  'child setup-link': async (world) => ({ host: await newChild(world) }),
  'setup-link': async () => ({}),
  async 'setup owner'(world) {
    const { link } = await world.done('setup-link', {})
    return { token: link.slice(link.lastIndexOf('/') + 1), email: `first${unique()}@example.com`, name: 'Ana' }
  },
  'setup skip': async () => ({ step: 'look' }),
  async 'order add'(world) {
    const service = await onSale(world.docket, {})
    return { account: await newAccount(world), service, link: `https://example.com/for/${unique()}`, quantity: 100 }
  },
  'sign-in-provider set': async () => provider(),
  async 'sign-in-provider test'(world) {
    const { provider: name } = await world.done('sign-in-provider set', provider())
    return { provider: name }
  },
  async 'sign-in-provider remove'(world) {
    const { provider: name } = await world.done('sign-in-provider set', provider())
    return { provider: name }
  },
  'settings set': async () => ({ name: `House ${unique()}`, languages: ['en', 'sl'] }),
  fund: async (world) => ({ account: await newAccount(world), amount: '-2.5', note: 'paid twice' }),
  'approval accept': async (world) => ({ approval: await newApproval(world) }),
  'approval decline': async (world) => ({ approval: await newApproval(world), reason: 'not agreed' }),
  'group add': async () => ({ name: `group ${unique()}`, discount: '5' }),
  'group set': async (world) => ({ group: await newGroup(world), discount: '7.5' }),
  'group rates': async (world) => ({ group: await newGroup(world), rates: [{ service: await world.docket.service(), rate: '0.80' }] }),
  'group move': async (world) => ({ group: await newGroup(world), accounts: [await newAccount(world)] }),
  'group remove': async (world) => ({ group: await newGroup(world) }),
  'key add': async (world) => ({ account: await newAccount(world), label: 'shop', daily_cap: '50', services: null }),
  'key set': async (world) => ({ key: await newKey(world), addresses: ['203.0.113.0/24'], expires: '2099-12-31' }),
  'key revoke': async (world) => ({ key: await newKey(world) }),
  'webhook add': async (world) => ({ account: await newAccount(world), url: world.hooksUrl, balance_low: '5' }),
  'webhook test': async (world) => ({ webhook: await newWebhook(world) }),
  'webhook rotate': async (world) => ({ webhook: await newWebhook(world), keep_old: 0 }),
  'webhook pause': async (world) => ({ webhook: await newWebhook(world) }),
  async 'webhook resume'(world) {
    const webhook = await newWebhook(world)
    await world.done('webhook pause', { webhook })
    return { webhook, from_now: true }
  },
  async 'webhook replay'(world) {
    const webhook = await newWebhook(world)
    await world.done('webhook test', { webhook })
    return { webhook, since: '2000-01-01' }
  },
  'webhook remove': async (world) => ({ webhook: await newWebhook(world) }),
  'webhook balance-low': async (world) => ({ account: await newAccount(world), below: '10' }),
  'service import': async () => ({ services: [{ service: 700_000 + unique(), name: 'Captions', rate: '1' }] }),
  'service set': async ({ docket }) => ({ service: await docket.service(), rate: '2.50', start_within: 60, when_missed: '5%' }),
  'service set-many': async ({ docket }) => ({
    rows: [
      { service: await docket.service(), values: { rate: '3', category: 'Other' }, seen: { rate: '1' } },
      { service: await docket.service(), values: { state: 'hidden' } },
    ],
  }),
  'service reprice': async ({ docket }) => ({ services: [await docket.service({ rate: '1' })], change: '+5%' }),
  async 'service undo'({ docket, done }) {
    await done('service set', { service: await docket.service(), rate: '4' })
    return { line: Number((await docket.db.query('select max(line) as line from staff_log')).rows[0].line) }
  },
  'service duplicate': async ({ docket }) => ({ service: await docket.service() }),
  async 'service move'({ docket }) {
    const category = `Category ${unique()}`
    const [service, after] = [await docket.service({ category }), await docket.service({ category })]
    return { service, after }
  },
  async 'category set'({ docket }) {
    const category = `Category ${unique()}`
    await docket.service({ category })
    return { category, name: `Category ${unique()}`, state: 'hidden' }
  },
  async 'category move'({ docket }) {
    const category = `Category ${unique()}`
    await docket.service({ category })
    return { category, to: 'first' }
  },
  async 'service unbind'({ docket, done }) {
    const service = await docket.service()
    await done('service bind', { service, supplier: 'simulated' })
    return { service, supplier: 'simulated' }
  },
  'service words': async ({ docket }) => ({ service: await docket.service(), language: 'sl', name: 'Podnapisi' }),
  async 'log undo'({ docket, done }) {
    await done('account set', { account: (await docket.account()).account, discount: '3' })
    return { line: Number((await docket.db.query('select max(line) as line from staff_log')).rows[0].line) }
  },
  'order export': () => Promise.resolve({ state: 'open' }),
  async 'view keep'(world) {
    return { name: `view ${unique()}`, address: 'state=open', staff: await newStaff(world) }
  },
  async 'view drop'(world) {
    const staff = await newStaff(world)
    return { view: (await world.done('view keep', { name: 'Open', address: 'state=open', staff })).view, staff }
  },
  'report export': () => Promise.resolve({ by: 'day', from: '2026-03-01', to: '2026-03-31' }),
  'service bind': async ({ docket }) => ({ service: await docket.service(), supplier: 'simulated' }),
  async 'service prefer'(world) {
    const service = await world.docket.service()
    await world.done('service bind', { service, supplier: 'simulated' })
    const supplier = await newSupplier(world)
    await world.done('service bind', { service, supplier, position: 2, their_service: '5' })
    return { service, supplier }
  },
  'service when-cost-passes': async ({ docket }) => ({ way: 'raise', services: [await docket.service()] }),
  'supplier add': async ({ fake }) => ({ name: `panel ${unique()}`, url: fake.url, key: 'their key', private_network: true }),
  'supplier set': async (world) => ({ name: await newSupplier(world), paused: true, key: 'a new key' }),
  'supplier try': async (world) => ({ name: await newSupplier(world) }),
  'supplier remove': async (world) => ({ name: await newSupplier(world) }),
  'supplier import': async (world) => ({ name: await newSupplier(world), margin: '20%' }),
  async 'supplier sync'(world) {
    const name = await newSupplier(world)
    await world.done('supplier import', { name, margin: '20%' })
    return { name }
  },
  'supplier prices': async (world) => ({ name: await newSupplier(world), margin: '15%', exchange: 'EUR=1.08' }),
  'supplier currency': async () => ({ code: 'USD' }),
  async 'hand-off decide'({ docket }) {
    const supplier = await toldSupplier(docket)
    supplier.onAdd = () => ({ kind: 'unknown', words: 'the line went dead' })
    const service = await onSale(docket)
    await change(docket, service, { supplier: supplier.name })
    const order = await placed(docket, (await docket.account()).key, { service, quantity: 100 })
    await workOnce(docket, { id: supplier.id, supplier: supplier.supplier })
    return { order, cancel: true }
  },
  async 'order set'(world) {
    const order = await newOrder(world)
    await handedOff(world.docket, order)
    return { order, start_count: 7, remains: 60 }
  },
  'order complete': async (world) => ({ order: await newOrder(world) }),
  'order partial': async (world) => ({ order: await newOrder(world), remains: 40, reason: 'the post is gone' }),
  'order cancel': async (world) => ({ order: await newOrder(world), reason: 'the customer asked by mail' }),
  async 'order send-to'(world) {
    return { order: await newOrder(world), supplier: (await toldSupplier(world.docket)).name }
  },
  'order note': async (world) => ({ order: await newOrder(world), note: 'The customer wrote twice.' }),
  'work claim': async (world) => ({ order: await newWork(world) }),
  async 'work release'(world) {
    const order = await newWork(world)
    await world.done('work claim', { order })
    return { order }
  },
  'cancel decline': async (world) => ({ order: await newCancel(world), reason: 'half of it is delivered' }),
  'cancel ask-again': async (world) => ({ order: await newCancel(world) }),
  'refill accept': async (world) => ({ refill: await newRefill(world), done: true }),
  'refill decline': async (world) => ({ refill: await newRefill(world), reason: 'nothing has dropped' }),
  'refill ask-again': async (world) => ({ refill: await newRefill(world) }),
  'job add': async (world) => ({ act: 'order complete', orders: [await newOrder(world), 999_999] }),
  'job stop': async (world) => ({
    job: Number((await world.done('job add', { act: 'order note', with: { note: 'x' }, orders: [await newOrder(world)] })).job),
  }),
  'subscription post': async (world) => ({ subscription: await newSubscription(world), links: ['https://example.com/post/1'] }),
  async 'subscription child'(world) {
    const subscription = await newSubscription(world)
    const { id } = await toldSupplier(world.docket)
    const child = `
      insert into subscription_posts (subscription_id, post, number, due_at, supplier_id, reference) values ($1, 'child 7', 1, now(), $2, '7')`
    await world.docket.db.query(child, [subscription, id])
    return { subscription, child: '7', quantity: 1 }
  },
  async 'alerts acknowledge'({ docket }) {
    await raiseAlert(docket.db, { kind: 'mails given up', supplierId: null, orderId: null, words: 'away' }, docket.clock.now())
    return { alert: Number((await docket.db.query('select max(id) as id from alerts')).rows[0].id) }
  },
  'house-rule add': async () => ({ pattern: `evil${unique()}.example`, kind: 'host', reason: 'the owner asked' }),
  async 'house-rule remove'({ done }) {
    return { rule: (await done('house-rule add', { pattern: `evil${unique()}.example`, kind: 'host', reason: 'a mistake' })).rule }
  },
  'coupon add': async () => ({ coupon_code: `CODE-${unique()}`, percent: '10' }),
  'coupon set': async ({ done }) => ({
    coupon: (await done('coupon add', { coupon_code: `CODE-${unique()}`, percent: '10' })).coupon,
    times: 5,
  }),
  'coupon end': async ({ done }) => ({ coupon: (await done('coupon add', { coupon_code: `CODE-${unique()}`, percent: '10' })).coupon }),
  'rate set': async () => ({ base: 'USD', currency: 'EUR', exchange: `0.9${unique()}` }),
  'rate source': async () => ({ source: 'none' }),
  'reconcile look': async (world) => ({ ...(await reportedPayment(world, true)), keep: true }),
  'reconcile settle': async (world) => ({ ...(await reportedPayment(world, false)), reason: 'of our other shop' }),
  'staff-key add': async () => ({ label: 'night shift' }),
  'staff-key revoke': async ({ done }) => ({ key: (await done('staff-key add', { label: 'night shift' })).id }),
  'staff add': async () => ({ email: `staff${unique()}@example.com`, name: 'Bor', role: 'owner', invite: true }),
  'staff set': async (world) => ({ staff: await newStaff(world), role: 'manager' }),
  'staff invite': async (world) => ({ staff: await newStaff(world) }),
  'staff sign-out': async (world) => ({ staff: await newStaff(world) }),
  async 'staff remove-codes'(world) {
    const staff = await newStaff(world)
    await world.docket.db.query('insert into staff_second_factors (staff_id, sealed_secret) values ($1, $2)', [
      staff,
      Buffer.from('sealed'),
    ])
    return { staff }
  },
  'role demand-code': async () => ({ role: 'money', demanded: true }),
  'staff end': async (world) => ({ staff: await newStaff(world) }),
  'staff rescue': async () => ({ email: `rescued${unique()}@example.com` }),
  'staff-token add': async (world) => ({ staff: await newStaff(world), label: 'reports', expires: '2099-12-31' }),
  async 'staff-token revoke'(world) {
    return { token: (await world.done('staff-token add', { staff: await newStaff(world) })).id }
  },
}

/** Something that a member of staff may not do alone. */
async function newApproval(world: World): Promise<number> {
  return (await world.byStaff('fund', { account: await newAccount(world), amount: '5000', note: 'by bank' })).approval
}

async function newOrder({ docket }: World): Promise<number> {
  const service = await onSale(docket)
  return placed(docket, (await docket.account()).key, { service, quantity: 100 })
}

/** An order that is done by hand. */
async function newWork({ docket }: World): Promise<number> {
  const service = await onSale(docket)
  await change(docket, service, { supplier: (await toldSupplier(docket)).name })
  return placed(docket, (await docket.account()).key, { service, quantity: 100 })
}

/** An order that a supplier has, whose customer asked for a cancel. */
async function newCancel({ docket }: World): Promise<number> {
  const service = await onSale(docket, { cancel: true })
  await change(docket, service, { supplier: 'simulated' })
  const { key } = await docket.account()
  const order = await placed(docket, key, { service, quantity: 100 })
  await workOnce(docket)
  await docket.call({ key, action: 'cancel', orders: order })
  return order
}

/** A refill that a customer asked for, and that was handed to the order's supplier. */
async function newRefill({ docket }: World): Promise<number> {
  const service = await onSale(docket, { refill: true })
  await change(docket, service, { supplier: 'simulated' })
  const { key } = await docket.account()
  const order = await placed(docket, key, { service, quantity: 100 })
  await workOnce(docket)
  await tell(docket, order, 'Completed')
  const { refill } = await docket.call({ key, action: 'refill', order })
  await handOffRefills({
    db: docket.db,
    now: docket.clock.now,
    supplierId: SIMULATED_SUPPLIER,
    supplier: simulatedSupplier({ db: docket.db, now: docket.clock.now, speed: 1 }),
  })
  return Number(refill)
}

async function newSubscription({ docket }: World): Promise<number> {
  const service = await onSale(docket, { type: 'Subscriptions', min: 1, max: 50 })
  const { key } = await docket.account()
  const { order } = await docket.call({ key, action: 'add', service, username: 'anna', min: 1, max: 2 })
  return order
}

/** A payment that a gateway reported, with its receipt here or without. */
async function reportedPayment({ docket: { db } }: World, isHere: boolean) {
  const receipt = `reported ${unique()}`
  const method = `insert into payment_methods (gateway, name, hook_token) values ('stripe', $1, $1) returning id`
  const { rows } = await db.query<{ id: number }>(method, [receipt])
  const { id } = rows[0]!
  const report = `
    insert into payment_reports (method_id, day, their_id, amount, currency, at) values ($1, '2026-11-28', $2, 10, 'USD', '2026-11-28T12:00:00Z')`
  await db.query(report, [id, receipt])
  const here = `
    insert into payment_receipts (method_id, their_id, amount, currency, at, state, heard_at) values ($1, $2, 10, 'USD', now(), 'review', now())`
  if (isHere) await db.query(here, [id, receipt])
  return { method: id, receipt }
}
