import { linesOf } from '../../ordering/lines.ts'
import { type Answer, type LivePrice, NoAnswerOfOurs, openLivePrice, type PriceMessages, readAnswer, sending } from './live-price.ts'
import { showFaults, showMessage } from './order-faults.ts'
import { pluralText } from './plural.ts'

type Messages = PriceMessages & Readonly<Record<'placing' | 'unknown' | 'look', string>>

/** Shows the order's price while the user fills in the form, and places the order only at the shown price. */
export function openOrderForm() {
  const form = document.querySelector<HTMLFormElement>('form.order-form')
  if (!form) return
  const messages = JSON.parse(form.dataset['messages']!) as Messages
  const left = new Set([...form.querySelectorAll<HTMLElement>('[aria-invalid]')].map((field) => field.id))
  const price = openLivePrice(form, messages, (answer) => showFaults(form, answer, (name) => left.has(name)))
  const placing = openPlacing(form, messages, price, left)

  form.noValidate = true
  // Prices are requested as the user types, so this button is not needed. As the form's first button, it would react to every Enter.
  form.querySelector('button[value=price]')!.remove()
  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLTextAreaElement) countLines(form, target)
    price.changed()
  })
  form.addEventListener('focusout', ({ target }) => {
    const answer = price.current()
    if (!(target instanceof HTMLElement) || target.id === '') return
    left.add(target.id)
    if (answer) showFaults(form, answer, (name) => left.has(name))
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void placing.press()
  })
  for (const area of form.querySelectorAll('textarea')) countLines(form, area)
  void price.ask()
}

/** The button that places the order. However often it is pressed, it places one. */
function openPlacing(form: HTMLFormElement, messages: Messages, price: LivePrice, left: Set<string>): { press(): Promise<void> } {
  const button = form.querySelector<HTMLButtonElement>('button[value=place]')!
  let isUnderWay = false

  /** Shows the faults of untouched fields too, and moves the focus to the first. */
  function reveal({ faults }: Answer) {
    for (const name of Object.keys(faults)) left.add(name)
    showFaults(form, { faults, lasting: [] }, () => true)
    form.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }

  /** The form cannot be changed while it is being sent, because the answer is for the values that were sent. */
  function hold(isHeld: boolean) {
    isUnderWay = isHeld
    form.inert = isHeld
    if (!isHeld) button.focus()
  }

  async function send(shown: string) {
    const request = sending(form, 'place')
    hold(true)
    button.textContent = messages.placing
    try {
      const answer = await readAnswer(await fetch('/order', request))
      if (answer.placed !== undefined) return location.assign(answer.placed)
      hold(false)
      price.show(answer)
      reveal(answer)
      if (answer.turned !== undefined) showMessage(form, 'warn', answer.turned)
    } catch (error) {
      hold(false)
      button.textContent = shown
      if (error instanceof TypeError) showMessage(form, 'bad', messages.unknown)
      else if (error instanceof NoAnswerOfOurs) sendAsPage(form)
      else throw error
    }
  }

  // The browser has restored the page from its memory, after an order was placed or not.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted || !form.isConnected) return
    hold(false)
    void price.ask()
  })
  return {
    async press() {
      if (isUnderWay) return
      const seen = price.current()
      if (!seen && !(await price.ask())) return
      const answer = price.current()!
      if (!answer.place) reveal(answer)
      else if (seen) await send(answer.place.text)
      else showMessage(form, 'warn', messages.look)
    },
  }
}

/** Submits the form as a page, because only a page can show what the server has to say. */
function sendAsPage(form: HTMLFormElement) {
  const step = document.createElement('input')
  step.type = 'hidden'
  step.name = 'step'
  step.value = 'place'
  form.append(step)
  form.submit()
}

function countLines(form: HTMLFormElement, area: HTMLTextAreaElement) {
  const count = form.querySelector<HTMLElement>(`[data-count-of="${area.name}"]`)
  if (!count) return
  const lines = linesOf(area.value).length
  count.textContent = lines === 0 ? '' : pluralText(JSON.parse(count.dataset['forms']!) as Record<string, string>, lines)
}
