import { keysAreOn } from './keys.ts'

interface Entry {
  readonly title: string
  readonly detail: string
  readonly address: string
  /** The searched text, in lower case. */
  readonly text: string
  /** A match in the title ranks before a match in the text. */
  readonly weight: number
}

const MOST_SHOWN = 12

/** Searches the page: its sections, its service types, and every row of their tables. */
export function openSearch() {
  const form = document.querySelector<HTMLFormElement>('form.search')
  const input = form?.querySelector('input')
  const panel = form?.querySelector<HTMLElement>('.found')
  if (!form || !input || !panel) return
  let entries: Entry[] | undefined
  const show = () => {
    const query = input.value.trim().toLocaleLowerCase(document.documentElement.lang)
    panel.hidden = query === ''
    if (query === '') return
    entries ??= readPage()
    const found = find(entries, query)
    panel.querySelector('p')!.textContent = summary(form, input, found.length)
    panel.querySelector('ul')!.replaceChildren(...found.slice(0, MOST_SHOWN).map(item))
  }
  const close = () => (panel.hidden = true)
  input.addEventListener('input', show)
  input.addEventListener('focus', show)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    panel.querySelector('a')?.click()
  })
  form.addEventListener('keydown', (event) => moveOn(event, input, panel, close))
  form.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && form.contains(relatedTarget))) close()
  })
  panel.addEventListener('mousedown', (event) => event.preventDefault())
  panel.addEventListener('click', close)
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select, dialog')
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || !keysAreOn()) return
    event.preventDefault()
    input.focus()
  })
}

function readPage(): Entry[] {
  const entries: Entry[] = []
  const add = (title: string, detail: string, id: string, weight: number) =>
    entries.push({ title, detail, address: `#${id}`, text: `${title} ${detail}`.toLocaleLowerCase(document.documentElement.lang), weight })
  for (const section of document.querySelectorAll<HTMLElement>('section.part[id], details.type[id]')) {
    const type = section.querySelector(':scope > summary')
    const title = (type?.firstElementChild ?? section.querySelector('h3'))?.textContent ?? ''
    const about = type ? type.lastElementChild : (section.querySelector('.tag') ?? section.querySelector('.words > p'))
    add(title, about?.textContent ?? '', section.id, 0)
    // The rows of a service type belong to it, not to the action that contains it.
    for (const row of section.querySelectorAll('tbody tr')) {
      if (row.closest('section.part[id], details.type[id]') !== section) continue
      const [name, meaning] = row.children
      add(name?.firstElementChild?.textContent ?? '', `${title} · ${meaning?.textContent ?? ''}`, section.id, 1)
    }
  }
  return entries
}

function find(entries: readonly Entry[], query: string): Entry[] {
  const words = query.split(/\s+/)
  const found = entries.filter(({ text }) => words.every((word) => text.includes(word)))
  const rank = ({ title, weight }: Entry) => (title.toLocaleLowerCase().startsWith(query) ? 0 : 2) + weight
  return found.toSorted((one, other) => rank(one) - rank(other))
}

function summary(form: HTMLFormElement, input: HTMLInputElement, count: number): string {
  if (count === 0) return form.dataset['none']!.replace('#', input.value.trim())
  const forms = JSON.parse(input.dataset['found']!) as Record<string, string>
  const { lang } = document.documentElement
  const wording = forms[new Intl.PluralRules(lang).select(count)] ?? forms['other']!
  return wording.replace('#', new Intl.NumberFormat(`${lang}-u-nu-latn`).format(count))
}

function item({ title, detail, address }: Entry): HTMLLIElement {
  const entry = document.createElement('li')
  const link = document.createElement('a')
  const further = document.createElement('small')
  link.href = address
  link.textContent = title
  further.textContent = detail
  link.append(further)
  entry.append(link)
  return entry
}

/** The arrow keys move through the matches, Escape closes them. */
function moveOn(event: KeyboardEvent, input: HTMLInputElement, panel: HTMLElement, close: () => void) {
  if (event.key === 'Escape') {
    close()
    return input.focus()
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  const places: HTMLElement[] = [input, ...panel.querySelectorAll('a')]
  const at = places.indexOf(document.activeElement as HTMLElement)
  places[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}
