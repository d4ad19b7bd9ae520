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
  let pause = SHORTEST_MS
  let timer: number | undefined
  const lookLater = () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void look(), pause)
  }
  const look = async () => {
    // Whoever comes back to the page gets the news then.
    if (document.visibilityState === 'hidden') return
    const state = await ask(address)
    if (state && state.version !== document.getElementById('payment')!.dataset['version']) {
      await takePage()
      document.querySelector('.payment-spoken')!.textContent = state.spoken
      pause = SHORTEST_MS
    } else pause = Math.min(pause * SLOWER, LONGEST_MS)
    if (!state || state.waits) lookLater()
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' || !document.querySelector('#payment[data-payment]')) return
    pause = SHORTEST_MS
    void look()
  })
  lookLater()
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
