// Categories are dragged to their place by a grip, with a mouse, a pen or a finger. The buttons do the same without it.
const table = document.querySelector<HTMLTableElement>('#categories')
const form = document.querySelector<HTMLFormElement>('#drag')
if (table && form) dragRows(table, form)

function dragRows(list: HTMLTableElement, send: HTMLFormElement) {
  list.addEventListener('pointerdown', (event) => {
    const grip = event.target instanceof Element ? event.target.closest('[data-grip]') : null
    const row = grip?.closest('tr')
    if (!grip || !row) return
    event.preventDefault()
    grip.setPointerCapture(event.pointerId)
    row.classList.add('dragged')
    const next = row.nextElementSibling
    const move = ({ clientY }: PointerEvent) => carry(row, clientY)
    const end = (type: string) => {
      grip.removeEventListener('pointermove', move as EventListener)
      row.classList.remove('dragged')
      if (type === 'pointerup' && row.nextElementSibling !== next) place(send, row)
      else row.parentElement!.insertBefore(row, next)
    }
    grip.addEventListener('pointermove', move as EventListener)
    for (const type of ['pointerup', 'pointercancel']) grip.addEventListener(type, () => end(type), { once: true })
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
