import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { addExport, exportFormats } from '../jobs/exports.ts'
import { reportBys, type ReportFilter } from '../reports/filter.ts'
import { readReportTotals } from '../reports/report.ts'
import { act } from './act.ts'
import { cli, id, text } from './fields.ts'

const DAY = 'It must be a day like 2026-12-31.'
const day = () => cli(z.iso.date(DAY), { placeholder: '<day>' })

const input = z.object({
  by: cli(z.enum(reportBys, `It must be one of: ${reportBys.join(', ')}.`), { argument: true, placeholder: '<by>' }).describe(
    'what the rows are: hour, day, month, service, category, customer or supplier',
  ),
  from: day().describe('first day (UTC)'),
  to: day().describe('last day (UTC)'),
  format: cli(z.enum(exportFormats, 'It must be csv or jsonl.'), { placeholder: '<csv|jsonl>' })
    .default('csv')
    .describe('a table, or one JSON object per line'),
  currency: cli(text(3), { placeholder: '<code>' }).optional().describe('only this currency'),
  service: id().optional().describe('only this service'),
  category: text(200).optional().describe('only this category'),
  customer: id().optional().describe('only this account'),
  supplier: id().optional().describe('only this supplier, by its number'),
})

function filterOf(given: z.output<typeof input>): ReportFilter {
  const { by, from, to, currency = null, service = null, category = null, customer = null, supplier = null } = given
  return { by, from, to, currency, service, category, customer, supplier }
}

export const reportExport = act({
  name: 'report export',
  does: 'take a report out as a file, made in the background: what was sold, given back and spent, by hour, day, month, service, category, customer or supplier',
  permission: 'money.read',
  input,
  async run({ tx, now, actor, dryRun }, given) {
    const asked = filterOf(given)
    const totals = await readReportTotals(tx, asked)
    if (totals === undefined) throw refuse('report_not_kept')
    const orders = Number(totals.reduce((sum, total) => sum + total.orders, 0n))
    const { format, ...filter } = given
    // A number that a dry run took would stay taken.
    const number = dryRun ? null : Number(await addExport(tx, { kind: 'report', filter: asked, format }, actor, now))
    return { result: { export: number, by: given.by, format, orders }, after: { ...filter, format } }
  },
  says: ({ by, orders }) => `The report by ${by} tells of ${orders} orders`,
})
