/** The longest wait between two attempts, and how long a panel may give no answer at all before a batch stops. */
const LONGEST_MS = 60_000
const FIRST_MS = 500

/** All calls of a batch wait together while the panel wants to be left alone. */
export class Pace {
  #until = 0
  #troubles = 0
  #silentSince: number | null = null
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly #patienceMs: number
  readonly #now: () => number

  constructor(wait: (ms: number, signal: AbortSignal) => Promise<void>, patienceMs: number, now: () => number = Date.now) {
    this.#wait = wait
    this.#patienceMs = patienceMs
    this.#now = now
  }

  async ready(signal: AbortSignal): Promise<void> {
    for (let left = this.#until - this.#now(); left > 0; left = this.#until - this.#now()) await this.#wait(left, signal)
  }

  /** The panel has answered. */
  answered(): void {
    this.#troubles = 0
    this.#silentSince = null
  }

  /** There was no answer, or "later". False when it has been so for too long. */
  trouble(retryAfterSeconds: number | null): boolean {
    const now = this.#now()
    this.#silentSince ??= now
    // Calls that fail together are one trouble.
    if (now >= this.#until) this.#troubles += 1
    const usual = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(20, this.#troubles - 1)) * (0.5 + Math.random() / 2)
    this.#until = Math.max(this.#until, now + Math.max(usual, (retryAfterSeconds ?? 0) * 1000))
    return now - this.#silentSince < this.#patienceMs
  }
}
