// The script of the list of services: filters it as the user types, and saves favourites without loading the page again.
import './app.ts'
import { bodyOf } from './form-body.ts'
import { openNewest, partOf } from './newest.ts'

const PAUSE_MS = 120

const filter = document.querySelector<HTMLFormElement>('form.offer-filter')
if (filter) followFilter(filter)
followStars()

function followFilter(form: HTMLFormElement) {
  const newest = openNewest()
  let timer: ReturnType<typeof setTimeout> | undefined
  const show = async () => {
    const address = addressOf(form)
    const offer = document.getElementById('offer')!
    offer.setAttribute('aria-busy', 'true')
    try {
      const fresh = await newest.ask(address, {}, (response) => partOf(response, 'offer'))
      if (!fresh) return
      document.getElementById('offer')!.replaceWith(fresh)
      history.replaceState(null, '', address)
      tell('')
    } catch (error) {
      offer.removeAttribute('aria-busy')
      if (error instanceof TypeError) tell(told().dataset['offline']!)
      else location.assign(address)
    }
  }
  const soon = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void show(), ms)
  }
  form.addEventListener('input', ({ target }) => soon(target instanceof HTMLInputElement && target.type === 'search' ? PAUSE_MS : 0))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    soon(0)
  })
}

/** The address that the form would open, without empty parameters. */
function addressOf(form: HTMLFormElement): string {
  const given = [...bodyOf(form)].filter(([, value]) => value.trim() !== '')
  return given.length === 0 ? '/services' : `/services?${new URLSearchParams(given).toString()}`
}

/** Rows are replaced, so the listener is on the document. */
function followStars() {
  document.addEventListener('submit', (event) => {
    const star = event.submitter
    if (!(star instanceof HTMLButtonElement) || !star.matches('.star')) return
    event.preventDefault()
    void press(star)
  })
}

async function press(star: HTMLButtonElement) {
  const keep = star.value === 'yes'
  mark(star, keep)
  try {
    const body = bodyOf(star.form!)
    body.set('keep', keep ? 'yes' : 'no')
    const response = await fetch(star.formAction, { method: 'POST', body, headers: { accept: 'application/json' } })
    const { kept, fault } = (await response.json()) as { kept?: boolean; fault?: string }
    mark(star, kept ?? !keep)
    tell(fault ?? '')
  } catch (error) {
    mark(star, !keep)
    if (error instanceof TypeError) tell(told().dataset['offline']!)
    else location.reload()
  }
}

function mark(star: HTMLButtonElement, isKept: boolean) {
  star.setAttribute('aria-pressed', String(isKept))
  star.value = isKept ? 'no' : 'yes'
}

function told(): HTMLElement {
  return document.querySelector<HTMLElement>('.message-area')!
}

function tell(text: string) {
  const line = document.createElement('p')
  line.className = 'notice bad'
  line.textContent = text
  told().replaceChildren(...(text === '' ? [] : [line]))
}
