const SHOWN_MS = 1500

/** Buttons that copy the text in their `data-copy`, and buttons that print the page, including those added later. */
export function offerCopiesOfTexts() {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-copy]') : null
    if (button) void copy(button)
    if (target instanceof Element && target.closest('button.print')) print()
  })
}

async function copy(button: HTMLButtonElement) {
  await navigator.clipboard.writeText(button.dataset['copy']!)
  const name = button.textContent
  button.textContent = button.dataset['done']!
  window.setTimeout(() => (button.textContent = name), SHOWN_MS)
}
