import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'

/** How often a subject may try: a number of attempts at once, and one more after each pause. */
export interface Allowance {
  readonly subject: string
  readonly atOnce: number
  readonly pauseSeconds: number
}

const TAKE = sqlFunction('take_attempts', ['now', 'subjects', 'pauses', 'allowed'], { as: 'wait' })

/**
 * Takes one attempt from each allowance in order, up to the first that has none left; all nodes count together. Answers how many seconds to wait; 0:
 * go on. A refusal costs the later allowances nothing, so a caller who is refused for its own address cannot use up the attempts of another user.
 */
export async function takeAttempt(db: Queryable, allowances: readonly Allowance[], now: Date): Promise<number> {
  const [subjects, pauses] = columnsOf(allowances)
  const { rows } = await db.query<{ wait: number }>(TAKE.call({ now, subjects, pauses, allowed: allowances.map((each) => each.atOnce) }))
  return Math.ceil(rows[0]!.wait)
}

const GIVE_BACK = `
  update attempts a set free_at = a.free_at - make_interval(secs => t.pause)
  from unnest($1::text[], $2::float8[]) as t(subject, pause) where a.subject = t.subject`

/** Gives the attempt back when it was right: only wrong attempts count. */
export async function giveBackAttempt(db: Queryable, allowances: readonly Allowance[]): Promise<void> {
  await db.query({ name: 'give attempts back', text: GIVE_BACK, values: columnsOf(allowances) })
}

function columnsOf(allowances: readonly Allowance[]): [string[], number[]] {
  return [allowances.map((each) => each.subject), allowances.map((each) => each.pauseSeconds)]
}
