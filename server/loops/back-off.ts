import { after } from './time.ts'

/**
 * The pauses between attempts: `first` after one failure, then `factor` times as long after each further one, up to `longest`. All in one unit,
 * seconds or milliseconds.
 */
export interface BackOff {
  readonly first: number
  readonly factor: number
  readonly longest: number
}

/** The pause after a failure, by the number of failures in a row before it. */
export function pauseAfter(earlierFailures: number, { first, factor, longest }: BackOff): number {
  return Math.min(first * factor ** earlierFailures, longest)
}

/** A random part between half of a pause and all of it, so that calls that failed together are not repeated together. */
export function withJitter(pause: number): number {
  return pause * (0.5 + Math.random() / 2)
}

const USUAL_SECONDS: BackOff = { first: 5, factor: 2, longest: 600 }

/** When to try again after so many attempts: doubling from five seconds to ten minutes, with jitter. */
export function backOff(now: Date, attempts: number): Date {
  return after(now, withJitter(pauseAfter(attempts, USUAL_SECONDS)))
}
