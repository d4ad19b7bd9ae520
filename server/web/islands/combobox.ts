import { openOptionList, type OptionList } from './option-list.ts'

/** A field that offers matches as the user types: the ARIA pattern of an editable combobox with a list. */
export interface ComboboxParts<T> {
  readonly input: HTMLInputElement
  /** Finds the matches, best first. Rejects if they cannot be found. */
  readonly find: (asked: string) => Promise<readonly T[]>
  /** Fills the element of an option. */
  readonly draw: (option: HTMLElement, item: T) => void
  readonly choose: (item: T) => void
  readonly messages: { readonly loading: string; readonly failed: string; readonly summary: (count: number) => string }
}

export function openCombobox<T>({ input, find, draw, choose, messages }: ComboboxParts<T>) {
  const options = openOptionList(input, draw)
  const { panel, status } = panelOf(input, options.element)
  let asked = 0

  async function show(query: string) {
    const mine = ++asked
    toggle(true)
    const slow = setTimeout(() => mine === asked && (status.textContent = messages.loading), 150)
    try {
      const fitting = await find(query)
      if (mine !== asked) return
      options.show(fitting)
      status.textContent = messages.summary(fitting.length)
      // Enter chooses the best match. Without words there is no best match.
      if (query.trim() !== '' && fitting.length > 0) options.activate(0)
    } catch {
      if (mine !== asked) return
      options.show([])
      status.textContent = messages.failed
    } finally {
      clearTimeout(slow)
    }
  }

  function toggle(isOpen: boolean) {
    panel.hidden = !isOpen
    input.setAttribute('aria-expanded', String(isOpen))
  }

  function close() {
    asked += 1
    toggle(false)
    options.activate(-1)
  }

  function take(at: number) {
    const item = options.at(at)
    if (item === undefined) return
    close()
    choose(item)
  }

  /** Handles a key of the list. Returns whether it was one. */
  function press(key: string): boolean {
    if (panel.hidden) {
      if (key !== 'ArrowDown' && key !== 'ArrowUp') return false
      void show('')
      return true
    }
    if (key === 'Escape') {
      close()
      return true
    }
    if (options.count() === 0) return false
    if (key === 'Enter') {
      take(Math.max(options.active(), 0))
      return true
    }
    const next = steps[key]?.(options)
    if (next !== undefined) options.activate(next)
    return next !== undefined
  }

  input.addEventListener('input', () => void show(input.value))
  input.addEventListener('click', () => void (panel.hidden && show('')))
  input.addEventListener('blur', close)
  onKey(input, press)
  onOption(options.element, take)
}

/** Calls `press` with each key pressed without Ctrl or Command. If `press` handles the key, the field does not. */
function onKey(input: HTMLInputElement, press: (key: string) => boolean) {
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return
    if (press(event.key)) event.preventDefault()
  })
}

/** Calls `take` with the index of the pressed option. */
function onOption(list: HTMLElement, take: (at: number) => void) {
  list.addEventListener('click', ({ target }) => {
    const option = target instanceof Element ? target.closest('[role=option]') : null
    if (option) take([...list.children].indexOf(option))
  })
}

/** The option that a key moves to; undefined if the key does the same as in any field. */
const steps: Readonly<Record<string, (options: OptionList<unknown>) => number | undefined>> = {
  ArrowDown: ({ active, count }) => (active() + 1 < count() ? active() + 1 : 0),
  ArrowUp: ({ active, drawn }) => (active() > 0 ? active() - 1 : drawn() - 1),
  PageDown: ({ active, count }) => Math.min(active() + 10, count() - 1),
  PageUp: ({ active }) => Math.max(active() - 10, 0),
  Home: ({ active }) => (active() >= 0 ? 0 : undefined),
  // The last drawn option: nobody looks for the last of thousands.
  End: ({ active, drawn }) => (active() >= 0 ? drawn() - 1 : undefined),
}

/** The panel below the field, with the list and a status for screen readers. */
function panelOf(input: HTMLInputElement, list: HTMLElement) {
  const panel = document.createElement('div')
  const status = document.createElement('p')
  panel.className = 'combobox-panel'
  panel.hidden = true
  status.setAttribute('role', 'status')
  panel.append(status, list)
  // Pressing an option does not take the focus from the field.
  panel.addEventListener('mousedown', (event) => event.preventDefault())
  input.addEventListener('focus', () => input.select())
  placeBelow(input, panel)
  for (const [name, value] of Object.entries({
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-controls': list.id,
    'aria-expanded': 'false',
  }))
    input.setAttribute(name, value)
  return { panel, status }
}

/** Places the panel below its field. */
function placeBelow(input: HTMLInputElement, panel: HTMLElement) {
  const frame = document.createElement('div')
  const hadFocus = document.activeElement === input
  frame.className = 'combobox'
  input.replaceWith(frame)
  frame.append(input, panel)
  if (hadFocus) input.focus()
}
