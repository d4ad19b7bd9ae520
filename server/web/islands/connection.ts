const BACK_SHOWN_MS = 4000
const UNREACHABLE = 'docket:unreachable'
const REACHED = 'docket:reached'

/** Reports whether a call reached the server. The frame listens for it, whatever script the page has. */
export function noteConnection(reached: boolean) {
  dispatchEvent(new Event(reached ? REACHED : UNREACHABLE))
}

/** Shows that the server cannot be reached until it can. A form is not submitted without a connection, so that nothing typed is lost. */
export function watchConnection() {
  const toasts = document.querySelector<HTMLElement>('.toasts')
  const [calm, loud] = toasts ? [...toasts.children] : []
  if (!toasts || !calm || !loud) return
  let lost = false
  const tell = (told?: 'offline' | 'unreachable' | 'back' | 'notSent') => {
    const text = told && toasts.dataset[told]!
    lost = told !== undefined && told !== 'back'
    calm.replaceChildren(...(text !== undefined && told !== 'notSent' ? [notice(text, lost ? 'warn' : 'good')] : []))
    loud.replaceChildren(...(text !== undefined && told === 'notSent' ? [notice(text, 'bad')] : []))
  }
  const isBack = () => {
    if (!lost) return
    tell('back')
    setTimeout(() => lost || tell(), BACK_SHOWN_MS)
  }
  addEventListener('offline', () => tell('offline'))
  addEventListener('online', isBack)
  addEventListener(UNREACHABLE, () => tell(navigator.onLine ? 'unreachable' : 'offline'))
  addEventListener(REACHED, isBack)
  if (!navigator.onLine) tell('offline')
  // The browser would replace the page by its own error page, and all typed values would be lost.
  const keep = (event: SubmitEvent) => {
    if (navigator.onLine || (event.target as HTMLFormElement).method === 'dialog') return
    event.preventDefault()
    event.stopImmediatePropagation()
    tell('notSent')
  }
  document.addEventListener('submit', keep, { capture: true })
}

function notice(text: string, mood: 'good' | 'warn' | 'bad'): HTMLElement {
  const element = document.createElement('div')
  element.className = `notice ${mood}`
  element.textContent = text
  return element
}
