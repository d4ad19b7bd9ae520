const BACK_SHOWN_MS = 4000

type Told = 'offline' | 'unreachable' | 'back' | 'notSent'

/** Tells when nobody can be reached, until somebody can; and keeps a form that could not be sent, with all that was typed. */
export function watchConnection() {
  const toasts = document.querySelector<HTMLElement>('.toasts')
  const [status, alert] = toasts ? [...toasts.children] : []
  if (!toasts || !status || !alert) return
  const tell = (told: Told | undefined) => {
    alert.replaceChildren()
    status.replaceChildren(...(told === undefined ? [] : [notice(toasts.dataset[told]!, told === 'back' ? 'good' : 'warn')]))
  }
  const isBack = () => {
    if (status.firstChild === null) return
    tell('back')
    setTimeout(() => tell(navigator.onLine ? undefined : 'offline'), BACK_SHOWN_MS)
  }
  addEventListener('offline', () => tell('offline'))
  addEventListener('online', isBack)
  addEventListener(UNREACHABLE, () => tell(navigator.onLine ? 'unreachable' : 'offline'))
  addEventListener(REACHED, isBack)
  if (!navigator.onLine) tell('offline')
  // The browser would lead to an error page of its own, and what was typed would be gone.
  document.addEventListener('submit', (event) => {
    if (navigator.onLine || (event.target as HTMLFormElement).method === 'dialog') return
    event.preventDefault()
    event.stopImmediatePropagation()
    status.replaceChildren()
    alert.replaceChildren(notice(toasts.dataset['notSent']!, 'bad'))
  }, { capture: true }) // prettier-ignore
}

const UNREACHABLE = 'docket:unreachable'
const REACHED = 'docket:reached'

/** What a call from the page met; whatever script the page runs, its frame hears of it. */
export function noteConnection(reached: boolean) {
  dispatchEvent(new Event(reached ? REACHED : UNREACHABLE))
}

function notice(text: string, mood: 'good' | 'warn' | 'bad'): HTMLElement {
  const element = document.createElement('div')
  element.className = `notice ${mood}`
  element.textContent = text
  return element
}
