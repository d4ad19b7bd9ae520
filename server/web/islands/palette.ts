import { openLine } from './ask.ts'
import { type Choice, readChoices, thatFit } from './palette-choices.ts'
import { forgetChoicesAtSignOut, noteChoice, recentChoices } from './palette-recent.ts'
import { fillList, foundText, markChosen } from './palette-list.ts'

/** As /services/find answers. */
interface FoundServices {
  readonly services: readonly { readonly id: number; readonly name: string; readonly category: string; readonly price: string }[]
}

const PAUSE_MS = 120
const ORDER_NUMBER = /^#?(\d{1,18})$/
const LINK = /^(https?:\/\/|www\.)\S+$|^[\w-]+(\.[\w-]+)+\/\S*$/i

/** Ctrl K, or the button in the header: one field that leads to every place, service, order and action. */
export function openPalette() {
  const dialog = document.querySelector<HTMLDialogElement>('dialog#palette')
  const input = dialog?.querySelector('input')
  if (!dialog || !input) return
  const list = dialog.querySelector<HTMLElement>('[role=listbox]')!
  const foot = dialog.querySelector<HTMLElement>('[role=status]')!
  const texts = dialog.dataset as Readonly<Record<string, string>>
  const { places, actions } = readChoices()
  const askServices = openLine()
  let services: readonly Choice[] = []
  let shown: readonly Choice[] = []
  let chosen = 0
  let pause = 0

  const show = (waiting: boolean, told?: string) => {
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
    shown = groups.flatMap(({ choices }) => choices)
    chosen = Math.min(chosen, Math.max(0, shown.length - 1))
    fillList(list, groups, waiting && services.length === 0)
    mark(chosen)
    foot.textContent = told ?? (waiting ? texts['searching']! : foundText(texts, query, shown.length))
  }
  const mark = (at: number) => {
    chosen = at
    markChosen(input, list, at)
  }
  const search = async () => {
    const query = input.value.trim()
    const answer = await askServices<FoundServices>({ address: `/services/find?${new URLSearchParams({ q: query }).toString()}` })
    if (answer.kind === 'overtaken') return
    const isFound = answer.kind === 'answered' && answer.status === 200
    services = isFound ? answer.value.services.map(serviceChoice) : []
    const fault = answer.kind === 'answered' ? 'signedOut' : navigator.onLine ? 'unreachable' : 'offline'
    show(false, isFound ? undefined : texts[fault])
  }
  const typed = () => {
    clearTimeout(pause)
    chosen = 0
    if (input.value.trim() === '') {
      services = []
      return show(false)
    }
    pause = setTimeout(() => void search(), PAUSE_MS)
    show(true)
  }
  const go = (choice: Choice | undefined, apart: boolean) => {
    if (!choice) return
    noteChoice(choice)
    const { target } = choice
    if (typeof target !== 'string') {
      dialog.close()
      target.click()
    } else if (apart) window.open(target, '_blank', 'noopener')
    else location.assign(target)
  }
  const open = () => {
    if (dialog.open) return
    input.value = ''
    services = []
    chosen = 0
    dialog.showModal()
    show(false, navigator.onLine ? undefined : texts['offline'])
    input.focus()
  }

  document.addEventListener('keydown', (event) => {
    if (event.code !== 'KeyK' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    open()
  })
  document.querySelector('.palette-button')?.addEventListener('click', open)
  nameKeyOfMac()
  input.addEventListener('input', typed)
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && shown.length > 0) mark((chosen + step + shown.length) % shown.length)
    else if (event.key === 'Enter') go(shown[chosen], event.ctrlKey || event.metaKey)
    else return
    event.preventDefault()
  })
  list.addEventListener('mousemove', ({ target }) => {
    const at = indexOf(list, target)
    if (at >= 0 && at !== chosen) mark(at)
  })
  list.addEventListener('click', (event) => go(shown[indexOf(list, event.target)], event.ctrlKey || event.metaKey))
  // A click beside it.
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close())
  forgetChoicesAtSignOut()
}

function indexOf(list: HTMLElement, target: EventTarget | null): number {
  const option = target instanceof Element ? target.closest('[role=option]') : null
  return [...list.querySelectorAll('[role=option]')].indexOf(option!)
}

/** A number may be an order's, and a link that of orders: whether there are any, their page tells. */
function orderChoices(query: string, texts: Readonly<Record<string, string>>): readonly Choice[] {
  const icon = iconOf('/orders')
  const id = ORDER_NUMBER.exec(query)?.[1]
  if (id !== undefined) return [{ title: texts['order']!.replace('#', id), detail: '', target: `/orders/${BigInt(id)}`, icon }]
  if (!LINK.test(query)) return []
  const target = `/orders?${new URLSearchParams({ find: query }).toString()}`
  return [{ title: texts['withLink']!, detail: query, target, icon }]
}

function serviceChoice({ id, name, category, price }: FoundServices['services'][number]): Choice {
  return {
    title: name,
    detail: [id, category, price].filter(Boolean).join(' · '),
    target: `/order?service=${id}`,
    icon: iconOf('/services'),
  }
}

/** The drawing of the place that an address belongs to. */
function iconOf(address: string): Element | null {
  const path = address.startsWith('/order?service=') ? '/services' : `/${address.split(/[/?]/)[1] ?? ''}`
  return document.querySelector(`.app-navigation a[href="${CSS.escape(path)}"] .icon`)
}

function nameKeyOfMac() {
  if (!/Mac|iPhone|iPad/.test(navigator.userAgent)) return
  for (const key of document.querySelectorAll('.palette-button kbd, #keys dl > :first-child kbd')) key.textContent = '⌘ K'
}
