export function after(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}

const FIRST_PAUSE_SECONDS = 5
const LONGEST_PAUSE_SECONDS = 600

/** When to try again after so many attempts: doubling from five seconds to ten minutes, with jitter, so that what failed
 * together does not come back together. */
export function backOff(now: Date, attempts: number): Date {
  const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts, 10), LONGEST_PAUSE_SECONDS)
  return after(now, pause * (0.5 + Math.random() / 2))
}
