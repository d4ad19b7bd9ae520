// Works off a queue, like what needs a person, or tickets: a letter does what is on the row, its form opens in place, and the next row follows by itself.
import { isTyping, keysAreOn, letterOf } from './keys.ts'
import { currentRow } from './rows.ts'

const panel = document.querySelector<HTMLDialogElement>('dialog.act-panel')!
const region = document.querySelector<HTMLElement>('[data-worked]')!
/** Where the row was that is being worked on. */
let place = 0

document.addEventListener('keydown', (event) => {
  if (!keysAreOn() || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || panel.open) return
  const letter = letterOf(event)
  if (!/^[a-z]$/.test(letter)) return
  currentRow()?.querySelector<HTMLElement>(`[data-act="${letter}"]`)?.click()
})

region.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-panel]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  remember(link)
  void ask(link.href).then(showOrLeave)
})

region.addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.target as HTMLFormElement
  remember(form)
  void send(form, null).then(showOrLeave)
})

panel.addEventListener('submit', (event) => {
  event.preventDefault()
  void send(event.target as HTMLFormElement, event.submitter).then(showOrLeave)
})

panel.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]')
  // It leads back to the queue, which is behind the panel.
  if (!link || new URL(link.href).pathname !== location.pathname) return
  event.preventDefault()
  panel.close()
  void takeRows()
})

panel.addEventListener('close', () => focusRow())

function remember(element: Element) {
  const row = element.closest('[data-row]')
  place = row ? rows().indexOf(row as HTMLElement) : 0
}

function rows(): HTMLElement[] {
  return [...region.querySelectorAll<HTMLElement>('[data-row]')]
}

function ask(href: string): Promise<Response> {
  return fetch(href, { headers: { accept: 'text/html' } })
}

function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<Response> {
  const data = new FormData(form, submitter)
  const body = new URLSearchParams([...data].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
  return fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } })
}

/** A form, its preview or its faults are shown in the panel; an act that is done leads back to the queue. */
async function showOrLeave(response: Response) {
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  if (response.redirected && new URL(response.url).pathname === location.pathname) {
    panel.close()
    tell(page)
    return putIn(page)
  }
  const main = page.querySelector('main')
  if (!main) return location.assign(response.url)
  panel.replaceChildren(...main.childNodes)
  if (!panel.open) panel.showModal()
  panel.querySelector<HTMLElement>('[autofocus], input:not([type=hidden]), select, textarea, button[type=submit]')?.focus()
}

/** Shows what was done above the queue, where the page would show it. */
function tell(page: Document) {
  const main = document.querySelector('main')!
  main.querySelector(':scope > .notice')?.remove()
  const told = page.querySelector('main > .notice')
  if (told) main.prepend(told)
}

async function takeRows() {
  const response = await ask(location.href)
  if (response.ok) putIn(new DOMParser().parseFromString(await response.text(), 'text/html'))
}

function putIn(page: Document) {
  const fresh = page.querySelector('[data-worked]')
  if (!fresh) return
  region.innerHTML = fresh.innerHTML
  region.dispatchEvent(new CustomEvent('docket:taken', { bubbles: true }))
  focusRow()
}

/** The row that has taken the place of the one that is done. */
function focusRow() {
  const all = rows()
  const row = all[Math.min(place, all.length - 1)]
  if (!row) return
  row.tabIndex = -1
  row.focus()
  row.scrollIntoView({ block: 'nearest' })
}
