const SWITCH = 'docket:single-keys'
/** How long a `g` waits for its letter. */
const PATIENCE_MS = 1500

/** Whether single-key shortcuts are on. People who dictate turn them off, because their software types letters. */
export function keysAreOn(): boolean {
  return localStorage.getItem(SWITCH) !== 'off'
}

/** `g` and a letter open a page, `/` the page's search, `?` the list of shortcuts. They do nothing while the user types in a field. */
export function listenForKeys() {
  const sheet = document.querySelector<HTMLDialogElement>('dialog#keys')
  if (!sheet) return
  followSwitch(sheet)
  document.querySelector('.keys-button')?.addEventListener('click', () => sheet.showModal())
  let goingUntil = 0
  document.addEventListener('keydown', (event) => {
    if (!keysAreOn() || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    const letter = letterOf(event)
    const isGoing = event.timeStamp < goingUntil
    goingUntil = 0
    if (isGoing && letter !== '') return document.querySelector<HTMLAnchorElement>(`a[data-letter=${CSS.escape(letter)}]`)?.click()
    if (letter === 'g' && !event.shiftKey) goingUntil = event.timeStamp + PATIENCE_MS
    else if (event.key === '/' && focusSearch()) event.preventDefault()
    else if (event.key === '?' || event.key === '؟') sheet.showModal()
  })
}

function followSwitch(sheet: HTMLDialogElement) {
  const box = sheet.querySelector<HTMLInputElement>('input[name=single]')!
  box.checked = keysAreOn()
  box.addEventListener('change', () => localStorage.setItem(SWITCH, box.checked ? 'on' : 'off'))
}

export function isTyping({ target }: KeyboardEvent): boolean {
  // The focus remains for a moment in a dialog that was just closed.
  if (!(target instanceof Element) || target.closest('dialog:not([open])')) return false
  return target.closest('input, textarea, select, dialog, [contenteditable]') !== null
}

/** The letter of a key. If the keyboard writes another alphabet, it is the Latin letter of the same position. */
export function letterOf({ key, code }: KeyboardEvent): string {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? '')
}

function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('main input[type=search], .toolbar input[type=search]')
  search?.focus()
  search?.select()
  return search !== null
}
