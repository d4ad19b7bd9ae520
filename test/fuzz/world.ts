import { referred } from '../support/referrals.ts'
import { randomBytes } from 'node:crypto'
import { serviceTypes } from '../../contract/service-types.ts'
import { acts } from '../../server/acts/acts.ts'
import { runAct } from '../../server/acts/run-act.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { openPasswords } from '../../server/customers/password.ts'
import { startSession } from '../../server/customers/sessions.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import { type Database, transaction } from '../../server/db/pool.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { raiseAlert } from '../../server/loops/alerts.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { keepProof } from '../../server/payments/proofs.ts'
import { openSecret } from '../../server/secret.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { startStaffSession } from '../../server/staff/sessions.ts'
import { openByCustomer } from '../../server/support/open-ticket.ts'
import { formToken } from '../../server/web/csrf.ts'
import { addWebhook } from '../../server/webhooks/registry.ts'
import { houseOf, run } from '../support/acts.ts'

/** Who sends, and one of each thing that input can reach: services of every type, rules of every kind, a customer and staff who are signed in. */
export interface World extends Callers, Things {}

/** Somebody of each kind who may call. */
interface Callers {
  readonly account: number
  readonly book: number
  readonly email: string
  readonly key: string
  readonly depositKey: string
  readonly staffKey: string
  /** For /operator/v1. */
  readonly token: string
  readonly cookie: string
  readonly csrf: string
  readonly deskCookie: string
  readonly deskCsrf: string
  /** Who has the token and is at the desk. */
  readonly staff: number
  /** Another session at the desk, which is signed out. */
  readonly leaving: { readonly cookie: string; readonly csrf: string }
  readonly webhook: number
  /** A key of the customer, for its pages. */
  readonly ownKey: number
  /** One that stays, one that is published, one that is ended. */
  readonly announcements: { readonly open: number; readonly draft: number; readonly toEnd: number }
  readonly told: { readonly incident: number; readonly toSettle: number; readonly entry: number; readonly toRemove: number }
  /** What acts change, so that nobody loses what they call with. */
  readonly beside: Beside
}

interface Beside {
  readonly account: number
  readonly staff: number
  readonly token: number
  readonly key: number
  readonly staffKey: number
  readonly group: number
  readonly coupon: number
  readonly tickets: BesideTickets
  readonly referrals: BesideReferrals
}

/** A referral that runs, with its referrer, and a referrer who was refused. */
interface BesideReferrals {
  readonly referral: number
  readonly referrer: number
  readonly refused: number
}

/** Tickets of the account beside: one that acts change, one to be merged into it, one that was. */
interface BesideTickets {
  readonly first: number
  readonly second: number
  readonly merged: number
}

/** What was ordered, asked and paid. */
interface Things {
  readonly services: ReadonlyMap<string, number>
  /** The tokens of the hooks by gateway. */
  readonly hooks: Readonly<Record<string, string>>
  readonly method: number
  readonly order: number
  /** An order that people do by hand. */
  readonly work: number
  readonly refill: number
  readonly subscription: number
  readonly massOrder: number
  readonly payment: number
  readonly reference: string
  /** Money of nobody. */
  readonly receipt: number
  readonly approval: number
  readonly job: number
  readonly export: number
  readonly view: number
  /** With a picture. */
  readonly ticket: number
  readonly picture: number
  readonly savedReply: number
  readonly moving: number
  /** The address of a file of the pages. */
  readonly asset: string
}

/** What a server over this world is started with, so that it can open what is sealed in it. */
export const WORLD_SECRET = 'a secret of at least thirty-two characters'
export const WORLD_SETTINGS = { DOCKET_REGISTRATION: 'on', DOCKET_SECRET: WORLD_SECRET, DOCKET_CHILDREN: 'off' } as const

/** With these the calls of gateways are signed. */
export const HOOK_SECRETS = {
  signedHook: randomBytes(32).toString('base64'),
  sepay: 'a secret of sepay',
  stripe: 'whsec_abcdefghijkl',
  razorpay: 'secret-of-razorpay',
  btcpay: 'a secret of btcpay',
} as const

const NOWHERE = 'http://127.0.0.1:9/'
const gateways: readonly { gateway: string; settings: object; secrets?: object; private_network?: boolean }[] = [
  { gateway: 'manual', settings: { account: 'DE89370400440532013000' } },
  { gateway: 'signed-hook', settings: { account: 'DE89370400440532013000' }, secrets: { secrets: `whsec_${HOOK_SECRETS.signedHook}` } },
  { gateway: 'sepay', settings: { account: '123456', bin: '970436', authentication: 'apikey' }, secrets: { secret: HOOK_SECRETS.sepay } },
  { gateway: 'stripe', settings: { address: NOWHERE }, secrets: { secretKey: 'sk_test_12345678', webhookSecret: HOOK_SECRETS.stripe } },
  {
    gateway: 'razorpay',
    settings: { keyId: 'rzp_test_1', apiUrl: NOWHERE },
    secrets: { keySecret: 'secret-of-theirs', webhookSecret: HOOK_SECRETS.razorpay },
  },
  {
    gateway: 'btcpay',
    settings: { address: NOWHERE, storeId: 'store' },
    secrets: { apiKey: 'abcdefghij', webhookSecret: HOOK_SECRETS.btcpay },
  },
  {
    gateway: 'mercadopago',
    settings: { apiUrl: NOWHERE },
    secrets: { accessToken: 'a token of theirs', webhookSecret: 'a secret of theirs' },
  },
  { gateway: 'nowpayments', settings: { apiUrl: NOWHERE }, secrets: { apiKey: 'a key of theirs', ipnSecret: 'a secret of theirs' } },
  {
    gateway: 'paypal',
    settings: { clientId: 'abcdefghij', webhookId: 'ABCDE', address: NOWHERE },
    secrets: { clientSecret: 'abcdefghij' },
  },
]

const FIRST_SERVICE = 101
const FURTHER_SERVICES = 2000
const RULES = [
  { kind: 'host', pattern: 'evil.example' },
  { kind: 'host', pattern: 'bücher.example' },
  { kind: 'account', pattern: '@badname' },
  { kind: 'account', pattern: 'example.com/bad' },
  { kind: 'word', pattern: 'casino*' },
  { kind: 'word', pattern: 'bad thing' },
  { kind: 'word', pattern: '博彩' },
] as const

/** What is there before anybody calls: services, rules, suppliers, ways to pay. Answers how to make callers, as often as some are needed. */
export async function makeHouse(db: Database, { furtherServices = FURTHER_SERVICES } = {}): Promise<House> {
  const done = actsOf(db)
  await onSale(db, furtherServices)
  for (const rule of RULES) await done('house-rule add', { ...rule, reason: 'fuzz' })
  await done('supplier add', { name: 'panel', url: NOWHERE, key: 'theirs', private_network: true })
  await done('supplier add', { name: 'hands', protocol: 'manual' })
  await done('service bind', { service: FIRST_SERVICE, supplier: 'simulated' })
  await done('service set', { service: FIRST_SERVICE + 2, supplier: 'hands' })
  const methods: [string, number][] = []
  for (const each of gateways) {
    const { method } = await done('payment-method add', { name: each.gateway, private_network: true, ...each })
    methods.push([each.gateway, method])
  }
  await db.query('update payment_methods set is_on = true where id = any($1)', [methods.map(([, id]) => id)])
  const owner = { email: 'owner-of-a-panel@example.com', currency: 'USD', balance: 0n, note: '' }
  const { account } = await addFundedAccount(db, owner, new Date())
  await done('child add', { url: 'https://fuzz.example', account })
  await raiseAlert(db, { kind: 'mails given up', supplierId: null, orderId: null, words: 'away' }, new Date())
  const { rows } = await db.query<{ gateway: string; token: string }>('select gateway, hook_token as token from payment_methods where gateway = any($1)', [gateways.map(({ gateway }) => gateway)]) // prettier-ignore
  return { db, method: methods[0]![1], hooks: Object.fromEntries(rows.map(({ gateway, token }) => [gateway, token])), furtherServices }
}

export interface House {
  readonly db: Database
  readonly method: number
  readonly hooks: Readonly<Record<string, string>>
  readonly furtherServices: number
}

async function onSale(db: Database, furtherServices: number) {
  const listed = serviceTypes.map(({ name: type, runs }, at) => ({
    service: FIRST_SERVICE + at,
    name: `${type} service`,
    type,
    category: type,
    rate: '0.001',
    min: 1,
    max: 1_000_000,
    dripfeed: runs === true,
    refill: true,
    cancel: true,
    ...(at === 0 && { translations: { 'zh-HK': { name: '追蹤者' }, pt: { name: 'Seguidores' } } }),
  }))
  const further = Array.from({ length: furtherServices }, (_, at) => ({
    service: 1000 + at,
    name: `Followers ${at} | fast | refill`,
    category: `Category ${at % 40}`,
    rate: '0.5',
    min: 10,
    max: 100_000,
  }))
  await importServices(db, readServiceList(JSON.stringify([...listed, ...further])))
}

/** Runs acts by their names, as somebody on the machine would. */
function actsOf(db: Database): (name: string, input: object) => Promise<any> {
  const secret = () => openSecret({ secret: WORLD_SECRET, dataDirectory: '' })
  const house = houseOf(db, () => new Date(), { secret })
  return (name, input) => run(house, named(name), input)
}

function named(name: string) {
  return acts.find((act) => act.name === name)!
}

/** Somebody of each kind who calls a server at this address, with what they have ordered and paid there. */
export async function makeWorld(house: House, url: string): Promise<World> {
  const callers = await makeCallers(house.db)
  return { ...callers, ...(await makeThings(house, callers, url)) }
}

async function makeCallers(db: Database): Promise<Callers> {
  const now = new Date()
  const done = actsOf(db)
  const name = randomBytes(4).toString('hex')
  const email = `fuzz-${name}@example.com`
  const { account, key } = await addFundedAccount(db, { email, currency: 'USD', balance: parseUnits('900000000'), note: 'fuzz' }, now)
  const { rows } = await db.query<{ id: number }>('select id from books where account_id = $1 and not play', [account])
  const token = await signedIn(db, email, now)
  const deposits = await done('key add', { account, label: 'deposits', scopes: ['read', 'order', 'deposits'] })
  const { staff } = await done('staff add', { email: `owner-${name}@example.com`, name: 'Fuzz', role: 'owner' })
  const atDesk = async () => {
    const token = (await startStaffSession(db, staff, { address: '127.0.0.1', agent: 'fuzz' }, now))!
    return { cookie: `docket-desk=${token}; language=en`, csrf: formToken(token) }
  }
  const desk = await atDesk()
  const { webhook } = await addWebhook(
    db,
    { secret: await openSecret({ secret: WORLD_SECRET, dataDirectory: '' }), outgoing: { check: () => Promise.resolve(null) } },
    { accountId: account, test: false, url: 'https://hooks.example/docket', events: ['order.*'] },
    now,
  )
  return {
    account,
    book: rows[0]!.id,
    email,
    key,
    depositKey: deposits.key,
    staffKey: (await done('staff-key add', { label: 'fuzz', funds: '100000', tickets: true })).key,
    token: (await done('staff-token add', { staff, label: 'fuzz' })).token,
    cookie: `docket-session=${token}; language=en`,
    csrf: formToken(token),
    deskCookie: desk.cookie,
    deskCsrf: desk.csrf,
    staff,
    leaving: await atDesk(),
    webhook,
    ownKey: (await done('key add', { account, label: 'own' })).id,
    announcements: await announcementsOf(db),
    told: await toldOf(db),
    beside: await makeBeside(db, name),
  }
}

async function announcementsOf(db: Database) {
  const add = async () => (await actsOf(db)('announcement add', { title: 'Sunday', text: 'Maintenance.' })).announcement
  return { open: await add(), draft: await add(), toEnd: await add() }
}

/** What the status page and the changelog tell. */
async function toldOf(db: Database) {
  const done = actsOf(db)
  const wording = { title: 'Slow starts', text: 'We look.' }
  const open = async () => (await done('incident open', wording)).incident
  const add = async () => (await done('changelog add', wording)).entry
  return { incident: await open(), toSettle: await open(), entry: await add(), toRemove: await add() }
}

async function makeBeside(db: Database, name: string): Promise<Beside> {
  const done = actsOf(db)
  const { account } = await addFundedAccount(db, { email: `beside-${name}@example.com`, currency: 'USD', balance: 0n, note: '' }, new Date()) // prettier-ignore
  const { staff } = await done('staff add', { email: `beside-${name}@example.com`, name: 'Beside', role: 'support' })
  return {
    account,
    staff,
    token: (await done('staff-token add', { staff })).id,
    key: (await done('key add', { account, label: 'beside' })).id,
    staffKey: (await done('staff-key add', { label: 'beside' })).id,
    group: (await done('group add', { name: `group ${name}` })).group,
    coupon: (await done('coupon add', { coupon_code: `CODE-${name}`, percent: '10' })).coupon,
    tickets: await besideTickets(db, account),
    referrals: await besideReferrals(db, name),
  }
}

async function besideReferrals(db: Database, name: string): Promise<BesideReferrals> {
  let count = 0
  const account = () => {
    const email = `referrals-${(count += 1)}-${name}@example.com`
    return addFundedAccount(db, { email, currency: 'USD', balance: 1n, note: '' }, new Date())
  }
  const house = { db, account, clock: { now: () => new Date(), forward() {} } }
  const { referral } = await referred(house)
  const [{ referrer }, { referrer: refused }] = [await referred(house), await referred(house)]
  await actsOf(db)('referrer refuse', { account: refused, reason: 'fuzz' })
  return { referral, referrer, refused }
}

async function besideTickets(db: Database, account: number): Promise<BesideTickets> {
  const [first, second, merged] = [await openTicket(db, account), await openTicket(db, account), await openTicket(db, account)]
  await actsOf(db)('ticket merge', { ticket: merged, into: first })
  return { first, second, merged }
}

/** Opens a ticket as a customer does. */
async function openTicket(
  db: Database,
  accountId: number,
  orders: readonly number[] = [],
  pictures: readonly Buffer[] = [],
): Promise<number> {
  const words = { kind: 'other', subject: 'Hello', text: 'Where is it?', locale: 'en', form: null, who: 'fuzz' } as const
  return Number(
    await transaction(db, (tx) => openByCustomer(tx, { accountId, ...words, orders: orders.map(BigInt), pictures }, new Date())),
  )
}

async function signedIn(db: Database, email: string, now: Date): Promise<string> {
  const user = await findUserByEmail(db, email)
  const passwordHash = await openPasswords({ memoryCost: 64, timeCost: 1, parallelism: 1 }).hash(randomBytes(16).toString('hex'))
  await db.query('update users set password_hash = $2 where id = $1', [user!.id, passwordHash])
  const visit = { address: '127.0.0.1', agent: 'fuzz', locale: 'en', browser: undefined }
  return (await startSession(db, { userId: user!.id, passwordHash, codeGiven: false }, visit, now))!
}

/** Orders and pays at the server, as the customer does. */
async function makeThings({ db, method, hooks }: House, callers: Callers, url: string): Promise<Things> {
  const services = new Map(serviceTypes.map(({ name }, at) => [name, FIRST_SERVICE + at]))
  const api = async (fields: Record<string, string>, path = '/api/v2') => {
    const body = new URLSearchParams({ key: callers.key, ...fields })
    const answer: any = await (await fetch(url + path, { method: 'POST', body })).json()
    if (answer.error) throw new Error(`${JSON.stringify(fields)}: ${JSON.stringify(answer)}`)
    return answer
  }
  const placed = async (type: string): Promise<number> => {
    const { example, fields } = serviceTypes.find(({ name }) => name === type)!
    const sent = Object.fromEntries(fields.flatMap(({ name }) => (example[name] === undefined ? [] : [[name, example[name]]])))
    return (await api({ ...sent, action: 'add', service: String(services.get(type)) })).order
  }
  const types = serviceTypes.map(({ name }) => name)
  const [order, refilled, work, subscription] = [await placed(types[0]!), await placed(types[2]!), await placed(types[2]!), await placed('Subscriptions')] // prettier-ignore
  await actsOf(db)('order complete', { order: refilled })
  const { refill } = await api({ action: 'refill', order: String(refilled) })
  await api({ action: 'cancel', orders: String(order) })
  const { deposit, reference } = await api(
    { key: callers.depositKey, amount: '50', method: String(method), idempotency_key: 'first' },
    '/api/v2/deposits',
  )
  const receipt = `
    insert into payment_receipts (method_id, their_id, amount, currency, at, state, heard_at)
    values ($1, $2, 10, 'USD', now(), 'review', now()) returning id`
  const { rows } = await db.query<{ id: bigint }>(receipt, [method, `transfer ${callers.email}`])
  await keepProof(db, BigInt(deposit), Buffer.from(PICTURE, 'base64'), new Date())
  return {
    services,
    hooks,
    method,
    order,
    work,
    subscription,
    refill: Number(refill),
    payment: deposit,
    reference,
    receipt: Number(rows[0]!.id),
    ...(await atTheDesk(db, callers, order)),
    ...(await asked(db, callers, order)),
    ...(await onPages(callers, url)),
  }
}

const PICTURE = 'UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA='

/** What staff have begun. */
async function atTheDesk(
  db: Database,
  { staff, account, beside }: Callers,
  order: number,
): Promise<Pick<Things, 'approval' | 'job' | 'export' | 'view'>> {
  const done = actsOf(db)
  const careful = { ...houseOf(db), dailySum: 1n }
  const sum = { account, amount: '5000', note: 'by bank' }
  const waiting = await runAct(careful, { ...machineUser('fuzz'), staffId: beside.staff, via: 'api' }, named('fund'), { input: sum })
  return {
    approval: Number((waiting.result as { approval: unknown }).approval),
    job: Number((await done('job add', { act: 'order note', with: { note: 'x' }, orders: [order], trial: true })).job),
    export: Number((await done('report export', { by: 'day', from: '2026-11-01', to: '2026-11-02' })).export),
    view: Number((await done('view keep', { name: `view ${order}`, address: 'state=open', staff })).view),
  }
}

/** What the customer has asked about an order. */
async function asked(
  db: Database,
  { account, book }: Callers,
  order: number,
): Promise<Pick<Things, 'ticket' | 'picture' | 'savedReply' | 'moving'>> {
  const ticket = await openTicket(db, account, [order], [Buffer.from(PICTURE, 'base64')])
  await db.query('insert into speed_ups (order_id, book_id, asked_at) values ($1, $2, now())', [order, book])
  const { rows } = await db.query<{ id: bigint }>(
    'select p.id from ticket_pictures p join ticket_messages m on m.id = p.message_id where m.ticket_id = $1',
    [ticket],
  )
  const { reply } = await actsOf(db)('saved-reply add', { name: `Reply ${ticket}`, text: 'Order {order} is {status}.' })
  await actsOf(db)('settings set', { front_services: true, status_page: true })
  for (const page of ['terms', 'faq']) {
    await actsOf(db)('page set', { page, language: 'en', title: page, text: '# Hello\n\n- [terms](/p/terms)' })
    await actsOf(db)('page publish', { page })
  }
  const { moving } = await actsOf(db)('moving add', { source: 'csv', name: `old${ticket}` })
  return { ticket, picture: Number(rows[0]!.id), savedReply: reply, moving }
}

async function onPages({ cookie, csrf }: Callers, url: string): Promise<{ massOrder: number; asset: string }> {
  const headers = { cookie, origin: url }
  const form = new URLSearchParams({
    csrf,
    form: 'f'.repeat(22),
    lines: '101|https://example.com/p/1|1000\n101|https://example.com/p/2|10',
  })
  const sent = await fetch(`${url}/mass-order`, { method: 'POST', body: form, headers, redirect: 'manual' })
  const html = await (await fetch(`${url}/order`, { headers })).text()
  return {
    massOrder: Number(/\/mass-order\/(\d+)/.exec(sent.headers.get('location') ?? '')?.[1] ?? 0),
    asset: /\/assets\/[^"?]+/.exec(html)?.[0] ?? '/assets/none',
  }
}

/** Takes back what acts have changed for everybody, so that what is sent goes on reaching what it is meant for. */
export async function mendHouse({ db, method, furtherServices }: House): Promise<void> {
  const done = actsOf(db)
  const { rows: rules } = await db.query<{ id: number }>(`select id from house_rules where removed_at is null and reason <> 'fuzz'`)
  for (const { id } of rules) await done('house-rule remove', { rule: id })
  const { rows: roles } = await db.query<{ role: string }>('select role from roles_with_code')
  for (const { role } of roles) await done('role demand-code', { role, demanded: false })
  await done('settings set', {
    front_services: true,
    status_page: true,
    languages: null,
    registration: null,
    staff_daily_sum: null,
    rate_limit_key: null,
    rate_limit_address: null,
  })
  await db.query('update payment_methods set is_on = true, currency = null, least = null, most = null where id = $1', [method])
  await onSale(db, furtherServices)
}
