/** Closes an open picker on Escape, on a click elsewhere, when the focus leaves it, and on a link within the page. Links to other languages keep
 * the reader's position. The listeners are on the document, because parts of pages are replaced. */
export function closePickers() {
  document.addEventListener('keydown', (event) => {
    const picker = pickerOf(event.target)
    if (event.key !== 'Escape' || !picker?.open) return
    picker.open = false
    picker.querySelector('summary')!.focus()
  })
  document.addEventListener('focusout', ({ target, relatedTarget }) => {
    const picker = pickerOf(target)
    if (picker && relatedTarget instanceof Node && !picker.contains(relatedTarget)) picker.open = false
  })
  document.addEventListener('click', ({ target }) => {
    const own = pickerOf(target)
    for (const picker of document.querySelectorAll<HTMLDetailsElement>('details.picker[open]')) if (picker !== own) picker.open = false
    const link = own && target instanceof Element ? target.closest('a') : null
    if (!link) return
    if (link.hreflang !== '') link.hash = location.hash
    else if (link.getAttribute('href')!.startsWith('#')) own!.open = false
  })
}

function pickerOf(target: EventTarget | null): HTMLDetailsElement | null {
  return target instanceof Element ? target.closest<HTMLDetailsElement>('details.picker') : null
}
