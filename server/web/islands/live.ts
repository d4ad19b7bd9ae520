import { lookAgain } from './look-again.ts'

interface LiveOrder {
  readonly id: string
  readonly version: string
  readonly open: boolean
  readonly told: string
  readonly parts: Readonly<Record<string, string>>
}

/** How often we ask: soon after a change, less often while nothing changes or nobody answers. */
const SHORTEST_MS = 4000
const LONGEST_MS = 60_000
const CHANGED_MS = 6000

/** Updates the orders on the page while it is visible and one of them is open. */
export function followOrders() {
  const place = document.querySelector<HTMLElement>('[data-live]')
  const line = document.querySelector<HTMLElement>('.live-line')
  if (!place || !line || openOrders(place).length === 0) return
  const look = async () => {
    const ids = openOrders(place).map((order) => order.dataset['order']!)
    const address = new URL(place.dataset['live']!, location.href)
    address.searchParams.set('ids', ids.join())
    const answer = await ask(address)
    const news = typeof answer === 'string' ? [] : answer.flatMap((order) => take(place, order))
    showNews(line, answer, news)
    if (answer === 'signedOut') return 'over'
    return news.length > 0 ? 'changed' : 'same'
  }
  line.textContent = line.dataset['idle']!
  // Ended orders no longer change by themselves.
  lookAgain({ shortest: SHORTEST_MS, slower: 1.5, longest: LONGEST_MS, isLeft: () => openOrders(place).length > 0, look })
}

function openOrders(place: HTMLElement): HTMLElement[] {
  return place.matches('[data-open]') ? [place] : [...place.querySelectorAll<HTMLElement>('[data-open]')]
}

type Answer = readonly LiveOrder[] | 'offline' | 'signedOut'

async function ask(address: URL): Promise<Answer> {
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } })
    // Redirected to the sign-in page.
    if (response.redirected) return 'signedOut'
    if (!response.ok) return 'offline'
    return ((await response.json()) as { orders: readonly LiveOrder[] }).orders
  } catch {
    return 'offline'
  }
}

/** Inserts the current parts of an order. Returns the sentences to announce. */
function take(place: HTMLElement, { id, version, open, told, parts }: LiveOrder): string[] {
  const order = place.dataset['order'] === id ? place : place.querySelector<HTMLElement>(`[data-order="${id}"]`)
  if (!order || order.dataset['version'] === version) return []
  const all = [...order.querySelectorAll<HTMLElement>('[data-part]')]
  // A part that has the focus is not replaced, because the user is using it. It is replaced once the focus has left it.
  const free = all.filter((part) => !part.contains(document.activeElement))
  for (const part of free) part.innerHTML = parts[part.dataset['part']!] ?? part.innerHTML
  if (free.length === all.length) {
    order.dataset['version'] = version
    if (!open) delete order.dataset['open']
  }
  if (order.dataset['announced'] === version) return []
  order.dataset['announced'] = version
  order.classList.add('changed')
  window.setTimeout(() => order.classList.remove('changed'), CHANGED_MS)
  return [told]
}

/** The last message stays until there is another: screen readers could not finish one that disappears. */
function showNews(line: HTMLElement, answer: Answer, news: readonly string[]) {
  if (typeof answer === 'string') line.textContent = line.dataset[answer]!
  else if (news.length > 0) line.textContent = news.join(' · ')
  else if (line.textContent === line.dataset['offline']) line.textContent = line.dataset['idle']!
}
