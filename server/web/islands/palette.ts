import { openCalls } from './ask.ts'
import { letterOf } from './keys.ts'
import { type Choice, readChoices, thatFit } from './palette-choices.ts'
import { noteChoice, recentChoices } from './palette-recent.ts'
import { openView, type PaletteView } from './palette-view.ts'

/** The answer of /services/find. */
interface FoundServices {
  readonly services: readonly { readonly id: number; readonly name: string; readonly category: string; readonly price: string }[]
}

const PAUSE_MS = 120
const ORDER_NUMBER = /^#?(\d{1,18})$/
const LINK = /^(https?:\/\/|www\.)\S+$|^[\w-]+(\.[\w-]+)+\/\S*$/i

/** Ctrl K, or the button in the header, opens one field that leads to every page, service, order and action. */
export function openPalette() {
  const dialog = document.querySelector<HTMLDialogElement>('dialog#palette')
  const input = dialog?.querySelector('input')
  if (!dialog || !input) return
  const view = openView(dialog, input)
  const search = searchIn(view, input)
  const open = () => {
    if (dialog.open) return
    input.value = ''
    dialog.showModal()
    search.typed()
    input.focus()
  }
  listenForItsKey(open)
  document.querySelector('.palette-button')?.addEventListener('click', open)
  dialog.addEventListener('close', search.stop)
  input.addEventListener('input', search.typed)
  input.addEventListener('keydown', (event) => {
    // Enter may end the composition of a word in an input method.
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) view.move(step)
    else if (event.key === 'Enter') go(dialog, view.chosen(), event)
    // Otherwise the first Escape would only empty the search field.
    else if (event.key === 'Escape') dialog.close()
    else return
    event.preventDefault()
  })
  dialog.addEventListener('mousemove', ({ target }) => view.pointAt(target))
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
    if (!(event.target instanceof Element) || !event.target.closest('[role=option]')) return
    view.pointAt(event.target)
    go(dialog, view.chosen(), event)
  })
}

/** Shows the page's own matches at once, and the server's matches a moment later. */
function searchIn(view: PaletteView, input: HTMLInputElement) {
  const { places, actions } = readChoices()
  const { texts } = view
  const askServices = openCalls()
  let services: readonly Choice[] = []
  let pause = 0
  const show = (waiting: boolean, message?: string) => {
    const query = input.value.trim()
    const recent = thatFit(recentChoices(iconOf), query)
    const isNew = ({ target }: Choice) => !recent.some((one) => one.target === target)
    const groups = [
      { name: texts['recent']!, choices: recent },
      { name: texts['orders']!, choices: orderChoices(query, texts) },
      { name: texts['places']!, choices: thatFit(places, query).filter(isNew) },
      { name: texts['actions']!, choices: thatFit(actions, query) },
      { name: texts['services']!, choices: services.filter(isNew) },
    ]
    view.draw({ query, groups, waiting, message })
  }
  const ask = async () => {
    const answer = await askServices<FoundServices>({
      address: `/services/find?${new URLSearchParams({ q: input.value.trim() }).toString()}`,
    })
    if (answer.kind === 'replaced') return
    const isFound = answer.kind === 'answered' && answer.status === 200
    services = isFound ? answer.value.services.map(serviceChoice) : []
    const fault = answer.kind === 'answered' ? 'signedOut' : navigator.onLine ? 'unreachable' : 'offline'
    show(false, isFound ? undefined : texts[fault])
  }
  const typed = () => {
    clearTimeout(pause)
    view.backToFirst()
    const isEmpty = input.value.trim() === ''
    if (isEmpty) services = []
    else pause = setTimeout(() => void ask(), PAUSE_MS)
    show(!isEmpty, isEmpty && !navigator.onLine ? texts['offline'] : undefined)
  }
  return { typed, stop: () => clearTimeout(pause) }
}

function go(dialog: HTMLDialogElement, choice: Choice | undefined, { ctrlKey, metaKey }: KeyboardEvent | MouseEvent) {
  if (!choice) return
  noteChoice(choice)
  const { target } = choice
  if (typeof target !== 'string') {
    dialog.close()
    target.click()
  } else if (ctrlKey || metaKey) window.open(target, '_blank', 'noopener')
  else location.assign(target)
}

/** On a Mac, Ctrl K deletes to the end of a line, so the shortcut there is Command K. */
function listenForItsKey(open: () => void) {
  const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
  document.addEventListener('keydown', (event) => {
    if (letterOf(event) !== 'k' || !(isMac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    open()
  })
  if (!isMac) return
  for (const key of document.querySelectorAll('.palette-button kbd, #keys dl > :first-child kbd')) key.textContent = '⌘ K'
}

/** A number may be an order's, and a link may be that of orders. The page that opens shows whether there are any. */
function orderChoices(query: string, texts: Readonly<Record<string, string>>): readonly Choice[] {
  const icon = iconOf('/orders')
  const id = ORDER_NUMBER.exec(query)?.[1]
  if (id !== undefined) return [{ title: texts['order']!.replace('#', id), detail: '', target: `/orders/${BigInt(id)}`, icon }]
  if (!LINK.test(query)) return []
  const target = `/orders?${new URLSearchParams({ find: query }).toString()}`
  return [{ title: texts['withLink']!, detail: query, target, icon }]
}

function serviceChoice({ id, name, category, price }: FoundServices['services'][number]): Choice {
  const detail = [id, category, price].filter(Boolean).join(' · ')
  return { title: name, detail, target: `/order?service=${id}`, icon: iconOf('/services') }
}

/** The icon of the page that an address belongs to. */
function iconOf(address: string): Element | null {
  const area = address.startsWith('/order?service=') ? '/services' : `/${address.split(/[/?]/)[1] ?? ''}`
  const drawn = (path: string) => document.querySelector(`.app-navigation a[href="${CSS.escape(path)}"] .icon`)
  return drawn(address) ?? drawn(area)
}
