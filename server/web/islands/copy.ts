const SHOWN_MS = 1500

/** Copies the code below the button or the text before it, and confirms it in the button. */
export function offerCopies() {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.copy')) {
    const name = button.textContent
    button.addEventListener('click', () => {
      void copyBelow(button).then(() => setTimeout(() => (button.textContent = name), SHOWN_MS))
    })
  }
}

async function copyBelow(button: HTMLButtonElement) {
  await navigator.clipboard.writeText(codeBelow(button))
  button.textContent = button.dataset['done']!
}

function codeBelow(button: Element): string {
  const before = button.previousElementSibling
  if (before instanceof HTMLElement && before.localName === 'code') return before.textContent
  let next = button.closest('.panel-head')?.nextElementSibling
  while (next && getComputedStyle(next).display === 'none') next = next.nextElementSibling
  return next?.textContent ?? ''
}
