/** The first character of each CSV file: without it, Excel misreads every letter outside ASCII. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** Spreadsheets read a cell that begins with one of these characters as a formula. A leading apostrophe marks it as text. A text that begins with
 * an apostrophe gets another one, so that removing one always restores the original. */
export function plainText(text: string | null): string {
  return /^['=+\-@\t\r]/.test(text ?? '') ? `'${text}` : (text ?? '')
}

export function csvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}
