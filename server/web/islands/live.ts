interface LiveOrder {
  readonly id: string
  readonly version: string
  readonly open: boolean
  readonly told: string
  readonly parts: Readonly<Record<string, string>>
}

/** How often we ask: soon after something moved, ever less while nothing does or nobody answers. */
const SHORTEST_MS = 4000
const LONGEST_MS = 60_000
const CHANGED_MS = 6000

/** Keeps the orders on the page as they are, while somebody looks and one of them is open. */
export function followOrders() {
  const place = document.querySelector<HTMLElement>('[data-live]')
  const line = document.querySelector<HTMLElement>('.live-line')
  if (!place || !line || openOrders(place).length === 0) return
  let pause = SHORTEST_MS
  let timer: number | undefined

  const lookLater = () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void look(), pause)
  }
  const look = async () => {
    // Whoever comes back to the page is told then.
    if (document.visibilityState === 'hidden') return
    const ids = openOrders(place).map((order) => order.dataset['order']!)
    const address = new URL(place.dataset['live']!, location.href)
    address.searchParams.set('ids', ids.join())
    const answer = await ask(address)
    const news = typeof answer === 'string' ? [] : answer.flatMap((order) => take(place, order))
    tell(line, answer, news)
    pause = news.length > 0 ? SHORTEST_MS : Math.min(pause * 1.5, LONGEST_MS)
    // Of what has ended nothing changes by itself any more.
    if (answer !== 'signedOut' && openOrders(place).length > 0) lookLater()
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' || openOrders(place).length === 0) return
    pause = SHORTEST_MS
    void look()
  })
  line.textContent = line.dataset['idle']!
  lookLater()
}

function openOrders(place: HTMLElement): HTMLElement[] {
  return place.matches('[data-open]') ? [place] : [...place.querySelectorAll<HTMLElement>('[data-open]')]
}

type Answer = readonly LiveOrder[] | 'offline' | 'signedOut'

async function ask(address: URL): Promise<Answer> {
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } })
    // To the page for signing in.
    if (response.redirected) return 'signedOut'
    if (!response.ok) return 'offline'
    return ((await response.json()) as { orders: readonly LiveOrder[] }).orders
  } catch {
    return 'offline'
  }
}

/** Puts in what an order says now. Answers what there is to tell. */
function take(place: HTMLElement, { id, version, open, told, parts }: LiveOrder): string[] {
  const order = place.dataset['order'] === id ? place : place.querySelector<HTMLElement>(`[data-order="${id}"]`)
  if (!order || order.dataset['version'] === version) return []
  const all = [...order.querySelectorAll<HTMLElement>('[data-part]')]
  // Nothing is taken away from under the hands of whoever is at it: it is put in once they have left.
  const free = all.filter((part) => !part.contains(document.activeElement))
  for (const part of free) part.innerHTML = parts[part.dataset['part']!] ?? part.innerHTML
  if (free.length === all.length) {
    order.dataset['version'] = version
    if (!open) delete order.dataset['open']
  }
  if (order.dataset['told'] === version) return []
  order.dataset['told'] = version
  order.classList.add('changed')
  window.setTimeout(() => order.classList.remove('changed'), CHANGED_MS)
  return [told]
}

/** The last news stays until there is other news: a line that comes and goes is read to nobody's end. */
function tell(line: HTMLElement, answer: Answer, news: readonly string[]) {
  if (typeof answer === 'string') line.textContent = line.dataset[answer]!
  else if (news.length > 0) line.textContent = news.join(' · ')
  else if (line.textContent === line.dataset['offline']) line.textContent = line.dataset['idle']!
}
