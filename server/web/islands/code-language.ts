import { remember } from './choice.ts'

/** Saves the chosen language of the examples for later pages. The text that the reader sees does not move, although examples above it get longer
 * or shorter. */
export function rememberCodeLanguage() {
  const radios = document.querySelectorAll<HTMLInputElement>('input[name=code]')
  let chosen = [...radios].find((radio) => radio.checked)
  for (const radio of radios)
    radio.addEventListener('change', () => {
      remember('code', radio.value)
      // The choice has changed already, so it is undone for a moment to find the reader's position.
      if (chosen) chosen.checked = true
      const place = placeOfReader()
      const before = place?.getBoundingClientRect().top
      radio.checked = true
      chosen = radio
      if (place && before !== undefined) scrollBy({ top: place.getBoundingClientRect().top - before, behavior: 'instant' })
    })
}

const NEARLY_PX = 8

/** The first heading, paragraph or row that begins below the upper edge of the visible page. */
function placeOfReader(): Element | undefined {
  const edge = document.querySelector('.toolbar')?.getBoundingClientRect().bottom ?? 0
  let nearest: Element | undefined
  let distance = Infinity
  for (const element of document.querySelectorAll('main :is(h1, h2, h3, h4, p, tr, summary, .panel-head)')) {
    // An element inside closed details has a position but is not visible.
    if (element.localName !== 'summary' && element.closest('details:not([open])')) continue
    const below = element.getBoundingClientRect().top - edge
    // An element that begins above the edge has been read. It is used only if no other begins in the window.
    const away = below > -NEARLY_PX ? below : innerHeight - below
    if (away >= distance) continue
    nearest = element
    distance = away
  }
  return nearest
}
