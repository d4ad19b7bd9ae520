import { lookAgain } from './look-again.ts'

/** How often we ask: soon after a change, less often while nothing changes. */
const SHORTEST_MS = 4000
const LONGEST_MS = 60_000

/** Fetches the page again every few seconds while it is visible, and puts in what has changed of its regions (`data-live-region`). */
export function followRegions() {
  if (document.querySelector('[data-live-region]') === null) return
  const look = async () => {
    const fresh = await fetchPage()
    return fresh && takeRegions(fresh) ? 'changed' : 'same'
  }
  lookAgain({ shortest: SHORTEST_MS, slower: 1.5, longest: LONGEST_MS, isLeft: () => true, look })
}

/** Undefined: no connection, or the person is signed out. */
async function fetchPage(): Promise<Document | undefined> {
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } })
    if (!response.ok || response.redirected) return undefined
    return new DOMParser().parseFromString(await response.text(), 'text/html')
  } catch {
    return undefined
  }
}

/** Whether a region has changed. A region in which somebody types or has ticked a box stays as it is until they have left it. */
function takeRegions(fresh: Document): boolean {
  let changed = false
  for (const region of document.querySelectorAll<HTMLElement>('[data-live-region]')) {
    const next = fresh.querySelector<HTMLElement>(`[data-live-region="${CSS.escape(region.dataset['liveRegion']!)}"]`)
    if (!next || asSent(next) === asSent(region) || isInUse(region)) continue
    region.innerHTML = next.innerHTML
    region.dispatchEvent(new CustomEvent('docket:taken', { bubbles: true }))
    changed = true
  }
  return changed
}

function isInUse(region: HTMLElement): boolean {
  return (
    region.contains(document.activeElement) || region.querySelector('input[type=checkbox]:checked, details[open], dialog[open]') !== null
  )
}

/** The region without what differs each time: tokens of forms, and moments that are written in local time. */
function asSent(region: HTMLElement): string {
  const copy = region.cloneNode(true) as HTMLElement
  for (const token of copy.querySelectorAll('input[name=csrf], input[name="form:once"]')) token.remove()
  for (const moment of copy.querySelectorAll('time')) moment.replaceWith(moment.dateTime)
  return copy.innerHTML
}
