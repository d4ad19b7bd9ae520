import { formatUnits } from '../../../ledger/money.ts'
import type { MassOrderLine } from '../../../orders/mass-orders.ts'
import { BYTE_ORDER_MARK, csvRow, plainText } from '../../csv.ts'

/** Every order has these; other columns are added if a row uses them. */
const ALWAYS = ['service', 'link', 'quantity']

/** The outcome of each row as a CSV file, in the API's words. The user may correct the file and send it again: rows that have an order are then
 * skipped. */
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
