import { type Refusal, refuse } from './refusal.ts'

/** The time limit of every answer, counted from the arrival of the request and not from the start of its statement: a queue in front of a
 * database that hangs would otherwise add a whole time limit per batch ahead. */
export const ANSWER_WITHIN_MS = 15_000
/** The longest delay before an overdue request is noticed; one timer checks all requests. */
export const LOOK_EVERY_MS = 250

/** Milliseconds that a request has left; 0 when its time is over. `arrivedAt` is a reading of performance.now(). */
export function remainingMs(arrivedAt: number): number {
  return Math.max(0, arrivedAt + ANSWER_WITHIN_MS - performance.now())
}

/** Returns the result of the work, or throws a refusal when it takes longer; the work itself continues. */
export async function inTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(databaseAway()), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** For a request that was never sent to the database, or only read from it. */
export function databaseAway(): Refusal {
  return refuse('database_away')
}

/** For a request that changes something and has begun: it may still succeed. */
export function notKnownWhetherDone(): Refusal {
  return refuse('outcome_unknown', 'change')
}
