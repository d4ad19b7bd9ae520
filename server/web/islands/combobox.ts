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

/** Few enough to be drawn within one frame. The list grows as the user moves through it. */
const DRAWN_AT_ONCE = 20

export function openCombobox<T>({ input, find, draw, choose, messages }: ComboboxParts<T>) {
  const panel = document.createElement('div')
  const status = document.createElement('p')
  const list = document.createElement('ul')
  let found: readonly T[] = []
  let active = -1
  let asked = 0

  panel.className = 'combobox-panel'
  panel.hidden = true
  status.setAttribute('role', 'status')
  list.id = `${input.id}-options`
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', document.querySelector(`label[for="${input.id}"]`)!.textContent)
  panel.append(status, list)
  placeBelow(input, panel)
  for (const [name, value] of Object.entries({
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-controls': list.id,
    'aria-expanded': 'false',
  }))
    input.setAttribute(name, value)

  async function show(query: string) {
    const mine = ++asked
    open()
    const slow = setTimeout(() => mine === asked && (status.textContent = messages.loading), 150)
    try {
      const fitting = await find(query)
      if (mine !== asked) return
      found = fitting
      list.replaceChildren()
      grow()
      status.textContent = messages.summary(found.length)
      // Enter chooses the best match. Without words there is no best match.
      activate(query.trim() !== '' && found.length > 0 ? 0 : -1)
      list.scrollTop = 0
    } catch {
      if (mine !== asked) return
      found = []
      list.replaceChildren()
      activate(-1)
      status.textContent = messages.failed
    } finally {
      clearTimeout(slow)
    }
  }

  function grow() {
    const from = list.childElementCount
    const fresh = found.slice(from, from + DRAWN_AT_ONCE).map((item, at) => {
      const option = document.createElement('li')
      option.id = `${list.id}-${from + at}`
      option.setAttribute('role', 'option')
      option.setAttribute('aria-selected', 'false')
      option.setAttribute('aria-posinset', String(from + at + 1))
      option.setAttribute('aria-setsize', String(found.length))
      draw(option, item)
      return option
    })
    list.append(...fresh)
  }

  function activate(at: number) {
    list.children[active]?.setAttribute('aria-selected', 'false')
    while (at >= list.childElementCount && list.childElementCount < found.length) grow()
    active = at
    const option = list.children[at]
    option?.setAttribute('aria-selected', 'true')
    if (!option) return input.removeAttribute('aria-activedescendant')
    input.setAttribute('aria-activedescendant', option.id)
    option.scrollIntoView({ block: 'nearest' })
  }

  function open() {
    panel.hidden = false
    input.setAttribute('aria-expanded', 'true')
  }

  function close() {
    asked += 1
    panel.hidden = true
    input.setAttribute('aria-expanded', 'false')
    activate(-1)
  }

  function take(at: number) {
    const item = found[at]
    if (item === undefined) return
    close()
    choose(item)
  }

  const isOpen = () => !panel.hidden
  /** The option that a key moves to; undefined if the key does the same as in any field. */
  const steps: Readonly<Record<string, () => number | undefined>> = {
    ArrowDown: () => (active + 1 < found.length ? active + 1 : 0),
    ArrowUp: () => (active > 0 ? active - 1 : list.childElementCount - 1),
    PageDown: () => Math.min(active + 10, found.length - 1),
    PageUp: () => Math.max(active - 10, 0),
    Home: () => (active >= 0 ? 0 : undefined),
    // The last drawn option: nobody looks for the last of thousands.
    End: () => (active >= 0 ? list.childElementCount - 1 : undefined),
  }

  input.addEventListener('input', () => void show(input.value))
  input.addEventListener('focus', () => input.select())
  input.addEventListener('click', () => {
    if (!isOpen()) void show('')
  })
  input.addEventListener('blur', close)
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return
    if (event.key === 'Escape' && isOpen()) {
      event.preventDefault()
      return close()
    }
    if (event.key === 'Enter' && isOpen() && found.length > 0) {
      event.preventDefault()
      return take(Math.max(active, 0))
    }
    if (!isOpen()) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      return void show('')
    }
    const next = found.length > 0 ? steps[event.key]?.() : undefined
    if (next === undefined) return
    event.preventDefault()
    activate(next)
  })
  list.addEventListener('scroll', () => {
    if (list.scrollTop + 2 * list.clientHeight > list.scrollHeight) grow()
  })
  // Pressing an option does not take the focus from the field.
  panel.addEventListener('mousedown', (event) => event.preventDefault())
  list.addEventListener('click', ({ target }) => {
    const option = target instanceof Element ? target.closest('[role=option]') : null
    if (option) take([...list.children].indexOf(option))
  })
}

/** Places the list below its field. */
function placeBelow(input: HTMLInputElement, panel: HTMLElement) {
  const frame = document.createElement('div')
  const hadFocus = document.activeElement === input
  frame.className = 'combobox'
  input.replaceWith(frame)
  frame.append(input, panel)
  if (hadFocus) input.focus()
}
