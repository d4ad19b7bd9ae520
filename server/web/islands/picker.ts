/** Closes an open picker on Escape, on a click elsewhere, when the focus leaves it, and on a link within the page. Links to other languages keep
 * the reader's position. */
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
