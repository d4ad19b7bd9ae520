import { busy } from '../refusal.ts'

export interface Coalesced<Ask, Answer> {
  (ask: Ask): Promise<Answer>
  /** How many asks wait or are under way. */
  readonly depth: () => number
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Gathers the asks that arrive while a statement is under way into the next one: one round trip serves them all, and a lone
 * ask never waits for a timer. `run` answers in the order of its asks. When `limit` asks wait, further ones are refused. */
export function coalesce<Ask, Answer>(
  run: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
  bounds: { most: number; slots: number; limit: number },
): Coalesced<Ask, Answer> {
  let waiting: Waiting<Ask, Answer>[] = []
  let underWay = 0
  let asked = 0
  let scheduled = false

  function ask(value: Ask): Promise<Answer> {
    if (waiting.length >= bounds.limit) return Promise.reject(busy('Too many requests are waiting, please try again', 'overloaded'))
    return new Promise((resolve, reject) => {
      waiting.push({ ask: value, resolve, reject })
      schedule()
    })
  }

  function schedule() {
    if (scheduled || underWay >= bounds.slots || waiting.length === 0) return
    scheduled = true
    setImmediate(flush)
  }

  function flush() {
    scheduled = false
    const batch = waiting.length <= bounds.most ? waiting : waiting.slice(0, bounds.most)
    waiting = waiting.length <= bounds.most ? [] : waiting.slice(bounds.most)
    underWay += 1
    asked += batch.length
    run(batch.map((item) => item.ask))
      .then(
        (answers) => batch.forEach((item, index) => item.resolve(answers[index]!)),
        (error: unknown) => batch.forEach((item) => item.reject(error)),
      )
      .finally(() => {
        underWay -= 1
        asked -= batch.length
        schedule()
      })
    schedule()
  }

  return Object.assign(ask, { depth: () => waiting.length + asked })
}
