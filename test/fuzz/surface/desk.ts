import { settingFields } from '../../../server/settings/fields.ts'
import type { World } from '../world.ts'
import { edgesAsTexts, sampleActs, textsOf } from './acts.ts'
import { ONCE, type Target } from './target.ts'

/** Each page and form of the desk, and the form of each act: empty, tried and done. */
export function deskTargets(world: World): Target[] {
  const { deskCookie, deskCsrf } = world
  const headers = { cookie: deskCookie, accept: 'text/html' }
  const page = (path: string, fields: Record<string, string> = {}): Target => ({
    name: `GET /desk${path}`,
    method: 'GET',
    path: `/desk${path}`,
    kind: 'page',
    fields,
    headers,
  })
  const form = (path: string, fields: Record<string, string>, more: Partial<Target> = {}): Target => ({
    name: `POST /desk${path}`,
    method: 'POST',
    path: `/desk${path}`,
    kind: 'page',
    fields: { ...fields, csrf: deskCsrf },
    headers,
    ...more,
  })
  const ofActs = sampleActs(world).flatMap((sample) => {
    const path = `/do/${sample.act.name.replaceAll(' ', '-')}`
    const fields = textsOf(sample)
    const edges = edgesAsTexts(sample)
    const confirmed = { ...fields, 'form:once': ONCE, 'form:back': '/desk', 'form:fixed': 'account', ...(sample.act.overwrites && { 'form:saw': 'null' }) } // prettier-ignore
    return [
      page(path, { ...fields, back: '/desk' }),
      form(path, { ...fields, 'form:back': '/desk' }, { edges }),
      form(path, confirmed, { name: `POST /desk${path}, confirmed`, edges, ...(sample.isSeldom && { isSeldom: true }) }),
    ]
  })
  return [...pagesOf(world).map(([path, fields]) => page(path, fields)), ...formsOf(world, form), ...ofActs]
}

function pagesOf(world: World): readonly (readonly [string, Record<string, string>?])[] {
  const { beside, order, payment, method, ticket } = world
  return [
    ['', { currency: 'USD', told: '1' }],
    ['/today', { currency: 'USD' }],
    ['/customers', { q: 'fuzz', state: 'active', balance: 'low', group: '1', spent: '1', order: 'balance', after: '1.1' }],
    [`/customers/${beside.account}`],
    [`/customers/${beside.account}/view`],
    ['/money', { account: '1', order: '1', reference: 'x', cause: 'charge', until: '2026-12-01', test: '1', before: '9' }],
    [`/money/line/${world.book}/1`],
    ['/money/owed', { day: '2026-11-28' }],
    ['/money/by-hand', { from: '2026-11-01', until: '2026-11-30' }],
    ['/money/statement', { account: '1', month: '2026-11', test: '1' }],
    ['/children', { behind: '9' }],
    ['/children/1', {}],
    ['/announcements', { before: '9' }],
    [`/announcements/${world.announcements.open}`],
    [`/announcements/${world.announcements.open}/sl`],
    ['/incidents', { before: '9' }],
    [`/incidents/${world.told.incident}`],
    [`/incidents/${world.told.incident}/1/sl`],
    ['/changelog', { before: '9' }],
    [`/changelog/${world.told.entry}`],
    [`/changelog/${world.told.entry}/sl`],
    ['/referrals', { paid: '5', behind: '9' }],
    ['/referrals/all', { before: '9', referrer: '1' }],
    ['/approvals', { decided: '1', before: '9' }],
    ['/payments', { find: 'x', state: 'open', method: '1', account: '1', currency: 'USD', from: '2026-11-01', until: '2026-11-30', before: '9' }], // prettier-ignore
    ['/payments/without-payer', { before: '9' }],
    ['/payments/owing', { after: '1' }],
    ['/payments/methods'],
    ['/payments/methods/new', { gateway: 'manual' }],
    [`/payments/methods/${method}`],
    ['/payments/coupons', { before: '9' }],
    ['/payments/rates'],
    ['/payments/reconciliation', { until: '2026-11-30' }],
    [`/payments/reconciliation/${method}/2026-11-28`],
    [`/payments/${payment}`],
    [`/payments/${payment}/proof`],
    ['/attention', { kind: 'stuck' }],
    ['/reports', { by: 'customer', from: '2026-11-01', to: '2026-11-30', sort: 'sold', currency: 'USD', service: '101', category: 'Default', customer: '1', supplier: '1', after: '5|USD|1' }], // prettier-ignore
    ['/reports/owed', { day: '2026-11-28' }],
    ['/suppliers', { after: '0', sort: 'name' }],
    ['/suppliers/1', { after: '0' }],
    ['/suppliers/1/decisions', { after: '0' }],
    ['/suppliers/1/pick', { only: '5' }],
    ['/suppliers/1/import', { margin: '20%', only: '5' }],
    ['/work', { show: 'claimed', supplier: '1', after: '1' }],
    [`/work/${world.work}`],
    ['/refills', { status: 'Pending', after: '1' }],
    ['/cancels', { supplier: '1', before: '9' }],
    ['/tickets', { state: 'waiting', kind: 'other', assignee: '1', find: '12', behind: '99' }],
    [`/tickets/${ticket}`, { before: '99', saved: String(world.savedReply) }],
    [`/tickets/${ticket}/pictures/${world.picture}`],
    ['/saved-replies'],
    ['/services', { q: 'followers', category: 'Default', state: 'on sale', supplier: '1', trouble: 'paused', after: '1.1', before: '9.9' }],
    ['/services/history', { before: '9' }],
    ['/services/reprice', { by: 'margin', services: '101,102', category: 'Default', percent: '20', step: '0.001', back: '/desk/services' }],
    ['/services/101'],
    ['/services/101/edit', { back: '/desk/services' }],
    ['/categories'],
    ['/groups', { after: '0' }],
    [`/groups/${beside.group}`, { after: '0' }],
    ['/pages', { new: 'a name' }],
    ['/pages/terms', { version: '1', before: '9' }],
    ['/pages/terms/sl'],
    ['/settings'],
    ['/sign-in-providers'],
    ['/setup'],
    ['/setup/look'],
    ['/setup/supplier'],
    ['/setup/services', { supplier: 'simulated', margin: '20%', category: 'Default' }],
    ['/setup/customer'],
    ['/setup/order', { order: String(order), account: '1' }],
    ['/orders', { q: 'https://example.com/', state: 'open', service: '101', supplier: '1', account: '1', key: '1', origin: 'plain', from: '2026-01-01', to: '2030-01-01', hour: '2026-11-28T12', column: 'link', before: '99' }], // prettier-ignore
    ['/orders', { q: String(order) }],
    ['/orders/bulk', { act: 'order cancel', pick: String(order), orders: '1,2', matching: 'state=open' }],
    [`/orders/${order}`],
    ['/jobs', { before: '9' }],
    [`/jobs/${world.job}`, { after: '1' }],
    [`/jobs/${world.job}/result.csv`],
    [`/jobs/${world.job}/result.jsonl`],
    ['/files'],
    [`/files/${world.export}/file`],
    ['/moving'],
    ['/moving/new', { source: 'csv' }],
    [`/moving/${world.moving}`],
    [`/moving/${world.moving}/report.json`],
    [`/moving/${world.moving}/export.tar.gz`],
    ['/own'],
    ['/own/code'],
    ['/staff'],
    [`/staff/${beside.staff}`],
    ['/log', { staff: '1', act: 'fund', account: '1', order: '1', service: '101', supplier: '1', before: '9' }],
    ['/log/1'],
  ]
}

function formsOf(world: World, form: (path: string, fields: Record<string, string>, more?: Partial<Target>) => Target): Target[] {
  const { beside, order, method, work, ticket } = world
  const seldom = { isSeldom: true } as const
  const cells = '102\trate\t0.001\t0.002\n102\tmin\t1\t2'
  const settings = Object.fromEntries(Object.keys(settingFields).map((name) => [name, SETTINGS[name] ?? '']))
  const ticked = { 'languages:en': 'on', 'languages:sl': 'on', 'languages:ar': 'on', seen: '0' }
  const bank = { name: `Bank ${ONCE}`, 'settings.account': 'DE89370400440532013000' }
  return [
    form(`/customers/${beside.account}/view`, { reason: 'They asked why an order waits.' }),
    form('/payments/methods', { 'form:act': 'payment-method test', method: String(method) }),
    form('/payments/methods/new', { gateway: 'manual', ...bank }, seldom),
    form(`/payments/methods/${method}`, { ...bank, words: 'By bank', currency: 'USD', least: '1', most: '1000', fee_percent: '1', fee_fixed: '0', bonuses: '100=5%', position: '1' }, seldom), // prettier-ignore
    form('/attention', { 'form:act': 'alerts acknowledge', 'form:back': '/desk/attention', alert: '1' }),
    form('/reports/export', { by: 'day', from: '2026-11-01', to: '2026-11-30', format: 'csv' }, seldom),
    form('/suppliers/1/import', { margin: '20%', add: '0', round: '0.01', category: 'a', only: '5', when_cost_passes: 'flag' }),
    form(`/work/${work}/claim`, {}),
    form(`/work/${work}/counts`, { start_count: '5', remains: '1' }),
    form(`/work/${work}/hold`, {}),
    form('/tickets', { 'form:act': 'ticket close', 'form:back': '/desk/tickets', ticket: String(beside.tickets.first) }),
    form(`/tickets/${ticket}/reply`, { text: 'We look.', what: 'send', saved: String(world.savedReply), once: ONCE }),
    form(`/tickets/${ticket}/sort`, { assignee: String(world.staff), priority: 'high', kind: 'money' }),
    form(`/tickets/${ticket}/writing`, {}),
    form('/services/preview', { cells, back: '/desk/services' }),
    form('/services/decide', { cells, back: '/desk/services', 'take:102:rate': 'mine' }),
    form('/services/save', { cells, back: '/desk/services', below_cost: 'yes', once: ONCE }, seldom),
    form('/services/reprice', {
      by: 'margin',
      services: '102',
      category: '',
      percent: '20',
      step: '0.001',
      below_cost: 'yes',
      back: '/desk',
    }),
    form('/categories/move', { category: 'Default', to: 'first' }, seldom),
    form(
      `/announcements/${world.announcements.open}/sl`,
      { title: 'Novo', text: 'V nedeljo.', what: 'save' },
      { kind: 'upload', largest: 400_000 },
    ),
    ...[`/incidents/${world.told.incident}/1/sl`, `/changelog/${world.told.entry}/sl`].map((path) =>
      form(path, { title: 'Novo', text: 'V nedeljo.', what: 'save' }, { kind: 'upload', largest: 400_000 }),
    ),
    form('/pages/faq/sl', { title: 'Vprašanja', text: '# Kdaj?', seen: '0', what: 'save' }, { kind: 'upload', largest: 400_000 }),
    ...['look', 'customers', 'payments', 'limits', 'mails'].map((section) =>
      form(`/settings/${section}`, { ...settings, ...ticked }, { ...seldom, kind: 'upload', largest: 400_000 }),
    ),
    form('/sign-in-providers', { provider: 'none' }),
    form('/setup/skip', { step: 'look' }),
    form('/setup/look', { ...settings, ...ticked }, { ...seldom, kind: 'upload', largest: 400_000 }),
    form(
      '/setup/supplier',
      { name: `s-${ONCE}`, url: 'http://127.0.0.1:9/', key: 'x', private_network: 'on', way: '', press: 'test' },
      seldom,
    ),
    form('/setup/services/import', { supplier: 'panel', margin: '20%', categories: 'a', 'form:once': ONCE }, seldom),
    form('/setup/services/samples', {}, seldom),
    form('/setup/services/own', { name: 'Own', category: 'Own', rate: '1', min: '1', max: '100', supplier: 'hands' }, seldom),
    form('/setup/customer', { email: `fuzz-${ONCE}@example.com`, balance: '5' }),
    form('/setup/order', { account: String(beside.account), service: '101', link: `https://example.com/${ONCE}`, quantity: '10', 'form:once': ONCE }), // prettier-ignore
    form('/orders/bulk', { act: 'order note', note: 'x', orders: `${order},2`, 'form:once': ONCE }, seldom),
    form('/orders/views', { name: `view ${ONCE}`, address: 'state=open&q=1', shared: 'yes' }),
    form('/orders/views/drop', { view: String(world.view) }),
    form('/orders/export', { address: 'state=open&from=2026-01-01', format: 'csv' }, seldom),
    form(`/jobs/${world.job}/do`, {}, seldom),
    form('/moving/new', { source: 'csv', name: 'old', currency: 'USD', 'form:once': ONCE }, seldom),
    form('/moving/out', { 'form:once': ONCE }, seldom),
    form(`/moving/${world.moving}/file`, { name: 'services.csv', bytes: '10', stamp: 'a' }),
    form(`/moving/${world.moving}/piece`, {}, { kind: 'upload' }),
    form(`/moving/${world.moving}/upload`, {}, { ...seldom, kind: 'upload' }),
    ...['look', 'run', 'stop', 'remove'].map((what) => form(`/moving/${world.moving}/${what}`, {}, seldom)),
    form('/own/settings', { locale: 'en', name: 'Fuzz' }),
    form('/own/password', { current: 'x', wanted: 'y' }),
    form('/own/sessions', { session: '999999' }),
    form('/own/code/begin', { password: 'x' }),
    form('/own/code/confirm', { code: '123456' }),
    form('/own/code/renew', { password: 'x', code: '123456' }),
    form('/own/code/remove', { password: 'x', code: '123456' }),
    form('/log/check', { lines: '1', hash: '0'.repeat(64) }, seldom),
    {
      ...form('/sign-out', {}),
      fields: { csrf: world.leaving.csrf },
      headers: { ...form('/sign-out', {}).headers, cookie: world.leaving.cookie },
    },
  ]
}

const SETTINGS: Readonly<Record<string, string>> = {
  name: 'Docket',
  colour: '#1f6f5c',
  front_categories: 'on',
  front_services: 'on',
  status_page: 'on',
  registration: 'on',
  currency: 'USD',
  funds_note: 'By bank',
  rate_age_hours: '96',
  rate_margin_percent: '1',
  mail_name: 'Docket',
}
