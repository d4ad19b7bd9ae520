const TEST_KEY = /^dk_test_/

/** The services that can be ordered here, by service type: see docs/samples-on-sale.ts. */
type Offer = Readonly<Record<string, { readonly service: number; readonly min: number; readonly max: number }>>

/** Sends a call with the reader's test key. A live key could spend real money, so it is never sent. No key is stored. */
export function offerTries() {
  const dialog = document.querySelector<HTMLDialogElement>('dialog#try')
  if (!dialog) return
  const form = dialog.querySelector('form')!
  const key = form.querySelector<HTMLInputElement>('#try-key')!
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.try')) {
    button.addEventListener('click', () => {
      fill(dialog, button)
      dialog.showModal()
      // Focuses the key if it is empty, because nothing can be tried without one; else the call's first field.
      ;(key.value === '' ? key : (dialog.querySelector<HTMLElement>('.fields :read-write') ?? key)).focus()
    })
  }
  dialog.querySelector('.close')!.addEventListener('click', () => dialog.close())
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const fields = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')
    const filled = [...fields].map((field) => [field.name, field.value.trim()] as const).filter(([, value]) => value !== '')
    void send(dialog, Object.fromEntries(filled))
  })
}

function fill(dialog: HTMLDialogElement, { dataset }: HTMLButtonElement) {
  const example = JSON.parse(dataset['try']!) as Record<string, string>
  const offer = JSON.parse(dialog.dataset['offer']!) as Offer
  const type = dataset['type']
  const onSale = type === undefined ? undefined : (offer[type] ?? null)
  const none = dialog.querySelector<HTMLElement>('.none-on-sale')!
  none.textContent = dialog.dataset['none']!
  none.hidden = onSale !== null
  const parameters = onSale ? { ...example, ...orderable(example, onSale) } : example
  const optional = (dataset['optional'] ?? '').split(' ').filter((name) => name !== '')
  dialog
    .querySelector('.fields')!
    .replaceChildren(
      ...Object.entries(parameters).map(([name, value]) => fieldOf(name, value)),
      ...optional.map((name) => fieldOf(name, '', dialog.dataset['optional'])),
    )
  dialog.querySelector('.fault')!.textContent = ''
  dialog.querySelector<HTMLElement>('.answer')!.hidden = true
}

/** The example's order, changed to a service that is on sale and to a quantity within its bounds. */
function orderable(example: Record<string, string>, { service, min, max }: Offer[string]): Record<string, string> {
  const within = (value: string) => String(Math.min(Math.max(Number(value), min), max))
  const amounts = ['quantity', 'min', 'max'].filter((name) => example[name] !== undefined)
  return { service: String(service), ...Object.fromEntries(amounts.map((name) => [name, within(example[name]!)])) }
}

const OF_LINES = new Set(['comments', 'usernames', 'hashtags', 'keywords', 'groups'])

function fieldOf(name: string, value: string, badge?: string): HTMLElement {
  const field = document.createElement('div')
  const label = document.createElement('label')
  const input = document.createElement(OF_LINES.has(name) ? 'textarea' : 'input')
  field.className = 'field'
  label.dir = input.dir = 'ltr'
  label.textContent = name
  label.htmlFor = input.id = `try-${name}`
  input.name = name
  input.value = value
  if (name === 'action') input.readOnly = true
  if (badge !== undefined) {
    const note = document.createElement('span')
    note.className = 'badge'
    note.textContent = badge
    label.append(' ', note)
  }
  field.append(label, input)
  return field
}

async function send(dialog: HTMLDialogElement, parameters: Record<string, string>) {
  const fault = dialog.querySelector('.fault')!
  const answer = dialog.querySelector<HTMLElement>('.answer')!
  fault.textContent = ''
  answer.hidden = true
  if (!TEST_KEY.test(parameters['key'] ?? '')) {
    fault.textContent = dialog.dataset['refused']!
    dialog.querySelector<HTMLInputElement>('#try-key')!.focus()
    return
  }
  try {
    const response = await fetch(dialog.dataset['path']!, { method: 'POST', body: new URLSearchParams(parameters) })
    answer.textContent = JSON.stringify(await response.json(), null, 4)
    answer.hidden = false
    answer.scrollIntoView({ block: 'nearest' })
  } catch {
    fault.textContent = dialog.dataset['failed']!
  }
}
