import type { ServiceValues, SomeValues } from '../../../catalog/change-services.ts'

/** A cell of the sheet that somebody has edited. */
export interface Cell {
  readonly service: number
  readonly column: SheetColumn
  /** As the reader saw it when they began to edit. */
  readonly seen: string
  readonly wanted: string
}

/** The columns that are edited in place. */
export const sheetColumns = ['name', 'category', 'rate', 'min', 'max', 'state'] as const
export type SheetColumn = (typeof sheetColumns)[number]

const WHOLE = new Set<SheetColumn>(['min', 'max'])

/** One cell per row: service, column, what was seen, what it shall be, with tabs between them. A row that is none is left out. */
export function readCells(text: string): Cell[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [service = '', column = '', seen, wanted] = line.split('\t')
    const isCell = /^[1-9]\d{0,8}$/.test(service) && isColumn(column) && wanted !== undefined
    return isCell ? [{ service: Number(service), column, seen: seen!, wanted }] : []
  })
}

function isColumn(text: string): text is SheetColumn {
  return (sheetColumns as readonly string[]).includes(text)
}

export function writeCells(cells: readonly Cell[]): string {
  return cells.map(({ service, column, seen, wanted }) => [service, column, seen, wanted].join('\t')).join('\n')
}

/** The cells as the act takes them. */
export function rowsOf(cells: readonly Cell[]): { service: number; values: SomeValues; seen: SomeValues }[] {
  const rows = new Map<number, { values: Record<string, unknown>; seen: Record<string, unknown> }>()
  for (const { service, column, seen, wanted } of cells) {
    const row = rows.get(service) ?? { values: {}, seen: {} }
    row.values[column] = valueOf(column, wanted)
    row.seen[column] = valueOf(column, seen)
    rows.set(service, row)
  }
  return [...rows].map(([service, { values, seen }]) => ({ service, values, seen }))
}

function valueOf(column: SheetColumn, text: string): unknown {
  return WHOLE.has(column) && /^\d{1,12}$/.test(text) ? Number(text) : text
}

/** A cell that somebody else has changed meanwhile to another value than is wanted. */
export interface ClashingCell extends Cell {
  readonly is: string
}

export function clashesOf(cells: readonly Cell[], current: ReadonlyMap<number, Pick<ServiceValues, SheetColumn>>): ClashingCell[] {
  return cells.flatMap((cell) => {
    const row = current.get(cell.service)
    const is = row === undefined ? undefined : String(row[cell.column])
    return is === undefined || is === cell.seen || is === cell.wanted ? [] : [{ ...cell, is }]
  })
}

/** The cells after the reader has decided about each clash: `mine` keeps what they want, over the value that they have seen now. */
export function decided(cells: readonly Cell[], clashes: readonly ClashingCell[], isMine: (cell: Cell) => boolean): Cell[] {
  const nameOf = ({ service, column }: Cell) => `${service} ${column}`
  const clashing = new Map(clashes.map((cell) => [nameOf(cell), cell]))
  return cells.flatMap((cell) => {
    const clash = clashing.get(nameOf(cell))
    if (!clash) return [cell]
    return isMine(cell) ? [{ ...cell, seen: clash.is }] : []
  })
}
