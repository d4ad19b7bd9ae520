import type { Grid } from './sheet-grid.ts'
import { shownValue, type States } from './sheet-values.ts'

interface Editor {
  readonly grid: Grid
  readonly states: States
  readonly valueOf: (cell: HTMLTableCellElement) => string
  readonly commit: (cell: HTMLTableCellElement, typed: string) => void
}

/** Puts a field into a cell: Enter and Tab take what was typed and go on, Escape leaves the cell as it was. */
export function editCell({ grid, states, valueOf, commit }: Editor, cell: HTMLTableCellElement, typed?: string) {
  const field = cell.dataset['column'] === 'state' ? choiceOf(states, valueOf(cell)) : fieldOf(typed ?? valueOf(cell), cell)
  field.setAttribute('aria-label', cell.closest('table')!.tHead!.rows[0]!.cells[cell.cellIndex]!.textContent.trim())
  let isOpen = true
  const close = (take: boolean, next?: HTMLTableCellElement) => {
    if (!isOpen) return
    isOpen = false
    const given = field.value
    cell.textContent = shownValue(cell.dataset['column']!, valueOf(cell), states)
    if (take) commit(cell, given)
    if (next) grid.go(next)
  }
  field.addEventListener('keydown', (event: Event) => {
    if (!(event instanceof KeyboardEvent)) return
    event.stopPropagation()
    if (event.isComposing) return
    const isText = field instanceof HTMLInputElement
    if (event.key === 'Escape') close(false, cell)
    else if (event.key === 'Enter') close(true, grid.beside(cell, event.shiftKey ? -1 : 1, 0))
    else if (event.key === 'Tab') close(true, grid.beside(cell, 0, event.shiftKey ? -1 : 1))
    else if (isText && event.key === 'ArrowDown') close(true, grid.beside(cell, 1, 0))
    else if (isText && event.key === 'ArrowUp') close(true, grid.beside(cell, -1, 0))
    else return
    event.preventDefault()
  })
  field.addEventListener('blur', () => close(true))
  cell.replaceChildren(field)
  field.focus()
  if (field instanceof HTMLInputElement && typed === undefined) field.select()
}

function fieldOf(value: string, cell: HTMLTableCellElement): HTMLInputElement {
  const field = document.createElement('input')
  field.value = value
  field.dir = cell.dir
  if (cell.classList.contains('figures')) field.inputMode = 'decimal'
  return field
}

function choiceOf(states: States, value: string): HTMLSelectElement {
  const choice = document.createElement('select')
  choice.append(...Object.entries(states).map(([state, name]) => new Option(name, state, false, state === value)))
  return choice
}
