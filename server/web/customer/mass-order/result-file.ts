import { formatUnits } from '../../../ledger/money.ts'
import type { MassOrderLine } from '../../../orders/mass-orders.ts'
import { BYTE_ORDER_MARK, csvRow, plainText } from '../csv.ts'

/** What every order has; further columns are there where a line of the list uses them. */
const ALWAYS = ['service', 'link', 'quantity']

/** What became of each line, for other programs, in the API's words. It may be corrected and sent again: rows with an order are left
 * out then. */
export function resultFile(lines: readonly MassOrderLine[], currency: string): string {
  const names = [...new Set([...ALWAYS, ...lines.flatMap(({ parameters }) => Object.keys(parameters ?? {}))])]
  const rows = lines.map((line) => [
    String(line.number),
    ...names.map((name) => plainText(line.parameters?.[name] ?? '')),
    line.orderId === null ? '' : formatUnits(line.charge!),
    currency,
    String(line.orderId ?? ''),
    plainText(errorOf(line)),
  ])
  return BYTE_ORDER_MARK + [['line', ...names, 'charge', 'currency', 'order', 'error'], ...rows].map(csvRow).join('')
}

function errorOf({ orderId, refusal, parameters, source }: MassOrderLine): string {
  if (orderId !== null) return ''
  if (refusal === null) return 'Not placed'
  return parameters === null ? `${refusal}: ${source}` : refusal
}
