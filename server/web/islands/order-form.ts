import type { CheckedAnswer } from '../customer/order/checked-answer.ts'
import { linesOf } from '../../ordering/lines.ts'
import { bodyOf } from './form-body.ts'
import { openNewest } from './newest.ts'
import { showFaults, tell } from './order-faults.ts'
import { pluralText } from './plural.ts'

type Told = Readonly<Record<'place' | 'fillIn' | 'waiting' | 'offline' | 'placing' | 'unknown' | 'stale' | 'look', string>>
type Answer = CheckedAnswer & { readonly turned?: string; readonly placed?: string }

const PAUSE_MS = 90
const LATE_MS = 400
const CALM_MS = 700
const AGAIN_MS = 5000

/** Shows what the order costs while its form is filled in, and places it at the price that is shown and no other. */
export function openOrderForm() {
  const form = document.querySelector<HTMLFormElement>('form.order-form')
  if (!form) return
  const told = JSON.parse(form.dataset['told']!) as Told
  const cost = form.querySelector<HTMLElement>('#cost')!
  const button = form.querySelector<HTMLButtonElement>('button[value=place]')!
  const maxCharge = form.querySelector<HTMLInputElement>('input[name=max_charge]')!
  const spoken = form.querySelector<HTMLElement>('.spoken')!
  const left = new Set([...form.querySelectorAll<HTMLElement>('[aria-invalid]')].map((field) => field.id))
  const newest = openNewest()
  /** Counts what is typed: a price holds for one state of the form. */
  let version = 0
  let priced = -1
  let answer: Answer | undefined
  let placing = false
  let timers: ReturnType<typeof setTimeout>[] = []

  form.noValidate = true
  // Its work is done while typing; as the first button of the form it would take every Enter.
  form.querySelector('button[value=price]')!.remove()

  const later = (ms: number, work: () => void) => timers.push(setTimeout(work, ms))
  const settle = () => {
    for (const timer of timers) clearTimeout(timer)
    timers = []
  }

  function changed() {
    version += 1
    settle()
    cost.dataset['state'] = 'old'
    later(PAUSE_MS, () => void ask())
  }

  /** Answers once the price of what stands in the form now is shown; false where none came, or something was typed meanwhile. */
  async function ask(): Promise<boolean> {
    const asked = version
    settle()
    later(LATE_MS, () => {
      note(told.waiting)
      button.textContent = told.place
    })
    try {
      const fresh = await newest.ask('/order/quote', sending(form!), readAnswer)
      if (!fresh || asked !== version) return false
      settle()
      show(fresh)
      return true
    } catch (error) {
      if (asked !== version) return false
      settle()
      note(error instanceof TypeError ? told.offline : told.stale)
      button.textContent = told.place
      if (error instanceof TypeError) later(AGAIN_MS, () => void ask())
      return false
    }
  }

  function show(fresh: Answer) {
    answer = fresh
    priced = version
    delete cost.dataset['state']
    // Drawn by our own server, from what it escaped.
    if (fresh.cost === null) note(told.fillIn)
    else cost.innerHTML = fresh.cost
    writeLocalTimes(cost)
    maxCharge.value = fresh.place?.maxCharge ?? ''
    button.textContent = fresh.place?.text ?? told.place
    later(CALM_MS, () => (spoken.textContent = fresh.spoken))
    showFaults(form!, fresh, (name) => left.has(name))
  }

  function note(text: string) {
    const line = document.createElement('p')
    line.className = 'soft'
    line.textContent = text
    // An old price stays to be read until there is a new one, and says that it is old.
    cost.querySelector(':scope > p')?.remove()
    if (cost.dataset['state'] === 'old') cost.append(line)
    else cost.replaceChildren(line)
  }

  async function placeIt() {
    if (placing) return
    const seen = priced === version
    if (!seen && !(await ask())) return
    if (!answer?.place) {
      for (const name of Object.keys(answer!.faults)) left.add(name)
      showFaults(form!, answer!, () => true)
      form!.querySelector<HTMLElement>('[aria-invalid]')?.focus()
      return
    }
    if (!seen) return tell(form!, 'warn', told.look)
    placing = true
    button.textContent = told.placing
    try {
      await take(await readAnswer(await fetch('/order', sending(form!, 'place'))))
    } catch (error) {
      placing = false
      button.textContent = answer.place.text
      if (error instanceof TypeError) tell(form!, 'bad', told.unknown)
      else if (error instanceof NoAnswerOfOurs) sendAsPage(form!)
      else throw error
    }
  }

  async function take(fresh: Answer) {
    if (fresh.placed !== undefined) return location.assign(fresh.placed)
    placing = false
    show(fresh)
    for (const name of Object.keys(fresh.faults)) left.add(name)
    showFaults(form!, fresh, () => true)
    if (fresh.turned !== undefined) tell(form!, 'warn', fresh.turned)
    form!.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }

  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLTextAreaElement) countLines(form, target)
    changed()
  })
  form.addEventListener('focusout', ({ target }) => {
    if (!(target instanceof HTMLElement) || target.id === '') return
    left.add(target.id)
    if (answer) showFaults(form, answer, (name) => left.has(name))
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void placeIt()
  })
  addEventListener('online', () => form.isConnected && priced !== version && void ask())
  // Shown again from memory, after the order was placed or not.
  addEventListener('pageshow', ({ persisted }) => persisted && ((placing = false), void ask()))
  for (const area of form.querySelectorAll('textarea')) countLines(form, area)
  void ask()
}

function sending(form: HTMLFormElement, step?: 'place'): RequestInit {
  const body = bodyOf(form)
  if (step) body.set('step', step)
  return { method: 'POST', body, headers: { accept: 'application/json' } }
}

/** A page came in place of an answer: signed out, too old, failed. */
class NoAnswerOfOurs extends Error {}

async function readAnswer(response: Response): Promise<Answer> {
  const isData = response.headers.get('content-type')?.startsWith('application/json')
  const answer = isData ? ((await response.json()) as Answer) : undefined
  if (answer?.faults === undefined && answer?.placed === undefined) throw new NoAnswerOfOurs()
  return answer
}

/** The page that the server has to say it by. */
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

/** The server does not know where its reader is; the browser does. */
function writeLocalTimes(part: HTMLElement) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
  for (const time of part.querySelectorAll('time')) {
    time.title = time.textContent
    time.textContent = format.format(new Date(time.dateTime))
  }
}
