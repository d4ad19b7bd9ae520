import { isTyping, keysAreOn, letterOf } from './keys.ts'

/** `j` and `k` move through the rows of a page (`tr[data-row]`, `li[data-row]`), `x` ticks the row's box, Enter opens its first link. */
export function walkRows() {
  document.addEventListener('keydown', (event) => {
    if (!keysAreOn() || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
    const letter = letterOf(event)
    const step = { j: 1, k: -1 }[letter]
    if (step !== undefined) return moveBy(step)
    const row = currentRow()
    if (!row) return
    if (letter === 'x') row.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
    // Enter on a link or a button does what it always does.
    else if (event.key === 'Enter' && event.target === row) row.querySelector('a')?.click()
  })
}

export function currentRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('[data-row]') ?? null
}

/** Moves the focus to another row; to the first one if no row has it. */
export function moveBy(step: number) {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => !row.hidden)
  const row = currentRow()
  const at = row ? rows.indexOf(row) + step : 0
  const next = rows[Math.max(0, Math.min(at, rows.length - 1))]
  if (!next) return
  next.tabIndex = -1
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
}
