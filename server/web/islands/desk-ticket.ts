// The script of the page of a ticket on the desk: letters that do what the page offers, saved replies without a page load, and signs of life of whoever writes.
import './desk.ts'
import { isTyping, keysAreOn, letterOf } from './keys.ts'
import { sendByKey } from './send-by-key.ts'

const SIGN_EVERY_MS = 8000

const area = document.querySelector<HTMLTextAreaElement>('#reply .words-area')
const saved = document.querySelector<HTMLInputElement>('#reply input[name=saved]')

sendByKey()

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && area !== null && event.target === area) return area.blur()
  if (!keysAreOn() || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
  const letter = letterOf(event)
  if (letter === 'r' && area) {
    event.preventDefault()
    area.focus()
    area.scrollIntoView({ block: 'center' })
  } else if (/^[a-z]$/.test(letter)) document.querySelector<HTMLElement>(`[data-act="${letter}"]`)?.click()
})

for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-saved]')) {
  link.addEventListener('click', (event) => {
    if (!area || !saved || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    insert(link.dataset['text']!)
    saved.value = link.dataset['saved']!
  })
}

/** Puts a text where the cursor stands, on lines of its own, and keeps what was typed. */
function insert(text: string) {
  const before = area!.value.slice(0, area!.selectionStart)
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n\n`
  const after = area!.value.slice(area!.selectionEnd)
  area!.value = start + text + after
  area!.focus()
  area!.setSelectionRange(start.length + text.length, start.length + text.length)
  area!.dispatchEvent(new Event('input', { bubbles: true }))
}

let signedAt = 0
area?.addEventListener('input', () => {
  const now = Date.now()
  if (area.value === '' || now - signedAt < SIGN_EVERY_MS) return
  signedAt = now
  const address = document.querySelector<HTMLElement>('[data-writing]')!.dataset['writing']!
  const csrf = document.querySelector<HTMLInputElement>('input[name=csrf]')!.value
  // A sign that is lost is followed by another.
  void fetch(address, { method: 'POST', body: new URLSearchParams({ csrf }) }).catch(() => {})
})
