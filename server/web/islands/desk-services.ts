// The sheet of services: walked and edited by keys like a sheet, a part of a column copied and pasted, and the margin told while one types.
import { pluralText } from './plural.ts'
import { type Draft, type EditedCell, nameOf, noteSent, openDraft } from './sheet-draft.ts'
import { editCell } from './sheet-editor.ts'
import { type Grid, openGrid } from './sheet-grid.ts'
import { isValue, marginShown, shownValue, type States, valueTyped } from './sheet-values.ts'

/** The form takes 64 kilobytes. */
const LARGEST_FORM = 60_000

const table = document.querySelector<HTMLTableElement>('#sheet')
const form = document.querySelector<HTMLFormElement>('#sheet-changes')
if (form) editSheet(form, table)

function editSheet(changes: HTMLFormElement, sheet: HTMLTableElement | null) {
  const draft = openDraft(() => tellChanges(changes, draft))
  if (sheet) openSheet(sheet, draft)
  tellChanges(changes, draft)
  changes.querySelector('[data-drop]')!.addEventListener('click', () => {
    draft.clear()
    location.reload()
  })
  changes.addEventListener('submit', (event) => {
    const cells = writeCells(draft)
    const wrong = sheet?.querySelector<HTMLElement>('[aria-invalid]')
    const fault = wrong ? 'wrong' : encodeURIComponent(cells).length > LARGEST_FORM ? 'tooMany' : undefined
    if (fault === undefined) {
      changes.querySelector<HTMLInputElement>('input[name=cells]')!.value = cells
      return noteSent()
    }
    event.preventDefault()
    changes.querySelector('output')!.textContent = messagesOf(changes)[fault]!
    wrong?.focus()
  })
}

function messagesOf(changes: HTMLFormElement): Record<string, string> {
  return JSON.parse(changes.dataset['messages']!) as Record<string, string>
}

function tellChanges(changes: HTMLFormElement, { cells }: Draft) {
  changes.classList.toggle('some', cells.size > 0)
  changes.querySelector('output')!.textContent = cells.size === 0 ? '' : pluralText(messagesOf(changes), cells.size)
}

function writeCells({ cells }: Draft): string {
  return [...cells.values()].map(({ service, column, seen, wanted }) => [service, column, seen, wanted].join('\t')).join('\n')
}

function openSheet(sheet: HTMLTableElement, draft: Draft) {
  const grid = openGrid(sheet)
  const states = JSON.parse(sheet.dataset['states']!) as States
  const seenIn = new Map(grid.cells.map((cell) => [cell, cell.dataset['value'] ?? cell.textContent.trim()]))
  const editedOf = (cell: HTMLTableCellElement) => draft.cells.get(nameOf(serviceOf(cell), columnOf(cell)))
  const valueOf = (cell: HTMLTableCellElement) => editedOf(cell)?.wanted ?? seenIn.get(cell)!
  const draw = (cell: HTMLTableCellElement) => drawCell(cell, { value: valueOf(cell), edited: editedOf(cell), states })

  const set = (cell: HTMLTableCellElement, typed: string) => {
    const [service, column] = [serviceOf(cell), columnOf(cell)]
    const wanted = valueTyped(column, typed, states)
    const seen = editedOf(cell)?.seen ?? seenIn.get(cell)!
    if (wanted === seenIn.get(cell)) draft.drop(service, column)
    else draft.set({ service, column, seen, wanted })
    draw(cell)
  }
  const edit = (cell: HTMLTableCellElement, typed?: string) => editCell({ grid, states, valueOf, commit: set }, cell, typed)

  for (const cell of grid.cells) {
    const edited = editedOf(cell)
    if (edited && edited.wanted === seenIn.get(cell)) draft.drop(edited.service, edited.column)
    if (edited) draw(cell)
  }
  walkByKeys(sheet, grid, edit)
  copyAndPaste(grid, { valueOf, set, states })
}

function serviceOf(cell: HTMLTableCellElement): string {
  return cell.closest('tr')!.dataset['service']!
}

function columnOf(cell: HTMLTableCellElement): string {
  return cell.dataset['column']!
}

function drawCell(
  cell: HTMLTableCellElement,
  { value, edited, states }: { value: string; edited: EditedCell | undefined; states: States },
) {
  const column = columnOf(cell)
  cell.textContent = shownValue(column, value, states)
  cell.classList.toggle('changed', edited !== undefined)
  cell.title = edited === undefined ? '' : shownValue(column, edited.seen, states)
  if (isValue(column, value, states)) cell.removeAttribute('aria-invalid')
  else cell.setAttribute('aria-invalid', 'true')
  if (column === 'rate') drawMargin(cell, value)
}

function drawMargin(cell: HTMLTableCellElement, rate: string) {
  const row = cell.closest('tr')!
  const { text, isBelow } = marginShown(document.documentElement.lang, rate, row.dataset['cost'])
  const margin = row.querySelector('.margin')!
  margin.textContent = text
  margin.classList.toggle('below', isBelow)
}

type Edit = (cell: HTMLTableCellElement, typed?: string) => void

function walkByKeys(sheet: HTMLTableElement, grid: Grid, edit: Edit) {
  const onwards = getComputedStyle(sheet).direction === 'rtl' ? -1 : 1
  const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -onwards],
    ArrowRight: [0, onwards],
    PageUp: [-20, 0],
    PageDown: [20, 0],
    Home: [0, -99],
    End: [0, 99],
  }
  sheet.addEventListener('keydown', (event) => {
    const cell = event.target instanceof HTMLTableCellElement && event.target.dataset['column'] !== undefined ? event.target : null
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return
    const step = steps[event.key]
    if (step) grid.go(grid.beside(cell, ...step), event.shiftKey && step[1] === 0)
    else if (event.key === 'Enter' || event.key === 'F2') edit(cell)
    else if (event.key === 'Delete' || event.key === 'Backspace') edit(cell, '')
    else if (event.key.length === 1) edit(cell, event.key)
    else return
    event.preventDefault()
    // The desk's own keys have no place in a sheet.
    event.stopPropagation()
  })
  sheet.addEventListener('mousedown', (event) => {
    const cell = event.target instanceof HTMLTableCellElement && event.target.dataset['column'] !== undefined ? event.target : null
    if (!cell) return
    event.preventDefault()
    grid.go(cell, event.shiftKey)
  })
  sheet.addEventListener('dblclick', ({ target }) => {
    if (target instanceof HTMLTableCellElement && target.dataset['column'] !== undefined) edit(target)
  })
}

interface Values {
  readonly valueOf: (cell: HTMLTableCellElement) => string
  readonly set: (cell: HTMLTableCellElement, typed: string) => void
  readonly states: States
}

/** Several rows are pasted downwards from the focused cell, columns beside each other; one value fills all that is picked. */
function copyAndPaste(grid: Grid, { valueOf, set, states }: Values) {
  const isInCell = () => document.activeElement instanceof HTMLTableCellElement && grid.current() !== null
  document.addEventListener('copy', (event) => {
    if (!isInCell()) return
    const shown = grid.picked().map((cell) => shownValue(columnOf(cell), valueOf(cell), states))
    event.clipboardData?.setData('text/plain', shown.join('\n'))
    event.preventDefault()
  })
  document.addEventListener('paste', (event) => {
    if (!isInCell()) return
    event.preventDefault()
    const text = (event.clipboardData?.getData('text/plain') ?? '').replace(/\r?\n$/, '')
    const lines = text.split(/\r?\n/).map((line) => line.split('\t'))
    const picked = grid.picked()
    if (lines.length === 1 && lines[0]!.length === 1) return picked.forEach((cell) => set(cell, text))
    const { row, column } = grid.placeOf(picked[0]!)
    lines.forEach((values, down) =>
      values.forEach((value, on) => {
        const cell = grid.cellAt(row + down, column + on)
        if (cell) set(cell, value)
      }),
    )
  })
}
