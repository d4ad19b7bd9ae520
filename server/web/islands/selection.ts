const SHOWN_MS = 1500

/** Selects rows: the whole page, or a range with Shift. Shows how many are selected, and copies their numbers. */
export function offerSelection() {
  const form = document.querySelector<HTMLFormElement>('form.bulk')
  const all = form?.querySelector<HTMLInputElement>('.pick-all')
  const count = form?.querySelector<HTMLElement>('.selected')
  const copy = form?.querySelector<HTMLButtonElement>('.copy-numbers')
  if (!form || !all || !count || !copy) return
  const boxes = [...form.querySelectorAll<HTMLInputElement>('tbody .pick input')]
  const acts = form.querySelector<HTMLElement>('.bulk-acts')!
  const idle = count.textContent
  const picked = form.querySelector<HTMLElement>('.picked-numbers')
  let last: number | undefined
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length
    all.checked = chosen === boxes.length
    all.indeterminate = chosen > 0 && !all.checked
    acts.classList.toggle('in-use', chosen > 0)
    if (picked) picked.textContent = numbersOf(boxes).join(', ')
    count.textContent = chosen === 0 ? idle : count.dataset['selected']!.replace('#', String(chosen))
  }
  all.hidden = copy.hidden = false
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked
    show()
  })
  boxes.forEach((box, at) =>
    box.addEventListener('click', ({ shiftKey }) => {
      const [from, to] = shiftKey && last !== undefined ? [Math.min(last, at), Math.max(last, at)] : [at, at]
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked
      last = at
      show()
    }),
  )
  copy.addEventListener('click', () => void copyNumbers(copy, boxes))
  // The browser may have restored the selection of an earlier visit to the page.
  show()
}

async function copyNumbers(button: HTMLButtonElement, boxes: readonly HTMLInputElement[]) {
  const numbers = numbersOf(boxes)
  if (numbers.length === 0) return
  await navigator.clipboard.writeText(numbers.join(','))
  const name = button.textContent
  button.textContent = button.dataset['done']!
  window.setTimeout(() => (button.textContent = name), SHOWN_MS)
}

function numbersOf(boxes: readonly HTMLInputElement[]): string[] {
  return boxes.filter((box) => box.checked).map((box) => (box.name === 'pick' ? box.value : box.name.replace('order-', '')))
}
