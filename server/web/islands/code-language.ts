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

/** The heading, paragraph or row that is nearest to the upper edge of what is seen. */
function placeOfReader(): Element | undefined {
  const edge = document.querySelector('.toolbar')?.getBoundingClientRect().bottom ?? 0
  let nearest: Element | undefined
  let distance = Infinity
  for (const element of document.querySelectorAll('main :is(h1, h2, h3, h4, p, tr, summary, .panel-head)')) {
    const { top, height } = element.getBoundingClientRect()
    if (height === 0 || Math.abs(top - edge) >= distance) continue
    nearest = element
    distance = Math.abs(top - edge)
  }
  return nearest
}
