/** Stands before a file of ours: without it Excel reads other letters than English ones as another encoding. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** Spreadsheets take what begins so for a formula. An apostrophe before it says that it is text; before an apostrophe too, so that
 * whoever takes one away has what was written. */
export function plainText(text: string | null): string {
  return /^['=+\-@\t\r]/.test(text ?? '') ? `'${text}` : (text ?? '')
}

export function csvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}
