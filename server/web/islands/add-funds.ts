import { bodyOf } from './form-body.ts'
import { openNewest } from './newest.ts'

/** What a sum costs and brings by one method. `pay` is the text of the button; null: it cannot be paid so. */
interface Way {
  readonly cost: string
  readonly figures: string
  readonly pay: string | null
  readonly spoken: string
}

interface Quoted {
  readonly ways: Readonly<Record<string, Way>>
  readonly faults: Readonly<Record<string, string>>
}

const PAUSE_MS = 150
const CALM_MS = 700

/** Shows what the sum costs and brings while it is typed. Agreed to figures that are seen, the form needs no page to confirm them. */
export function openAddFunds() {
  const form = document.querySelector<HTMLFormElement>('.add-funds form')
  if (!form) return
  const messages = JSON.parse(form.dataset['messages']!) as { readonly next: string }
  const newest = openNewest()
  let quoted: Quoted | undefined
  let soon: number | undefined
  let calm: number | undefined

  const show = () => {
    const way = quoted?.ways[new FormData(form).get('method') as string]
    form.querySelector<HTMLInputElement>('input[name=figures]')!.value = way?.figures ?? ''
    form.querySelector('button.main')!.textContent = way?.pay ?? messages.next
    window.clearTimeout(calm)
    calm = window.setTimeout(() => (form.querySelector('.spoken')!.textContent = way?.spoken ?? ''), CALM_MS)
  }
  const ask = async () => {
    try {
      const answer = await newest.ask('/funds/quote', { method: 'POST', body: bodyOf(form), headers: { accept: 'application/json' } }, read)
      if (!answer) return
      quoted = answer
      for (const place of form.querySelectorAll<HTMLElement>('[data-cost]')) {
        // This HTML comes from our own server, which has escaped its values.
        place.innerHTML = answer.ways[place.dataset['cost']!]?.cost ?? ''
      }
      showFault(form, 'coupon', answer.faults['coupon'])
      showFault(form, 'amount', answer.faults['amount'])
    } catch {
      // Without an answer the form works as it does without script.
      quoted = undefined
    }
    show()
  }
  const changed = () => {
    // The shown figures are those of another sum until the answer comes.
    quoted = undefined
    show()
    window.clearTimeout(soon)
    soon = window.setTimeout(() => void ask(), PAUSE_MS)
    const amount = form.querySelector<HTMLInputElement>('#amount')!.value
    for (const pick of form.querySelectorAll<HTMLButtonElement>('button[name=pick]')) {
      pick.setAttribute('aria-pressed', String(pick.value === amount))
    }
  }
  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === 'radio') show()
    else changed()
  })
  form.addEventListener('click', (event) => {
    const pick = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button[name=pick]') : null
    if (!pick) return
    event.preventDefault()
    form.querySelector<HTMLInputElement>('#amount')!.value = pick.value
    changed()
  })
  void ask()
}

async function read(response: Response): Promise<Quoted> {
  const isData = response.headers.get('content-type')?.startsWith('application/json')
  if (!response.ok || !isData) throw new Error('No answer of ours')
  return (await response.json()) as Quoted
}

/** Shows a fault below its field, or takes it away. */
function showFault(form: HTMLFormElement, name: string, text: string | undefined) {
  const input = form.querySelector<HTMLInputElement>(`#${name}`)!
  const id = `${name}-fault`
  document.getElementById(id)?.remove()
  const others = (input.getAttribute('aria-describedby') ?? '').split(' ').filter((one) => one !== '' && one !== id)
  const described = text === undefined ? others : [...others, id]
  if (text !== undefined) {
    const fault = document.createElement('p')
    fault.className = 'fault'
    fault.id = id
    fault.textContent = text
    input.closest('.field')!.append(fault)
    input.setAttribute('aria-invalid', 'true')
  } else input.removeAttribute('aria-invalid')
  if (described.length > 0) input.setAttribute('aria-describedby', described.join(' '))
  else input.removeAttribute('aria-describedby')
}
