/** An entry of the palette. */
export interface Choice {
  readonly title: string
  /** Distinguishes entries of the same title. */
  readonly detail: string
  /** The address it opens, or the link or button of the page that it presses. */
  readonly target: string | HTMLElement
  readonly icon: Element | null
  /** Shown only if the user searches for it. */
  readonly rare?: true
}

export interface Choices {
  readonly places: readonly Choice[]
  readonly actions: readonly Choice[]
}

/** The pages and actions that the frame of the page contains. */
export function readChoices(): Choices {
  const places = [...document.querySelectorAll<HTMLAnchorElement>('.app-navigation a')].map((link) => ({
    title: wordsOf(link),
    detail: wordsOf(link.parentElement!.querySelector('p')),
    target: link.getAttribute('href')!,
    icon: link.querySelector('.icon'),
  }))
  const appearance = document.querySelector('.app-header .appearance')
  const themes = [...document.querySelectorAll<HTMLElement>('.app-header [data-theme-choice]')].map((link) => ({
    title: `${appearance?.getAttribute('aria-label')}: ${link.title}`,
    detail: '',
    target: link,
    icon: link.querySelector('svg'),
  }))
  const languages = [...document.querySelectorAll<HTMLElement>('.app-header .picker a[hreflang]')].map((link) => ({
    title: `${wordsOf(link.closest('.picker')!.querySelector('.visually-hidden'))} ${wordsOf(link)}`,
    detail: link.getAttribute('hreflang')!,
    target: link,
    icon: link.closest('.picker')!.querySelector('svg'),
    rare: true as const,
  }))
  const buttons = [...document.querySelectorAll<HTMLElement>('.account-menu button')].map((button) => ({
    title: wordsOf(button),
    detail: '',
    target: button,
    icon: button.querySelector('.icon'),
  }))
  return { places, actions: [...buttons, ...themes, ...languages] }
}

function wordsOf(element: Element | null): string {
  return element?.textContent?.trim() ?? ''
}

/** The choices that contain every word, regardless of case and accents. */
export function thatFit(choices: readonly Choice[], query: string): readonly Choice[] {
  const words = folded(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return choices.filter(({ rare }) => !rare)
  return choices.filter(({ title, detail }) => {
    const text = folded(`${title} ${detail}`)
    return words.every((word) => text.includes(word))
  })
}

function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
