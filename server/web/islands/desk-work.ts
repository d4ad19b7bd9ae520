// The script of the page of an order that somebody does by hand: signs of life while it is open, so that the order stays with them.
import './desk.ts'

const EVERY_MS = 60_000

const line = document.querySelector<HTMLElement>('[data-hold]')
if (line) window.setInterval(() => void giveSign(line), EVERY_MS)

/** Says it on the page when the order is not the reader's any more. A lost connection says nothing: the claim lasts longer than that. */
async function giveSign(line: HTMLElement) {
  try {
    const body = new URLSearchParams({ csrf: line.dataset['csrf']! })
    const response = await fetch(line.dataset['hold']!, { method: 'POST', body })
    if (response.status === 409) line.textContent = line.dataset['lost']!
  } catch {
    // It is tried again in a minute.
  }
}
