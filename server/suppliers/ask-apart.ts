import type { Concerns } from './refusal-words.ts'

/** A panel's answer to a question about several ids: an answer per id, or one refusal of the whole list. */
export type Asked<Answer> =
  | { readonly kind: 'each'; readonly answers: ReadonlyMap<string, Answer> }
  | { readonly kind: 'whole'; readonly words: string; readonly concerns: Concerns }

export type WholeRefusal = Extract<Asked<never>, { kind: 'whole' }>

/** The result for each id, after all calls. */
export interface Apart<Answer> {
  readonly answers: Map<string, Answer>
  /** Ids that were asked for alone and refused. */
  readonly refused: Map<string, WholeRefusal>
  /** Why the other ids got no answer; undefined when all ids got one. */
  readonly stopped: WholeRefusal | undefined
}

/**
 * How many further calls one list may cost: enough to find a few odd ids among a hundred. Odd ids are then asked for less often, so that the next
 * list has fewer.
 */
const MOST_CALLS_APART = 32
const TOO_MANY: WholeRefusal = { kind: 'whole', words: 'Not asked for: too many of its answers were refusals', concerns: 'none' }

/**
 * Asks for all ids at once. A refusal of the whole list may be about one of them, so it asks for halves, down to single ids, and one odd id costs the
 * others nothing. When the words may be about all ids (a wrong key, "something went wrong"), it first asks for two single ids: when both are refused,
 * the others would be too. The two are chosen at random, so that two odd ids among a hundred do not delay the others every time.
 */
export async function askApart<Answer>(
  ids: readonly string[],
  ask: (ids: readonly string[]) => Promise<Asked<Answer>>,
): Promise<Apart<Answer>> {
  const answers = new Map<string, Answer>()
  const refused = new Map<string, WholeRefusal>()
  const left: (readonly string[])[] = [ids]
  let samples = 0
  for (let calls = 0; left.length > 0; calls += 1) {
    if (calls > MOST_CALLS_APART) return { answers, refused, stopped: TOO_MANY }
    const some = left.pop()!
    const asked = await ask(some)
    if (asked.kind === 'each') for (const [id, answer] of asked.answers) answers.set(id, answer)
    else if (asked.concerns === 'none') return { answers, refused, stopped: asked }
    else if (some.length === 1) {
      refused.set(some[0]!, asked)
      const saysOfAll = samples === 2 && answers.size === 0 && refused.size === 2 && asked.concerns === 'any'
      if (saysOfAll) return { answers, refused, stopped: asked }
    } else if (asked.concerns === 'any' && samples === 0) {
      samples = 2
      left.push(...sampled(some))
    } else left.push(...halved(some))
  }
  return { answers, refused, stopped: undefined }
}

/** The last half is asked for first. */
function halved(ids: readonly string[]): (readonly string[])[] {
  const middle = Math.ceil(ids.length / 2)
  return [ids.slice(middle), ids.slice(0, middle)]
}

/** Two single ids, which are asked for first, and the others. */
function sampled(ids: readonly string[]): (readonly string[])[] {
  const first = Math.floor(Math.random() * ids.length)
  const second = (first + Math.ceil(ids.length / 2)) % ids.length
  const others = ids.filter((_, at) => at !== first && at !== second)
  return [...(others.length > 0 ? [others] : []), [ids[second]!], [ids[first]!]]
}

/** Asks in lists of at most `most` ids, for each id once. */
export async function inLists<Answer>(
  ids: readonly string[],
  most: number,
  ask: (list: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
): Promise<ReadonlyMap<string, Answer>> {
  const all = [...new Set(ids)]
  if (all.length <= most) return all.length === 0 ? new Map() : ask(all)
  const answers = new Map<string, Answer>()
  for (let first = 0; first < all.length; first += most) {
    for (const [id, answer] of await ask(all.slice(first, first + most))) answers.set(id, answer)
  }
  return answers
}
