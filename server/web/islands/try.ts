const TEST_KEY = /^dk_test_/

/** A call from the page with the reader's test key. A key that could buy something real is never sent, nor is any kept. */
export function offerTries() {
  const dialog = document.querySelector<HTMLDialogElement>('dialog#try')
  if (!dialog) return
  const form = dialog.querySelector('form')!
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.try')) {
    button.addEventListener('click', () => {
      fill(dialog, JSON.parse(button.dataset['try']!) as Record<string, string>)
      dialog.showModal()
    })
  }
  dialog.querySelector('.close')!.addEventListener('click', () => dialog.close())
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const fields = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')
    void send(dialog, Object.fromEntries([...fields].map((field) => [field.name, field.value.trim()])))
  })
}

function fill(dialog: HTMLDialogElement, parameters: Record<string, string>) {
  const fields = Object.entries(parameters).map(([name, value]) => fieldOf(name, value))
  dialog.querySelector('.fields')!.replaceChildren(...fields)
  dialog.querySelector('.fault')!.textContent = ''
  dialog.querySelector<HTMLElement>('.answer')!.hidden = true
}

function fieldOf(name: string, value: string): HTMLElement {
  const field = document.createElement('div')
  const label = document.createElement('label')
  const input = document.createElement(value.includes('\n') ? 'textarea' : 'input')
  field.className = 'field'
  label.dir = input.dir = 'ltr'
  label.textContent = name
  label.htmlFor = input.id = `try-${name}`
  input.name = name
  input.value = value
  if (name === 'action') input.readOnly = true
  field.append(label, input)
  return field
}

async function send(dialog: HTMLDialogElement, parameters: Record<string, string>) {
  const fault = dialog.querySelector('.fault')!
  const answer = dialog.querySelector<HTMLElement>('.answer')!
  fault.textContent = ''
  answer.hidden = true
  if (!TEST_KEY.test(parameters['key']!)) {
    fault.textContent = dialog.dataset['refused']!
    dialog.querySelector<HTMLInputElement>('#try-key')!.focus()
    return
  }
  try {
    const response = await fetch(dialog.dataset['path']!, { method: 'POST', body: new URLSearchParams(parameters) })
    answer.textContent = JSON.stringify(await response.json(), null, 4)
    answer.hidden = false
  } catch {
    fault.textContent = dialog.dataset['failed']!
  }
}
