/** The cells of the sheet that can be edited, walked by arrows; a part of a column is picked with Shift. */
export interface Grid {
  readonly cells: readonly HTMLTableCellElement[]
  cellAt(row: number, column: number): HTMLTableCellElement | undefined
  placeOf(cell: HTMLTableCellElement): { row: number; column: number }
  /** The focused cell; null: the focus is elsewhere. */
  current(): HTMLTableCellElement | null
  /** The picked part of a column, from top to bottom; the focused cell alone if nothing else is picked. */
  picked(): HTMLTableCellElement[]
  go(cell: HTMLTableCellElement | undefined, extend?: boolean): void
  /** The cell so many rows down and columns on, at the edge the last one there is. */
  beside(cell: HTMLTableCellElement, rows: number, columns: number): HTMLTableCellElement
}

export function openGrid(table: HTMLTableElement): Grid {
  const rows = [...table.querySelectorAll<HTMLTableRowElement>('tr[data-service]')].map((row) => [
    ...row.querySelectorAll<HTMLTableCellElement>('td[data-column]'),
  ])
  const places = new Map(rows.flatMap((cells, row) => cells.map((cell, column) => [cell, { row, column }] as const)))
  const cells = [...places.keys()]
  for (const cell of cells) cell.tabIndex = -1
  if (cells[0]) cells[0].tabIndex = 0
  table.setAttribute('role', 'grid')
  let anchor = cells[0]
  let shown: HTMLTableCellElement[] = []

  const cellAt = (row: number, column: number) => rows[row]?.[column]
  const current = () => document.activeElement?.closest<HTMLTableCellElement>('td[data-column]') ?? null
  const picked = () => {
    const cell = current()
    if (!cell) return []
    const [from, to] = [places.get(anchor ?? cell)!, places.get(cell)!]
    if (from.column !== to.column) return [cell]
    const [top, bottom] = [Math.min(from.row, to.row), Math.max(from.row, to.row)]
    return rows.slice(top, bottom + 1).map((row) => row[to.column]!)
  }
  const show = () => {
    for (const cell of shown) cell.removeAttribute('aria-selected')
    shown = picked()
    if (shown.length > 1) for (const cell of shown) cell.setAttribute('aria-selected', 'true')
  }

  return {
    cells,
    cellAt,
    placeOf: (cell) => places.get(cell)!,
    current,
    picked,
    go(cell, extend = false) {
      if (!cell) return
      for (const before of table.querySelectorAll<HTMLElement>('td[tabindex="0"]')) before.tabIndex = -1
      if (!extend) anchor = cell
      cell.tabIndex = 0
      cell.focus()
      cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      show()
    },
    beside(cell, down, on) {
      const { row, column } = places.get(cell)!
      const most = rows.length - 1
      const [atRow, atColumn] = [Math.max(0, Math.min(row + down, most)), Math.max(0, Math.min(column + on, rows[row]!.length - 1))]
      return cellAt(atRow, atColumn)!
    },
  }
}
