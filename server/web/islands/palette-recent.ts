import type { Choice } from './palette-choices.ts'

const KEPT = 'docket:recent'
const MOST = 5

type Recent = Pick<Choice, 'title' | 'detail'> & { readonly target: string }

/** What was chosen lately in this browser, the newest first. */
export function recentChoices(iconOf: (address: string) => Element | null): readonly Choice[] {
  return readRecent().map((recent) => ({ ...recent, icon: iconOf(recent.target) }))
}

export function noteChoice({ title, detail, target }: Choice) {
  if (typeof target !== 'string') return
  const others = readRecent().filter((one) => one.target !== target)
  localStorage.setItem(KEPT, JSON.stringify([{ title, detail, target }, ...others].slice(0, MOST)))
}

/** The next person at this browser is told nothing: a page of strangers forgets. */
export function forgetChoicesOfOthers() {
  if (document.querySelector('.app-header')) return
  try {
    localStorage.removeItem(KEPT)
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

function readRecent(): readonly Recent[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]') as Recent[]
  } catch {
    return []
  }
}
