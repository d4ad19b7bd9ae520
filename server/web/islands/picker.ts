/** An open picker closes on Escape, on a click elsewhere and when the focus leaves it; the links to other languages keep the place on the
 * page, and a link to a place on this page closes it. */
export function closePickers() {
  for (const picker of document.querySelectorAll<HTMLDetailsElement>('details.picker')) {
    const close = () => (picker.open = false)
    picker.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !picker.open) return
      close()
      picker.querySelector('summary')!.focus()
    })
    picker.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !picker.contains(relatedTarget)) close()
    })
    document.addEventListener('click', ({ target }) => {
      if (target instanceof Node && !picker.contains(target)) close()
    })
    picker.addEventListener('click', ({ target }) => {
      const link = target instanceof Element ? target.closest('a') : null
      if (!link) return
      if (link.hreflang !== '') link.hash = location.hash
      else if (link.getAttribute('href')!.startsWith('#')) close()
    })
  }
}
