interface Faulty {
  readonly faults: Readonly<Record<string, string>>
  readonly lasting: readonly string[]
}

/** Shows each fault beside its field, once the user has left the field or if typing on will not correct it. A fault of the order as a whole is
 * shown above the fields. */
export function showFaults(form: HTMLFormElement, { faults, lasting }: Faulty, isDue: (name: string) => boolean) {
  for (const field of form.querySelectorAll<HTMLElement>('.field :is(input, textarea, select)')) {
    const name = field.id
    showFault(field, isDue(name) || lasting.includes(name) ? faults[name] : undefined)
  }
  if (faults['form'] === undefined) form.querySelector('.message-area')!.replaceChildren()
  else showMessage(form, 'bad', faults['form'])
}

function showFault(field: HTMLElement, text: string | undefined) {
  const id = `${field.id}-fault`
  const shown = document.getElementById(id)
  if (text === undefined) {
    shown?.remove()
    field.removeAttribute('aria-invalid')
  } else {
    const line = shown ?? document.createElement('p')
    line.id = id
    line.className = 'fault'
    line.textContent = text.replaceAll('`', '')
    if (!shown) field.closest('.field')!.append(line)
    field.setAttribute('aria-invalid', 'true')
    // Opens the folded part that contains a fault.
    field.closest('details')?.setAttribute('open', '')
  }
  const others = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((each) => each !== '' && each !== id)
  const described = text === undefined ? others : [...others, id]
  if (described.length === 0) field.removeAttribute('aria-describedby')
  else field.setAttribute('aria-describedby', described.join(' '))
}

/** Shows a sentence above the fields, which screen readers announce at once. The same sentence is not announced twice. */
export function showMessage(form: HTMLFormElement, mood: 'bad' | 'warn', text: string) {
  const place = form.querySelector('.message-area')!
  const words = text.replaceAll('`', '')
  if (place.textContent === words) return
  const notice = document.createElement('div')
  notice.className = `notice ${mood}`
  notice.setAttribute('role', 'alert')
  notice.textContent = words
  place.replaceChildren(notice)
}
