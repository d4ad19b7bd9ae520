import { listCategories } from '../../../server/catalog/categories.ts'
import { readBoundSuppliers, readOwnRates, readServiceFile } from '../../../server/catalog/service-file.ts'
import { countServices } from '../../../server/web/desk/setup/service-numbers.ts'
import { readSheet, type SheetFilter, WHOLE_SHEET } from '../../../server/catalog/sheet.ts'
import { readNewThere, readSyncDecisions } from '../../../server/catalog/sync-decisions.ts'
import { type AccountFilter, type AccountOrder, ALL_ACCOUNTS, findAccounts } from '../../../server/customers/find-accounts.ts'
import { listGroups, listMembers } from '../../../server/customers/groups.ts'
import { listCancelsAsked, listRefillsAsked } from '../../../server/fulfilment/asks.ts'
import { readBetter, readSaidThere, readServicesThere, readSideBySide, readWaitingThere } from '../../../server/fulfilment/side-by-side.ts'
import { listAlerts, listUndecided, readOrderSteps } from '../../../server/fulfilment/staff.ts'
import { listWork, workViews } from '../../../server/fulfilment/work.ts'
import { browseLines, type LineFilter, linesOfAccount } from '../../../server/ledger/browse.ts'
import { linesOfOrder } from '../../../server/orders/lines-of-order.ts'
import { listApprovals } from '../../../server/staff/approvals.ts'
import { type LogFilter, readLog, readServiceLines, WHOLE_LOG } from '../../../server/staff/log.ts'
import { listMoved } from '../../../server/staff/moved-by-hand.ts'
import { readSupplierHours } from '../../../server/suppliers/calls.ts'
import { readBalanceHours } from '../../../server/suppliers/balances.ts'
import { type Ask, ask, daysAgo, now, onwards, page } from './ask.ts'

const sheet = (name: string, filter: Partial<SheetFilter>, from: { position: number; id: number } | null = null) =>
  ask(`services${name}`, (db) => readSheet(db, { ...WHOLE_SHEET, ...filter }, { from, most: 201 }))
const accounts = (name: string, filter: Partial<AccountFilter>, order: AccountOrder = 'newest') =>
  ask(`customers${name}`, (db) => findAccounts(db, { ...ALL_ACCOUNTS, ...filter }, { order, after: null, most: 51 }))
const lines = (name: string, filter: Partial<LineFilter>) =>
  ask(`lines of all books${name}`, (db) =>
    browseLines(db, { cause: null, until: null, play: false, ...filter }, { before: null, most: 50 }),
  )
const log = (name: string, filter: Partial<LogFilter>) => ask(`log${name}`, (db) => readLog(db, { ...WHOLE_LOG, ...filter }, page))

export const ofTheHouse: readonly Ask[] = [
  sheet('', {}),
  sheet(', a page in the middle', {}, { position: 2500, id: 2500 }),
  sheet(': words', { text: 'podcast quay' }),
  sheet(': a word that none has', { text: 'zeppelin' }),
  sheet(': a number', { text: '4711' }),
  sheet(', a category', { category: 'Quay Podcast plays 12' }),
  sheet(', off sale', { state: 'disabled' }),
  sheet(', a supplier', { supplier: 107 }),
  ...(['below cost', 'no supplier', 'no cost', 'paused'] as const).map((trouble) => sheet(`, ${trouble}`, { trouble })),
  ask('categories', (db) => listCategories(db)),
  ask('set-up: services on sale', (db) => countServices(db)),
  ask('one service', async (db) => [
    await readServiceFile(db, 4711),
    await readBoundSuppliers(db, 4711),
    await readOwnRates(db, 4711, 0, 51),
  ]),
  ask('changes of services', (db) => readServiceLines(db, null, null, 50)),
  ask('suppliers side by side', (db) => readSideBySide(db, now)),
  ask('one supplier', (db) => readSideBySide(db, now, 107)),
  ask('one supplier: hours, balances, services', async (db) => [
    await readSupplierHours(db, 107, daysAgo(2)),
    await readBalanceHours(db, 107, daysAgo(14)),
    await readServicesThere(db, 107, { after: 0, most: 51 }),
  ]),
  ask('one supplier: what waits there', (db) => readWaitingThere(db, 107, 51)),
  ask('one supplier: alerts', (db) => readSaidThere(db, 107, 20)),
  ask('one supplier: decisions', async (db) => [
    await readSyncDecisions(db, 107, { after: 0, most: 51 }),
    await readNewThere(db, 107, 301),
  ]),
  ask('better suppliers', (db) => readBetter(db, { after: 0, supplierId: null })),
  ask('better suppliers, of one', (db) => readBetter(db, { after: 0, supplierId: 107 })),
  ...workViews.map((view) =>
    ask(`work: ${view}`, (db) => listWork(db, view, { who: 'staff3@example.com', supplierId: null, now }, onwards)),
  ),
  ask('refills', (db) => listRefillsAsked(db, null, onwards)),
  ask('refills, pending', (db) => listRefillsAsked(db, 'Pending', onwards)),
  ask('cancels', (db) => listCancelsAsked(db, null, page)),
  ask('cancels of a supplier', (db) => listCancelsAsked(db, 107, page)),
  ask('alerts', (db) => listAlerts(db)),
  ask('undecided hand-offs', (db) => listUndecided(db)),
  ask("an order's timeline", (db, newest) => readOrderSteps(db, newest - 100n)),
  accounts('', {}),
  accounts(', by balance', {}, 'balance'),
  accounts(', by spending', {}, 'spent'),
  accounts(', suspended', { state: 'suspended' }),
  accounts(', active, by balance', { state: 'active' }, 'balance'),
  accounts(', without money', { balance: 'zero' }),
  accounts(', low', { balance: 'low' }),
  accounts(', a group', { group: 7 }),
  accounts(', a group, by spending', { group: 7 }, 'spent'),
  accounts(', spent much', { spent: 4_600_000n }),
  accounts(': a word', { text: 'shop123' }),
  accounts(': a common word', { text: 'example' }),
  accounts(': a common word, by balance', { text: 'example' }, 'balance'),
  accounts(': a key', { text: 'dk_live_10e1' }),
  ask('groups', (db) => listGroups(db, 0, 200)),
  ask('members of a group', (db) => listMembers(db, 7, 0, 51)),
  lines('', {}),
  lines(', deposits', { cause: 'deposit' }),
  lines(', until a month ago', { until: daysAgo(30) }),
  ask('lines of an account', (db) => linesOfAccount(db, 4321, { cause: null, until: null, play: false }, { before: null, most: 51 })),
  ask('lines of an account, deposits', (db) =>
    linesOfAccount(db, 4321, { cause: 'deposit', until: null, play: false }, { before: null, most: 51 }),
  ),
  ask('lines of an order', (db, newest) => linesOfOrder(db, newest - 100n)),
  ask('moved by hand, a month', (db) => listMoved(db, { from: daysAgo(30), until: now }, { before: null, most: 500 })),
  ask('approvals', (db) => listApprovals(db, { waiting: true, before: null, most: 51 })),
  log('', {}),
  log(', a person', { staff: 7 }),
  log(', an act', { act: 'fund' }),
  log(', a person and an act', { staff: 7, act: 'fund' }),
  log(', an account', { account: 4321 }),
  log(', a service', { service: 4711 }),
]
