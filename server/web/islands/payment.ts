import { lookAgain } from './look-again.ts'

/** How often we ask for a payment that waits: soon at first, less often later. */
const SHORTEST_MS = 3000
const LONGEST_MS = 30_000
const SLOWER = 1.15

interface State {
  readonly version: string
  readonly waits: boolean
  readonly spoken: string
}

/** Goes on to the gateway when the payment was just begun, and tells what comes of it while the page is visible. */
export function followPayment() {
  goOn()
  const first = document.querySelector<HTMLElement>('#payment[data-payment]')
  if (!first) return
  const address = first.dataset['payment']!
  const look = async () => {
    const state = await ask(address)
    const isNews = state !== undefined && state.version !== document.getElementById('payment')!.dataset['version']
    if (isNews) {
      await takePage()
      document.querySelector('.payment-spoken')!.textContent = state.spoken
    }
    if (state && !state.waits) return 'over'
    return isNews ? 'changed' : 'same'
  }
  const isLeft = () => document.querySelector('#payment[data-payment]') !== null
  lookAgain({ shortest: SHORTEST_MS, slower: SLOWER, longest: LONGEST_MS, isLeft, look })
}

/** Back from the gateway leads to this page, and not on again. */
function goOn() {
  const link = document.querySelector<HTMLAnchorElement>('a[data-go]')
  if (!link) return
  history.replaceState(history.state, '', location.pathname)
  // Until a page is loaded, going on would take its place in the history.
  const go = () => window.setTimeout(() => location.assign(link.href))
  if (document.readyState === 'complete') go()
  else addEventListener('load', go)
}

/** Undefined: no answer, or the person is signed out. */
async function ask(address: string): Promise<State | undefined> {
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } })
    return response.ok && !response.redirected ? ((await response.json()) as State) : undefined
  } catch {
    return undefined
  }
}

/** Puts in what the page says now, with the balance in its header. */
async function takePage() {
  const response = await fetch(location.pathname, { headers: { accept: 'text/html' } })
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const part of ['#payment', '.app-header .balance']) {
    const [next, old] = [fresh.querySelector(part), document.querySelector(part)]
    if (next && old) old.replaceWith(next)
  }
}
