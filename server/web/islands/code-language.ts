import { remember } from './choice.ts'

/** The language of examples that was chosen here is the one that is shown next time. What the reader looks at stays where it is, though
 * examples above it become longer or shorter. */
export function rememberCodeLanguage() {
  const radios = document.querySelectorAll<HTMLInputElement>('input[name=code]')
  let chosen = [...radios].find((radio) => radio.checked)
  for (const radio of radios)
    radio.addEventListener('change', () => {
      remember('code', radio.value)
      // The choice has changed already: where things stood before is found out by taking it back.
      if (chosen) chosen.checked = true
      const place = placeOfReader()
      const before = place?.getBoundingClientRect().top
      radio.checked = true
      chosen = radio
      if (place && before !== undefined) scrollBy({ top: place.getBoundingClientRect().top - before, behavior: 'instant' })
    })
}

const NEARLY_PX = 8

/** The heading, paragraph or row that begins next below the upper edge of what is seen. */
function placeOfReader(): Element | undefined {
  const edge = document.querySelector('.toolbar')?.getBoundingClientRect().bottom ?? 0
  let nearest: Element | undefined
  let distance = Infinity
  for (const element of document.querySelectorAll('main :is(h1, h2, h3, h4, p, tr, summary, .panel-head)')) {
    // What is folded has a place, too, and is not seen.
    if (element.localName !== 'summary' && element.closest('details:not([open])')) continue
    const below = element.getBoundingClientRect().top - edge
    // One that begins above is read no more, unless nothing else begins in the window.
    const away = below > -NEARLY_PX ? below : innerHeight - below
    if (away >= distance) continue
    nearest = element
    distance = away
  }
  return nearest
}
