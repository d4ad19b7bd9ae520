import { refuse } from '../refusal.ts'
/** What was read next; `cut`: the text ends before it does. */
export type Step =
  | { readonly kind: 'cut' }
  | { readonly kind: 'skipped'; readonly end: number }
  | { readonly kind: 'table'; readonly table: string; readonly columns: readonly string[]; readonly end: number }
  | { readonly kind: 'insert'; readonly table: string; readonly columns: readonly string[] | null; readonly end: number }
  | { readonly kind: 'row'; readonly row: readonly (string | null)[]; readonly end: number }
  | { readonly kind: 'end'; readonly end: number }

/** More than any head of a statement takes: a table of a panel has less than a hundred columns. */
const LONGEST_HEAD = 65_536

// The database before the name, like `shop.orders`, is left out.
const INSERT =
  /(?:insert|replace)\s+(?:(?:low_priority|delayed|high_priority|ignore)\s+)?into\s+(?:`?[\w$-]+`?\.)?`?([\w$-]+)`?\s*(?:\(([^)]*)\)\s*)?values?\s*(?=\()/iy
const BEGINS_INSERT = /(?:insert|replace)\s/iy

/** `INSERT INTO clients (client_id, …) VALUES`; undefined: another statement begins here. */
export function readInsertHead(text: string, start: number): Step | undefined {
  BEGINS_INSERT.lastIndex = start
  if (!BEGINS_INSERT.test(text)) return undefined
  INSERT.lastIndex = start
  const found = INSERT.exec(text)
  if (!found) {
    if (text.length - start < LONGEST_HEAD) return { kind: 'cut' }
    throw refuse(
      'panel_file_unreadable',
      `The dump has an INSERT that is not understood: ${text.slice(start, start + 80).split(/\bvalues\b/i)[0]}`,
    )
  }
  const columns = found[2] === undefined ? null : found[2].split(',').map((name) => name.trim().replaceAll('`', '').toLowerCase())
  return { kind: 'insert', table: found[1]!.toLowerCase(), columns, end: start + found[0].length }
}

const CREATE = /create\s+table\s+(?:if\s+not\s+exists\s+)?(?:`?[\w$-]+`?\.)?`?([\w$-]+)`?\s*\(/iy
const BEGINS_CREATE = /create\s+table\s/iy
const COLUMN = /^\s*`([^`]+)`\s/

/** The names of a table's columns, in their order. */
export function readDefinition(text: string, start: number): Step | undefined {
  BEGINS_CREATE.lastIndex = start
  if (!BEGINS_CREATE.test(text)) return undefined
  const whole = skipStatement(text, start, false)
  if (whole.kind !== 'skipped') return whole
  CREATE.lastIndex = start
  const found = CREATE.exec(text)
  if (!found) return whole
  const lines = text.slice(start + found[0].length, whole.end).split('\n')
  const columns = lines.flatMap((line) => COLUMN.exec(line)?.[1]?.toLowerCase() ?? [])
  return { kind: 'table', table: found[1]!.toLowerCase(), columns, end: whole.end }
}

/** Behind a comment, blanks, or a statement that is of no interest. */
export function skipStatement(text: string, start: number, isLast: boolean): Step {
  const code = text[start]!
  if (code === ' ' || code === '\n' || code === '\r' || code === '\t' || code === ';') return { kind: 'skipped', end: start + 1 }
  if (code === '#' || text.startsWith('--', start)) return behind(text, '\n', start, isLast)
  if (text.startsWith('/*', start)) return behind(text, '*/', start, isLast)
  // Bodies of triggers and procedures stand between two of these.
  if (/^delimiter\s+[^;\s]|^delimiter\s+;;/i.test(text.slice(start, start + 20))) return behind(text, 'DELIMITER ;\n', start, isLast)
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at]!
    if (sign === ';') return { kind: 'skipped', end: at + 1 }
    if (sign === "'" || sign === '"' || sign === '`') {
      at = endOfQuoted(text, at, sign)
      if (at === -1) break
    }
  }
  return isLast ? { kind: 'skipped', end: text.length } : { kind: 'cut' }
}

function behind(text: string, sign: string, start: number, isLast: boolean): Step {
  const end = text.indexOf(sign, start)
  if (end !== -1) return { kind: 'skipped', end: end + sign.length }
  return isLast ? { kind: 'skipped', end: text.length } : { kind: 'cut' }
}

function endOfQuoted(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote !== '`') at += 1
    else if (text[at] === quote) return at
  }
  return -1
}
