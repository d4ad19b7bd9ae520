import type { Json } from '../../json.ts'
import type { ReportedReceipt } from '../gateway.ts'
import { listAt, textAt } from './json.ts'
import type { PayPalClient } from './paypal-client.ts'
import { isReference } from './references.ts'
import { readMoney, readTime } from './transfers.ts'

const PAGE = 500
const MOST_PAGES = 40

/** By the search of transactions, which the app must be allowed to use and which is up to three hours behind (its OpenAPI). */
export async function reportedByPayPal(
  client: PayPalClient,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<readonly ReportedReceipt[] | null> {
  const found: ReportedReceipt[] = []
  // Its end belongs to the day, down to the second.
  const end = new Date(until.getTime() - 1000)
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const asked = {
      start_date: from.toISOString(),
      end_date: end.toISOString(),
      fields: 'transaction_info',
      page_size: String(PAGE),
      page: String(page),
    }
    const answer = await client.ask({ method: 'GET', path: `/v1/reporting/transactions?${new URLSearchParams(asked).toString()}` })
    if (answer.kind !== 'yes') return null
    found.push(...listAt(answer.json, 'transaction_details').flatMap(reportedOf))
    if (page >= Number(textAt(answer.json, 'total_pages') || 1)) return found
  }
  return null
}

/** Codes that begin with T00 are payments; ours have a reference and come in. Money that goes out has a sign, and is no amount. */
function reportedOf(line: Json): ReportedReceipt[] {
  const told = (...path: string[]) => textAt(line, 'transaction_info', ...path)
  const paid = readMoney(told('transaction_amount', 'value'), told('transaction_amount', 'currency_code'))
  const at = readTime(told('transaction_initiation_date'))
  const id = told('transaction_id')
  if (!paid || !at || id === '' || !told('transaction_event_code').startsWith('T00')) return []
  const fee = readMoney(told('fee_amount', 'value').replace(/^-/, ''), told('fee_amount', 'currency_code'))
  const reference = [told('custom_field'), told('invoice_id')].find(isReference) ?? null
  return [{ id, ...paid, at, fee: fee?.currency === paid.currency ? fee.amount : null, reference }]
}
