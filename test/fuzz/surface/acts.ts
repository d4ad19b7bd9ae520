import { acts } from '../../../server/acts/acts.ts'
import type { AnyAct } from '../../../server/acts/act.ts'
import { isRepeated } from '../../../server/acts/field-text.ts'
import { fieldsOf } from '../../../server/web/desk/act-fields.tsx'
import type { World } from '../world.ts'
import { edgesOf } from './edges.ts'
import { ONCE } from './target.ts'

/** An act with values for its fields that it takes, as JSON. */
export interface SampleAct {
  readonly act: AnyAct
  readonly input: Readonly<Record<string, unknown>>
  readonly isSeldom: boolean
}

/** Every act with something that it can be asked to do. */
export function sampleActs(world: World): SampleAct[] {
  const usual = usualValues(world)
  const own = ownValues(world)
  return acts.map((act) => {
    const named = Object.fromEntries(fieldsOf(act).flatMap(({ name, schema }) => (schema.isOptional() || !(name in usual) ? [] : [[name, usual[name]]]))) // prettier-ignore
    return { act, input: { ...named, ...own[act.name] }, isSeldom: act.changesCatalogue === true || SELDOM.has(act.name) }
  })
}

/** What these change is missed by many others, or is a job over everything. */
const SELDOM: ReadonlySet<string> = new Set([
  'account invite-many', 'child add', 'child close', 'child drop', 'account sign-out', 'account suspend', 'approval accept', 'group remove', 'job add', 'key revoke', 'log undo', 'order export',
  'payment-method off', 'report export', 'role demand-code', 'settings set', 'saved-reply remove', 'setup owner', 'staff end', 'staff rescue', 'staff sign-out',
  'staff-key revoke', 'staff-token revoke', 'supplier remove', 'supplier sync', 'supplier try', 'webhook remove', 'payment-method add', 'service import',
]) // prettier-ignore

/** Values by the name of a field. All of them name things that stand beside those that the other targets use. */
function usualValues(world: World): Readonly<Record<string, unknown>> {
  const { beside, order } = world
  return {
    account: beside.account,
    accounts: [beside.account],
    act: 'order note',
    alert: 1,
    amount: '5',
    approval: world.approval,
    base: 'USD',
    by: 'day',
    category: 'Default',
    child: '7',
    code: 'USD',
    coupon: beside.coupon,
    coupon_code: `CODE-${ONCE}`,
    currency: 'USD',
    decision: 'credit',
    demanded: false,
    email: `fuzz-${ONCE}@example.com`,
    exchange: '0.9',
    from: '2026-11-01',
    gateway: 'manual',
    group: beside.group,
    announcement: world.announcements.draft,
    incident: world.told.incident,
    entry: world.told.entry,
    number: 1,
    title: `News ${ONCE}`,
    referral: beside.referrals.referral,
    referrer_percent: '7.5',
    into: beside.tickets.first,
    job: world.job,
    key: beside.key,
    kind: 'host',
    language: 'sl',
    line: 1,
    links: ['https://example.com/p/1'],
    method: world.method,
    name: `Fuzz ${ONCE}`,
    note: 'a note',
    order,
    page: 'faq',
    pattern: `evil-${ONCE}.example`,
    payment: world.payment,
    percent: '10',
    rates: [{ service: 101, rate: '0.80' }],
    reason: 'as asked',
    receipt: world.receipt,
    refill: world.refill,
    reply: world.savedReply,
    remains: 1,
    role: 'support',
    rows: [{ service: 102, values: { rate: '0.001', max: 1_000_000 }, seen: { rate: '0.001' } }],
    rule: 1,
    service: 102,
    services: [{ service: 90_000, name: 'Captions', rate: '1' }],
    source: 'none',
    staff: beside.staff,
    step: 'look',
    subscription: world.subscription,
    supplier: 'simulated',
    text: 'We look at it.',
    ticket: beside.tickets.first,
    to: '2026-11-30',
    token: beside.token,
    url: 'http://127.0.0.1:9/',
    view: world.view,
    way: 'flag',
    webhook: world.webhook,
  }
}

/** Values of an act that are not the usual ones, and those that it need not have. */
function ownValues(world: World): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { beside, order } = world
  return {
    'account add': { balance: '12.50', currency: 'USD', note: 'by hand' },
    'account set': { discount: '7.5', repeat_window: 60 },
    'account invite-many': { most: 1 },
    'child add': { url: `https://fuzz-${ONCE}.example`, name: 'Shop', rent: '1' },
    'child set': { host: 'fuzz.example', rent: '2' },
    'child suspend': { host: 'fuzz.example' },
    'child resume': { host: 'fuzz.example' },
    'child close': { host: 'fuzz.example' },
    'child drop': { host: 'fuzz.example', open_orders: false },
    'child renew-key': { host: 'fuzz.example' },
    'child setup-link': { host: 'fuzz.example' },
    fund: { amount: '0.5', note: 'a gift', reference: ONCE },
    'bonus give': { reference: ONCE },
    'account excuse': { amount: '1' },
    'payment decide': { account: beside.account, amount: '10' },
    'payment approve': { amount: '5' },
    'payment give-back': { amount: '5' },
    'payment-method add': { settings: { account: 'DE89370400440532013000' }, secrets: {} },
    'payment-method set': { name: `Bank ${ONCE}`, words: 'By bank', currency: null, least: '1', most: '1000', fee_percent: '1', fee_fixed: '0', bonuses: ['100=5%'], position: 1, settings: { account: 'DE89370400440532013000' } },
    'coupon add': { most: '5', currency: 'USD', first_deposit_only: false, times: 5, until: '2099-12-31' },
    'coupon set': { times: 5, until: '2099-12-31' },
    'announcement set': { audience: 'owing' },
    'announcement end': { announcement: world.announcements.toEnd },
    'incident open': { affects: ['api'], began: '2026-01-01' },
    'incident settle': { incident: world.told.toSettle },
    'changelog add': { on_day: '2026-01-01' },
    'changelog remove': { entry: world.told.toRemove },
    'referrer refuse': { account: beside.referrals.referrer },
    'referrer allow': { account: beside.referrals.refused },
    'rate set': { currency: 'EUR' },
    'rate source': { url: 'http://127.0.0.1:9/', private_network: true },
    'reconcile look': { receipt: 'x', keep: true },
    'reconcile settle': { receipt: 'x' },
    'report export': { format: 'csv', currency: 'USD', service: 101, category: 'Default', customer: beside.account, supplier: 1 },
    'group set': { name: `group ${ONCE}`, discount: '5' },
    'group add': { discount: '5' },
    'key add': { label: 'shop', daily_cap: '50', services: [101], scopes: ['read'], addresses: ['203.0.113.0/24'], expires: '2099-12-31', test: true },
    'key set': { addresses: ['203.0.113.0/24'], expires: '2099-12-31', daily_cap: '5', scopes: ['read', 'order'], services: [101] },
    'view drop': { staff: world.staff },
    'view keep': { address: 'state=open', place: 'orders', shared: true },
    'webhook add': { events: ['order.*'], balance_low: '5', test: false },
    'webhook rotate': { keep_old: 0 },
    'webhook resume': { from_now: true },
    'webhook replay': { delivery: 1, since: '2026-11-01' },
    'webhook balance-low': { below: '10' },
    'service set': { name: 'Set', category: 'Default', description: 'a\nb', rate: '0.001', below_cost: true, min: 1, max: 1_000_000, state: 'on sale', cancel: true, refill: true, refill_days: 30, dripfeed: true, one_active_link: false, when_all_refuse: 'attention', start_within: 60, finish_within: 600, when_missed: '5%', refill_count: 3 },
    'service set-many': { below_cost: true },
    'service reprice': { services: [102], change: '+0%', step: '0.001', below_cost: true },
    'service move': { after: 103 },
    'category set': { name: 'Default', state: 'on sale' },
    'category move': { to: 'first' },
    'service words': { name: 'Ime', category: 'Vrsta', description: 'Opis', whole_category: true },
    'service bind': { their_service: '5', cost_rate: '0.0001', multiplier: 1, position: 1 },
    'service when-cost-passes': { services: [102] },
    'supplier add': { protocol: 'api-v2', url: 'http://127.0.0.1:9/', key: 'theirs', private_network: true },
    'supplier set': { name: 'panel', paused: false, calls_at_once: 2, calls_a_minute: 60, key: 'theirs', url: 'http://127.0.0.1:9/', private_network: true, balance_low: '5', currency: 'USD' },
    'supplier try': { name: 'panel' },
    'supplier remove': { name: 'panel' },
    'supplier import': { name: 'panel', margin: '20%', add: '0', round: '0.01', category: ['a'], only: ['5'], when_cost_passes: 'flag', keep_ids: true, accept_loss: true },
    'supplier sync': { name: 'panel' },
    'supplier prices': { name: 'panel', margin: '15%', add: '0', round: '0.01', exchange: 'EUR=1.08', hourly: true },
    'order add': { service: 101, link: `https://example.com/for/${ONCE}`, quantity: 100, comments: 'one' },
    'order set': { start_count: 7, remains: 1 },
    'order export': { state: 'open', service: 101, account: beside.account, origin: 'plain', from: '2026-01-01', to: '2030-01-01', orders: [1, 2], format: 'csv' },
    'work claim': { take_over: true },
    'refill accept': { done: true },
    'job add': { with: { note: 'x' }, orders: [world.order, 999_999], trial: true },
    'hand-off decide': { they_have_it: '7' },
    'subscription child': { quantity: 1, refuse: false },
    'house-rule add': { by: 'fuzz' },
    'house-rule remove': { rule: 999_999, by: 'fuzz' },
    'ticket open': { subject: 'Hello', kind: 'other' },
    'ticket reply': { close: false, saved: world.savedReply },
    'ticket assign': { staff: beside.staff },
    'ticket set': { priority: 'high', kind: 'money', orders: [] },
    'ticket merge': { ticket: beside.tickets.second },
    'ticket part': { ticket: beside.tickets.merged },
    'saved-reply add': { language: 'en' },
    'saved-reply set': { name: `Fuzz ${ONCE}`, text: 'Hello {customer}' },
    'page set': { title: 'Terms', text: '# Terms', language: 'sl' },
    // Not of the terms: everybody would have to accept them first.
    'page publish': { footer: true },
    'page restore': { page: 'terms', number: 1 },
    'speed-up answer': { order, words: 'They have been asked.' },
    'settings set': { name: 'Docket', languages: ['en', 'sl', 'ar'], colour: '#1f6f5c', funds_note: 'By bank', seller_address: 'A street', seller_tax_id: 'SI1', rate_age_hours: 96, rate_margin_percent: '1', mail_name: 'Docket' },
    'setup owner': { token: 'f'.repeat(43), name: 'Ana' },
    'setup skip': { back_in: true },
    'staff-key add': { label: 'night shift', funds: '10', tickets: true },
    'staff-key revoke': { key: beside.staffKey },
    'staff add': { name: 'Bor', invite: true },
    'staff-token add': { staff: world.staff, label: 'reports', expires: '2099-12-31' },
    'staff rescue': { email: 'nobody@example.com' },
  } // prettier-ignore
}

/** The fields as texts of the act's form on the desk. */
export function textsOf({ act, input }: SampleAct): Record<string, string> {
  const fields = new Map(fieldsOf(act).map((field) => [field.name, field]))
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, textOf(value, isRepeated(fields.get(name)?.told ?? {}))]))
}

/** The values at the bounds of an act's fields, as texts of its form. */
export function edgesAsTexts({ act }: SampleAct): Readonly<Record<string, readonly string[]>> {
  const fields = new Map(fieldsOf(act).map((field) => [field.name, field]))
  return Object.fromEntries(
    Object.entries(edgesOf(act.input)).map(([name, values]) => [
      name,
      values.map((json) => textOf(JSON.parse(json), isRepeated(fields.get(name)?.told ?? {}))),
    ]),
  )
}

function textOf(value: unknown, isLines: boolean): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value === null) return 'none'
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) return value.join(isLines ? '\n' : ',')
  return isLines ? Object.entries(value as object).map(([name, each]) => `${name}=${String(each)}`).join('\n') : JSON.stringify(value) // prettier-ignore
}
