import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { readTroubles, troubleKindsFor } from '../reports/attention.ts'
import { shownRow } from '../reports/export.ts'
import { troubleKinds } from '../reports/trouble-kinds.ts'
import { reportBys, reportSorts } from '../reports/filter.ts'
import { readReportPage } from '../reports/kept.ts'
import { amount, big, count, moment, word } from './columns.ts'
import { list, type List } from './list.ts'

const number = z.coerce.number().int().min(1).max(2_147_483_647)
const day = z.iso.date('It must be a day like 2026-12-31.')

/** Each row has what it is under the name of what the rows are: `day` in a report by day. */
const reportColumns = z.object({
  ...Object.fromEntries(reportBys.map((by) => [by, word().optional()])),
  name: word().nullable(), currency: word(), orders: count(), sold: amount(), refunds: count(), given_back: amount(), cost: amount(), cost_said: amount(),
  margin: amount(), orders_without_cost: count(), counted: moment().nullable(),
}) // prettier-ignore

/** What is sold and what needs a person, as the desk shows it. */
export const reportLists: readonly List[] = [
  list({
    name: 'attention',
    does: 'what needs a person now, the newest first: at most `most` of each kind',
    permission: 'alerts.read',
    filters: z.object({ kind: z.enum(troubleKinds).optional().describe('only this kind') }),
    row: z.object({
      kind: z.enum(troubleKinds),
      at: moment(),
      words: word().nullable(),
      order: big().nullable(),
      link: word().nullable(),
      supplier: word().nullable(),
      service: count().nullable(),
      service_name: word().nullable(),
      approval: count().nullable(),
      alert: big().nullable(),
      alert_kind: word().nullable(),
      payment: big().nullable(),
      gateway: word().nullable(),
      receipt: big().nullable(),
      ticket: big().nullable(),
      account: count().nullable(),
      panel: count().nullable(),
      panel_host: word().nullable(),
      usual_seconds: big().nullable(),
    }),
    async read(db, { kind }, { most, now, may }) {
      const kinds = troubleKindsFor(may).filter((one) => kind === undefined || one === kind)
      const rows = await readTroubles(db, kinds, most, now)
      const shown = rows.map(({ serviceName, alertKind, usual, panelHost, isParent: _isParent, ...row }) => {
        return { ...row, panel_host: panelHost, service_name: serviceName, alert_kind: alertKind, usual_seconds: usual }
      })
      return { rows: shown, next: null }
    },
  }),
  list({
    name: 'reports',
    does: 'what was sold, given back and spent, by hour, day, month, service, category, customer or supplier; `counted` says how new the sums are',
    permission: 'money.read',
    filters: z.object({
      by: z.enum(reportBys).describe('what the rows are'),
      from: day.describe('first day (UTC)'),
      to: day.describe('last day (UTC)'),
      sort: z.enum(reportSorts).default('name').describe('the largest first; by name: the newest first, or by number'),
      currency: z.string().length(3).optional(),
      service: number.optional(),
      category: z.string().max(200).optional(),
      customer: number.optional().describe('an account'),
      supplier: number.optional().describe('the number of a supplier'),
    }),
    row: reportColumns,
    // The first rows in the order that was asked for: a report of more is taken out by its act.
    async read(
      db,
      { by, from, to, sort, currency = null, service = null, category = null, customer = null, supplier = null },
      { most, now, longReads },
    ) {
      const filter = { by, from, to, currency, service, category, customer, supplier }
      const report = await readReportPage({ db, longReads }, filter, { sort, after: null, most }, now)
      if (report === undefined) throw refuse('report_not_kept')
      return { rows: report.rows.map((row) => ({ ...shownRow(filter, row), counted: report.countedAt })), next: null }
    },
  }),
]
