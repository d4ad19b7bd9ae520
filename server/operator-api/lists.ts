import { z } from 'zod'
import { listKeys } from '../customers/keys.ts'
import { listAlerts, listUndecided, readOrderSteps } from '../fulfilment/staff.ts'
import { listRules } from '../house-rules/registry.ts'
import { listJobOrders, listJobs } from '../jobs/jobs.ts'
import { formatUnits } from '../ledger/money.ts'
import { showSettings } from '../settings/list.ts'
import { readSaved } from '../settings/settings.ts'
import { readLog } from '../staff/log.ts'
import { everyRole, roles } from '../staff/roles.ts'
import { rolesWithCode } from '../staff/roles-with-code.ts'
import { listStaffKeys } from '../staff/staff-keys.ts'
import { readStaffTable } from '../staff/staff-table.ts'
import { listTokens } from '../staff/tokens.ts'
import { readSuppliers } from '../suppliers/registry.ts'
import { listWebhooks } from '../webhooks/registry.ts'
import { customerLists } from './customer-lists.ts'
import { exportLists } from './export-lists.ts'
import { paymentBookLists } from './payment-book-lists.ts'
import { paymentLists } from './payment-lists.ts'
import { reportLists } from './report-lists.ts'
import { list, type List, nextOf, number, type Page, type Rows } from './list.ts'
import { ordersList } from './orders-list.ts'
import { serviceLists } from './service-lists.ts'
import { supplierLists } from './supplier-lists.ts'

const NO_FILTER = z.object({})
const OF_ACCOUNT = z.object({ account: number.max(2_147_483_647).optional().describe('only those of this account') })

export const lists: readonly List[] = [
  ...customerLists,
  {
    name: 'keys',
    does: 'API keys by their first characters; the keys themselves are not stored',
    permission: 'accounts.read',
    filters: OF_ACCOUNT,
    async read(db, { account }, page) {
      const keys = await listKeys(db, account ?? null)
      return pageOf(
        page,
        keys,
        (row) => row.id,
        (row) => ({
          key: row.id,
          account: row.accountId,
          prefix: row.prefix,
          label: row.label,
          test: row.test,
          scopes: row.scopes,
          daily_cap: row.dailyCap === null ? null : formatUnits(row.dailyCap),
          services: row.serviceIds,
          addresses: row.addresses,
          expires: row.expiresAt,
          last_used: row.lastUsedAt,
          created: row.createdAt,
          revoked: row.revokedAt,
        }),
      )
    },
  },
  {
    name: 'webhooks',
    does: 'webhooks, how many messages wait, and since when one fails',
    permission: 'accounts.read',
    filters: OF_ACCOUNT,
    async read(db, { account }, page) {
      const webhooks = await listWebhooks(db, account ?? null)
      return pageOf(
        page,
        webhooks,
        (row) => row.id,
        (row) => ({
          webhook: row.id,
          account: row.accountId,
          url: row.url,
          events: row.events,
          test: row.test,
          waiting: row.waiting,
          paused_since: row.pausedAt,
          failing_since: row.failingSince,
        }),
      )
    },
  },
  ...serviceLists,
  {
    name: 'settings',
    does: 'what an operator changes: what holds, where it comes from, and who changed it last',
    permission: 'settings.read',
    filters: NO_FILTER,
    async read(db, _, { config }) {
      return { rows: showSettings(config, await readSaved(db)), next: null }
    },
  },
  {
    name: 'suppliers',
    does: 'suppliers; never their keys',
    permission: 'suppliers.read',
    filters: NO_FILTER,
    async read(db, _, page) {
      return pageOf(
        page,
        await readSuppliers(db),
        (row) => row.id,
        (row) => ({
          supplier: row.id,
          name: row.name,
          protocol: row.protocol,
          url: row.url,
          paused: row.paused,
          calls_at_once: row.callsAtOnce,
          calls_a_minute: row.callsAMinute,
          private_network: row.privateNetwork,
          keeps_retry_keys: row.keepsRetryKeys,
        }),
      )
    },
  },
  ...supplierLists,
  {
    name: 'alerts',
    does: 'the 500 newest open alerts',
    permission: 'alerts.read',
    filters: NO_FILTER,
    async read(db) {
      const rows = (await listAlerts(db)).map(({ firstAt, lastAt, ...row }) => ({ ...row, first_at: firstAt, last_at: lastAt }))
      return { rows, next: null }
    },
  },
  {
    name: 'hand-offs',
    does: 'the first 500 unconfirmed hand-offs and orders that need attention, with what the supplier said',
    permission: 'orders.read',
    filters: NO_FILTER,
    async read(db) {
      const rows = (await listUndecided(db)).map(({ claimedAt, cancelAsked, ...row }) => ({
        ...row,
        claimed_at: claimedAt,
        cancel_asked: cancelAsked,
      }))
      return { rows, next: null }
    },
  },
  ordersList,
  {
    name: 'order-steps',
    does: 'everything that happened to one order, with the words of suppliers and staff, the oldest first',
    permission: 'orders.read',
    filters: z.object({ order: number.describe('number of the order') }),
    async read(db, { order }) {
      return { rows: await readOrderSteps(db, BigInt(order!)), next: null }
    },
  },
  {
    name: 'jobs',
    does: 'changes of many orders and how far they have come, the newest first',
    permission: 'orders.read',
    filters: NO_FILTER,
    async read(db, _, { cursor, most }) {
      const jobs = await listJobs(db, { before: cursor, most })
      const rows = jobs.map((row) => ({
        job: row.id,
        act: row.act,
        trial: row.trial,
        of_trial: row.ofTrial,
        with: row.input,
        who: row.who,
        orders: row.orders,
        done: row.done,
        refused: row.refused,
        made: row.madeAt,
        stop_asked_by: row.stopAskedBy,
        ended: row.endedAt,
        why_ended: row.whyEnded,
      }))
      return { rows, next: nextOf(jobs, most, (row) => row.id) }
    },
  },
  {
    name: 'job-orders',
    does: 'the orders of one job, and what came of each',
    permission: 'orders.read',
    filters: z.object({ job: number.describe('number of the job') }),
    async read(db, { job }, { cursor, most }) {
      const orders = await listJobOrders(db, BigInt(job!), { after: cursor ?? 0n, most })
      const rows = orders.map(({ givenBack, ...row }) => ({ ...row, given_back: givenBack === null ? null : formatUnits(givenBack) }))
      return { rows, next: nextOf(orders, most, (row) => row.order) }
    },
  },
  ...exportLists,
  {
    name: 'house-rules',
    does: 'the house rules, also those that were removed, and how many orders each has refused',
    permission: 'rules.read',
    filters: NO_FILTER,
    async read(db, _, page) {
      return pageOf(
        page,
        await listRules(db, true),
        (row) => row.id,
        (row) => ({
          rule: row.id,
          kind: row.kind,
          pattern: row.pattern,
          reason: row.reason,
          added_by: row.addedBy,
          added_at: row.addedAt,
          removed_by: row.removedBy,
          removed_at: row.removedAt,
          refused: row.refused,
        }),
      )
    },
  },
  {
    name: 'staff',
    does: 'who works here, how they sign in, and who has left',
    permission: 'staff.read',
    filters: NO_FILTER,
    async read(db, _, page) {
      const staff = (await readStaffTable(db, page.now)).toSorted((a, b) => a.id - b.id)
      return pageOf(
        page,
        staff,
        (row) => row.id,
        ({ id, createdAt, endedAt, seenAt, ...row }) => ({ staff: id, ...row, seen: seenAt, created: createdAt, ended: endedAt }),
      )
    },
  },
  {
    name: 'roles',
    does: 'the roles, what each may do, and whether it demands a code at sign-in',
    permission: 'staff.read',
    filters: NO_FILTER,
    async read(db) {
      const demanded = await rolesWithCode(db)
      return { rows: everyRole.map((role) => ({ role, may: roles[role], code_demanded: demanded.has(role) })), next: null }
    },
  },
  {
    name: 'staff-tokens',
    does: 'tokens of staff by their first characters',
    permission: 'staff.read',
    filters: NO_FILTER,
    async read(db, _, page) {
      return pageOf(
        page,
        await listTokens(db),
        (row) => row.id,
        (row) => ({
          token: row.id,
          staff: row.staffId,
          email: row.email,
          prefix: row.prefix,
          label: row.label,
          created: row.createdAt,
          expires: row.expiresAt,
          revoked: row.revokedAt,
        }),
      )
    },
  },
  {
    name: 'staff-keys',
    does: 'keys of /adminapi/v2 by their first characters',
    permission: 'staff.read',
    filters: NO_FILTER,
    async read(db, _, page) {
      return pageOf(
        page,
        await listStaffKeys(db),
        (row) => row.id,
        (row) => ({
          key: row.id,
          prefix: row.prefix,
          label: row.label,
          suppliers: row.suppliers,
          funds_a_day: row.fundsADay === null ? null : formatUnits(row.fundsADay),
          created: row.createdAt,
          revoked: row.revokedAt,
        }),
      )
    },
  },
  list({
    name: 'log',
    does: 'what staff did and what it changed, the newest first',
    permission: 'log.read',
    filters: z.object({
      staff: number.max(2_147_483_647).optional().describe('only what this member of staff did'),
      act: z.string().max(100).optional().describe('only acts of this name, like "account suspend"'),
      account: number.max(2_147_483_647).optional().describe('only what was done to this account'),
      order: number.optional().describe('only what was done to this order'),
      service: number.max(2_147_483_647).optional().describe('only what was done to this service'),
      supplier: number.max(2_147_483_647).optional().describe('only what was done to this supplier'),
    }),
    async read(db, { staff = null, act = null, account = null, order, service = null, supplier = null }, { cursor, most }) {
      const filter = { staff, act, account, order: order === undefined ? null : BigInt(order), service, supplier }
      const rows = await readLog(db, filter, { before: cursor, most })
      return { rows, next: nextOf(rows, most, (row) => row.line) }
    },
  }),
  ...paymentLists,
  ...paymentBookLists,
  ...reportLists,
]

/** A page of rows that stand in the order of their ids. */
function pageOf<Row>(page: Page, all: readonly Row[], idOf: (row: Row) => number, shown: (row: Row) => object): Rows {
  const after = Number(page.cursor ?? 0n)
  const rows = all.filter((row) => idOf(row) > after).slice(0, page.most)
  const last = rows.at(-1)
  const isLast = last === undefined || idOf(last) === idOf(all.at(-1)!)
  return { rows: rows.map(shown), next: isLast ? null : BigInt(idOf(last)) }
}
