/** The options of a combobox. They are drawn a few at a time, and one of them may be active. The field keeps the focus and names the active
 * option. */
export interface OptionList<T> {
  readonly element: HTMLUListElement
  /** Draws the first of these options. None is active. */
  show(found: readonly T[]): void
  /** The number of options, and the number of those that are drawn. */
  readonly count: () => number
  readonly drawn: () => number
  readonly at: (index: number) => T | undefined
  readonly active: () => number
  /** Makes the option with this index the active one; -1 makes none active. */
  activate(index: number): void
}

/** Few enough to be drawn within one frame. The list grows as the user moves through it. */
const DRAWN_AT_ONCE = 20

export function openOptionList<T>(input: HTMLInputElement, draw: (option: HTMLElement, item: T) => void): OptionList<T> {
  const list = document.createElement('ul')
  let found: readonly T[] = []
  let active = -1

  list.id = `${input.id}-options`
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', document.querySelector(`label[for="${input.id}"]`)!.textContent)
  list.addEventListener('scroll', () => {
    if (list.scrollTop + 2 * list.clientHeight > list.scrollHeight) grow()
  })

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

  return {
    element: list,
    show(fitting) {
      found = fitting
      list.replaceChildren()
      grow()
      activate(-1)
      list.scrollTop = 0
    },
    count: () => found.length,
    drawn: () => list.childElementCount,
    at: (index) => found[index],
    active: () => active,
    activate,
  }
}
