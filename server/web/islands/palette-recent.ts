import type { Choice } from './palette-choices.ts'

const KEPT = 'docket:recent'
const MOST = 5

type Recent = Pick<Choice, 'title' | 'detail'> & { readonly target: string }

/** The recent choices in this browser, newest first. */
export function recentChoices(iconOf: (address: string) => Element | null): readonly Choice[] {
  return readRecent().map((recent) => ({ ...recent, icon: iconOf(recent.target) }))
}

export function noteChoice({ title, detail, target }: Choice) {
  if (typeof target !== 'string') return
  const others = readRecent().filter((one) => one.target !== target)
  localStorage.setItem(KEPT, JSON.stringify([{ title, detail, target }, ...others].slice(0, MOST)))
}

/** The next user of this browser must not see them, so they are deleted on a page without a signed-in user. */
export function forgetChoicesOfOthers() {
  if (document.querySelector('.app-header')) return
  try {
    localStorage.removeItem(KEPT)
  } catch {
    // A browser without storage has nothing to delete.
  }
}

function readRecent(): readonly Recent[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]') as Recent[]
  } catch {
    return []
  }
}
