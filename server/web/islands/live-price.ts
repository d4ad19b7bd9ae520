import type { CheckedAnswer } from '../customer/order/checked-answer.ts'
import { bodyOf } from './form-body.ts'
import { openNewest } from './newest.ts'

export type Answer = CheckedAnswer & { readonly turned?: string; readonly placed?: string }
export type PriceMessages = Readonly<Record<'place' | 'fillIn' | 'waiting' | 'offline' | 'stale', string>>

/** The price of the order form's current values. */
export interface LivePrice {
  /** The form has changed: marks the shown price as old and soon requests a new one. */
  changed(): void
  /** Resolves to true once the price of the current values is shown; to false if no answer came or the user typed meanwhile. */
  ask(): Promise<boolean>
  /** Shows the server's answer for the current values. */
  show(answer: Answer): void
  /** The answer for the current values; undefined if the shown one is old. */
  current(): Answer | undefined
}

const PAUSE_MS = 90
const LATE_MS = 400
const CALM_MS = 700
const AGAIN_MS = 5000

export function openLivePrice(form: HTMLFormElement, messages: PriceMessages, onAnswer: (answer: Answer) => void): LivePrice {
  const cost = form.querySelector<HTMLElement>('#cost')!
  const button = form.querySelector<HTMLButtonElement>('button[value=place]')!
  const newest = openNewest()
  /** Counts changes of the form: a price is valid for one version only. */
  let version = 0
  let answered: { readonly version: number; readonly answer: Answer } | undefined
  let timers: ReturnType<typeof setTimeout>[] = []

  const later = (ms: number, work: () => void) => timers.push(setTimeout(work, ms))
  const settle = () => {
    for (const timer of timers.splice(0)) clearTimeout(timer)
  }
  /** The old price stays readable until there is a new one, with a notice that it is old. */
  const showNotice = (text: string) => {
    cost.querySelector(':scope > p')?.remove()
    cost.append(lineOf(text))
    button.textContent = messages.place
  }

  const price: LivePrice = {
    changed() {
      version += 1
      settle()
      cost.dataset['state'] = 'old'
      later(PAUSE_MS, () => void price.ask())
    },
    async ask() {
      const asked = version
      settle()
      later(LATE_MS, () => showNotice(messages.waiting))
      try {
        const answer = await newest.ask('/order/quote', sending(form), readAnswer)
        if (!answer || asked !== version) return false
        price.show(answer)
        return true
      } catch (error) {
        if (asked !== version) return false
        settle()
        const isOffline = error instanceof TypeError
        showNotice(isOffline ? messages.offline : messages.stale)
        if (isOffline) later(AGAIN_MS, () => form.isConnected && void price.ask())
        return false
      }
    },
    show(answer) {
      settle()
      answered = { version, answer }
      delete cost.dataset['state']
      // This HTML comes from our own server, which has escaped its values.
      if (answer.cost === null) cost.replaceChildren(lineOf(messages.fillIn))
      else cost.innerHTML = answer.cost
      form.querySelector<HTMLInputElement>('input[name=max_charge]')!.value = answer.place?.maxCharge ?? ''
      button.textContent = answer.place?.text ?? messages.place
      later(CALM_MS, () => (form.querySelector('.spoken')!.textContent = answer.spoken))
      onAnswer(answer)
    },
    current: () => (answered?.version === version ? answered.answer : undefined),
  }
  addEventListener('online', () => form.isConnected && !price.current() && void price.ask())
  return price
}

/** The form as a request of the page's script. */
export function sending(form: HTMLFormElement, step?: 'place'): RequestInit {
  const body = bodyOf(form)
  if (step) body.set('step', step)
  return { method: 'POST', body, headers: { accept: 'application/json' } }
}

/** The server sent a page in place of the expected answer: the user is signed out, the form is too old, or the page failed. */
export class NoAnswerOfOurs extends Error {}

export async function readAnswer(response: Response): Promise<Answer> {
  const isData = response.headers.get('content-type')?.startsWith('application/json')
  const answer = isData ? ((await response.json()) as Answer) : undefined
  if (answer?.faults === undefined && answer?.placed === undefined) throw new NoAnswerOfOurs()
  return answer
}

function lineOf(text: string): HTMLElement {
  const line = document.createElement('p')
  line.className = 'soft'
  line.textContent = text
  return line
}
