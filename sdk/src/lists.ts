import { NoAnswer, PanelRefusal, saysNothingCertain } from './errors.ts'
import type { Reply } from './transport.ts'
import type { Id } from './values.ts'

/** One id's own answer: a list never fails because of one of its ids. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: PanelRefusal | NoAnswer }

export const given = <T>(value: T): Result<T> => ({ ok: true, value })
export const refused = (words: string): Result<never> => ({ ok: false, error: new PanelRefusal(words) })
export const unclear = ({ excerpt }: Reply): NoAnswer => new NoAnswer(`The answer does not say it: ${excerpt}`, 'unclear')

const AT_ONCE = 4
/** How many further calls one list may cost in which a panel refuses the whole because of some of its ids. */
const MOST_CALLS_APART = 32

type Ask<T> = (ids: readonly string[]) => Promise<ReadonlyMap<string, Result<T>>>

/** Each id once, in lists of at most `most`, a few lists at a time. The answers are in the order of the ids. */
export async function inLists<T>(ids: Iterable<Id>, most: number, ask: Ask<T>): Promise<Map<string, Result<T>>> {
  const all = [...new Set([...ids].map((id) => String(id).trim()))]
  const lists = Array.from({ length: Math.ceil(all.length / most) }, (_, at) => all.slice(at * most, (at + 1) * most))
  const answers = new Map<string, Result<T>>()
  const worker = async () => {
    for (let list = lists.shift(); list; list = lists.shift()) {
      for (const [id, answer] of await apart(list, ask)) answers.set(id, answer)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return new Map(all.map((id) => [id, answers.get(id)!]))
}

/**
 * A refusal of a whole list may be about one of its ids: then halves are asked for, down to single ids. A refusal of the key, or of the moment, is
 * thrown.
 */
async function apart<T>(list: readonly string[], ask: Ask<T>): Promise<Map<string, Result<T>>> {
  const answers = new Map<string, Result<T>>()
  const left = [list]
  let calls = 0
  for (let some = left.pop(); some; some = left.pop()) {
    try {
      for (const [id, answer] of await ask(some)) answers.set(id, answer)
    } catch (error) {
      const isOfSome = error instanceof PanelRefusal && (error.about === 'request' || error.about === 'order')
      if (!isOfSome) throw error
      calls += 1
      if (some.length === 1) answers.set(some[0]!, { ok: false, error })
      else if (calls > MOST_CALLS_APART) for (const id of some) answers.set(id, { ok: false, error })
      else {
        const middle = Math.ceil(some.length / 2)
        left.push(some.slice(middle), some.slice(0, middle))
      }
    }
  }
  return answers
}

/** The answer, unless the whole call was refused: that is thrown. Words that leave open what happened are no refusal. */
export function orRefusal(reply: Reply): Reply {
  if (reply.words !== null) throw saysNothingCertain(reply.words) ? new NoAnswer(reply.excerpt, 'server') : new PanelRefusal(reply.words)
  if (!reply.ok) throw new NoAnswer(reply.excerpt, 'server')
  return reply
}
