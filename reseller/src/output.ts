import type { Terminal, World } from './world.ts'

/** The option that every command has. */
export interface Json {
  readonly json?: boolean
}

/** One JSON line for programs, text for people. */
export function print({ out }: World, { json }: Json, value: unknown, text: string): void {
  if (json) out.write(`${JSON.stringify(value)}\n`)
  else if (text !== '') out.write(`${text}\n`)
}

/** A sentence beside the answer, for people only. */
export function tell({ err }: World, { json }: Json, text: string): void {
  if (!json) err.write(`${clean(text)}\n`)
}

/** A panel's words, without what would move a terminal's cursor, colour it or turn the direction of its text. */
export function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, ' ')
}

export type Colour = 'red' | 'green' | 'yellow' | 'bold'
const CODES: Readonly<Record<Colour, number>> = { bold: 1, red: 31, green: 32, yellow: 33 }

/** Colours where a person looks, unless NO_COLOR is set (https://no-color.org). */
export function painter({ env }: World, terminal: Terminal): (text: string, colour: Colour | undefined) => string {
  const isWanted = terminal.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return (text, colour) => (isWanted && colour ? `\u001B[${CODES[colour]}m${text}\u001B[0m` : text)
}

export interface Cell {
  readonly text: string
  readonly colour?: Colour | undefined
}

/** Columns under their headings, two spaces apart. On a terminal the widest column is cut so that a row stays one line. */
export function table(world: World, headings: readonly string[], rows: readonly (readonly (string | Cell)[])[]): string {
  const paint = painter(world, world.out)
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? { text: clean(cell) } : { ...cell, text: clean(cell.text) })),
  )
  const widths = headings.map((heading, at) => cells.reduce((most, row) => Math.max(most, widthOf(row[at]!.text)), heading.length))
  if (world.out.isTTY) narrow(widths, world.out.columns)
  const line = (row: readonly Cell[]) =>
    row
      .map(({ text, colour }, at) => {
        const shown = cut(text, widths[at]!)
        const isLast = at === row.length - 1
        return paint(shown, colour) + (isLast ? '' : ' '.repeat(widths[at]! - widthOf(shown)))
      })
      .join('  ')
      .trimEnd()
  return [line(headings.map((text) => ({ text, colour: 'bold' }))), ...cells.map(line)].join('\n')
}

const NARROWEST = 12

function narrow(widths: number[], columns: number): void {
  const over = widths.reduce((sum, width) => sum + width + 2, -2) - columns
  const widest = widths.indexOf(Math.max(...widths))
  if (over > 0) widths[widest] = Math.max(NARROWEST, widths[widest]! - over)
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let shown = ''
  for (const letter of text) {
    if (widthOf(shown) + widthOf(letter) > width - 1) break
    shown += letter
  }
  return `${shown}…`
}

/** Chinese, Japanese and Korean letters and pictures take two columns. */
function widthOf(text: string): number {
  let width = 0
  for (const letter of text)
    width += /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{Emoji_Presentation}]/u.test(letter) ? 2 : 1
  return width
}
