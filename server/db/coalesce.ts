import { databaseAway, LOOK_EVERY_MS, remainingMs } from '../deadline.ts'
import { refuse } from '../refusal.ts'

export interface Coalesced<Ask, Answer> {
  (ask: Ask): Promise<Answer>
  /** How many calls wait or are under way. */
  readonly depth: () => number
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask
  readonly arrivedAt: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Gathers the calls that arrive while a statement is under way into the next statement: one round trip serves them all, and a single call never
 * waits for a timer. `run` returns answers in the order of its calls. When `limit` calls wait, further ones are refused. An overdue call is
 * refused at once, and if it still waits, it is never run. */
export function coalesce<Ask, Answer>(
  run: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
  bounds: { most: number; slots: number; limit: number },
): Coalesced<Ask, Answer> {
  let waiting: Waiting<Ask, Answer>[] = []
  const batches = new Set<readonly Waiting<Ask, Answer>[]>()
  let asked = 0
  let scheduled = false
  let looking = false

  function ask(value: Ask): Promise<Answer> {
    if (waiting.length >= bounds.limit) return Promise.reject(refuse('overloaded', 'Too many requests are waiting'))
    return new Promise((resolve, reject) => {
      waiting.push({ ask: value, arrivedAt: performance.now(), resolve, reject })
      schedule()
    })
  }

  function schedule() {
    lookForOverdue()
    if (scheduled || batches.size >= bounds.slots || waiting.length === 0) return
    scheduled = true
    setImmediate(flush)
  }

  function flush() {
    scheduled = false
    // All waiting calls may have been refused as overdue since.
    if (waiting.length === 0) return
    const batch = waiting.length <= bounds.most ? waiting : waiting.slice(0, bounds.most)
    waiting = waiting.length <= bounds.most ? [] : waiting.slice(bounds.most)
    batches.add(batch)
    asked += batch.length
    run(batch.map((item) => item.ask))
      .then(
        (answers) => batch.forEach((item, index) => item.resolve(answers[index]!)),
        (error: unknown) => batch.forEach((item) => item.reject(error)),
      )
      .finally(() => {
        batches.delete(batch)
        asked -= batch.length
        schedule()
      })
    schedule()
  }

  /** One timer serves all calls; there is none while there are no calls. */
  function lookForOverdue() {
    if (looking || waiting.length + asked === 0) return
    looking = true
    setTimeout(() => {
      looking = false
      for (const batch of batches) batch.filter(isOverdue).forEach(giveUp)
      if (waiting.some(isOverdue)) {
        waiting.filter(isOverdue).forEach(giveUp)
        waiting = waiting.filter((item) => !isOverdue(item))
      }
      lookForOverdue()
    }, LOOK_EVERY_MS).unref()
  }

  return Object.assign(ask, { depth: () => waiting.length + asked })
}

function isOverdue({ arrivedAt }: { readonly arrivedAt: number }): boolean {
  return remainingMs(arrivedAt) === 0
}

function giveUp({ reject }: { readonly reject: (error: unknown) => void }): void {
  reject(databaseAway())
}
