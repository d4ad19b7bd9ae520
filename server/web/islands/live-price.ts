import type { CheckedAnswer } from '../customer/order/checked-answer.ts'
import { bodyOf } from './form-body.ts'
import { openNewest } from './newest.ts'

export type Answer = CheckedAnswer & { readonly turned?: string; readonly placed?: string }
export type PriceTold = Readonly<Record<'place' | 'fillIn' | 'waiting' | 'offline' | 'stale', string>>

/** What an order costs as its form stands now. */
export interface LivePrice {
  /** The form is another one now: what is shown is old, and asked for anew in a moment. */
  changed(): void
  /** True once the price of what stands in the form is shown; false where no answer came, or something was typed meanwhile. */
  ask(): Promise<boolean>
  /** Shows what the server said of the form as it stands. */
  show(answer: Answer): void
  /** What was answered of the form as it stands now; undefined while it is old. */
  current(): Answer | undefined
}

const PAUSE_MS = 90
const LATE_MS = 400
const CALM_MS = 700
const AGAIN_MS = 5000

export function openLivePrice(form: HTMLFormElement, told: PriceTold, onAnswer: (answer: Answer) => void): LivePrice {
  const cost = form.querySelector<HTMLElement>('#cost')!
  const button = form.querySelector<HTMLButtonElement>('button[value=place]')!
  const newest = openNewest()
  /** Counts what is typed: a price holds for one state of the form. */
  let version = 0
  let answered: { readonly version: number; readonly answer: Answer } | undefined
  let timers: ReturnType<typeof setTimeout>[] = []

  const later = (ms: number, work: () => void) => timers.push(setTimeout(work, ms))
  const settle = () => {
    for (const timer of timers.splice(0)) clearTimeout(timer)
  }
  /** An old price stays to be read until there is a new one, and it is told that it is old. */
  const excuse = (text: string) => {
    cost.querySelector(':scope > p')?.remove()
    cost.append(lineOf(text))
    button.textContent = told.place
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
      later(LATE_MS, () => excuse(told.waiting))
      try {
        const answer = await newest.ask('/order/quote', sending(form), readAnswer)
        if (!answer || asked !== version) return false
        price.show(answer)
        return true
      } catch (error) {
        if (asked !== version) return false
        settle()
        const isOffline = error instanceof TypeError
        excuse(isOffline ? told.offline : told.stale)
        if (isOffline) later(AGAIN_MS, () => form.isConnected && void price.ask())
        return false
      }
    },
    show(answer) {
      settle()
      answered = { version, answer }
      delete cost.dataset['state']
      // Drawn by our own server, from what it escaped.
      if (answer.cost === null) cost.replaceChildren(lineOf(told.fillIn))
      else cost.innerHTML = answer.cost
      form.querySelector<HTMLInputElement>('input[name=max_charge]')!.value = answer.place?.maxCharge ?? ''
      button.textContent = answer.place?.text ?? told.place
      later(CALM_MS, () => (form.querySelector('.spoken')!.textContent = answer.spoken))
      onAnswer(answer)
    },
    current: () => (answered?.version === version ? answered.answer : undefined),
  }
  addEventListener('online', () => form.isConnected && !price.current() && void price.ask())
  return price
}

/** The form as the page's script sends it. */
export function sending(form: HTMLFormElement, step?: 'place'): RequestInit {
  const body = bodyOf(form)
  if (step) body.set('step', step)
  return { method: 'POST', body, headers: { accept: 'application/json' } }
}

/** A page came in place of an answer: signed out, too old, failed. */
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
