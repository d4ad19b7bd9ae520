// Categories are dragged to their place by a grip, with a mouse, a pen or a finger. The buttons do the same without it.
const table = document.querySelector<HTMLTableElement>('#categories')
const form = document.querySelector<HTMLFormElement>('#drag')
if (table && form) dragRows(table, form)

function dragRows(list: HTMLTableElement, send: HTMLFormElement) {
  list.addEventListener('pointerdown', (event) => {
    const grip = event.target instanceof Element ? event.target.closest('[data-grip]') : null
    const row = grip?.closest('tr')
    if (!row) return
    event.preventDefault()
    row.classList.add('dragged')
    const next = row.nextElementSibling
    // The document hears of it wherever the pointer is: a row that is put elsewhere loses the pointer that it had captured.
    const listening = new AbortController()
    const { signal } = listening
    const end = (isDropped: boolean) => {
      listening.abort()
      row.classList.remove('dragged')
      if (isDropped && row.nextElementSibling !== next) place(send, row)
      else row.parentElement!.insertBefore(row, next)
    }
    document.addEventListener('pointermove', ({ clientY }) => carry(row, clientY), { signal })
    document.addEventListener('pointerup', () => end(true), { signal })
    document.addEventListener('pointercancel', () => end(false), { signal })
    document.addEventListener('keydown', ({ key }) => key === 'Escape' && end(false), { signal })
  })
}

/** Puts the row where the pointer is. */
function carry(row: HTMLTableRowElement, y: number) {
  const rows = [...row.parentElement!.children].filter((each) => each !== row)
  const below = rows.find((each) => {
    const { top, height } = each.getBoundingClientRect()
    return y < top + height / 2
  })
  if (row.nextElementSibling !== (below ?? null)) row.parentElement!.insertBefore(row, below ?? null)
}

function place(send: HTMLFormElement, row: HTMLTableRowElement) {
  const next = row.nextElementSibling as HTMLTableRowElement | null
  send.querySelector<HTMLInputElement>('input[name=category]')!.value = row.dataset['category']!
  const target = document.createElement('input')
  target.type = 'hidden'
  ;[target.name, target.value] = next ? ['before', next.dataset['category']!] : ['to', 'last']
  send.append(target)
  send.submit()
}
