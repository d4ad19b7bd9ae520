import type { World } from '../world.ts'

const EVERY_MS = 100
const BAR = 24
/** The speed is that of the last seconds. */
const LOOKS_BACK_MS = 10_000

/** A bar on the terminal of whoever waits; nothing where nobody looks. */
export class Progress {
  readonly #world: World
  readonly #title: string
  readonly #total: number
  readonly #began = Date.now()
  readonly #marks: { readonly at: number; readonly done: number }[] = []
  #done: number
  #drawn = 0

  constructor(world: World, title: string, total: number, done = 0) {
    this.#world = world
    this.#title = title
    this.#total = total
    this.#done = done
    this.#marks.push({ at: this.#began, done })
  }

  step(count = 1): void {
    this.#done += count
    const now = Date.now()
    if (!this.#world.err.isTTY || now - this.#drawn < EVERY_MS) return
    this.#drawn = now
    this.#marks.push({ at: now, done: this.#done })
    while (this.#marks.length > 2 && now - this.#marks[0]!.at > LOOKS_BACK_MS) this.#marks.shift()
    this.#draw(now)
  }

  end(): void {
    if (this.#world.err.isTTY && this.#drawn > 0) this.#world.err.write('\r\u001B[2K')
  }

  #draw(now: number): void {
    const [total, done, from] = [Math.max(1, this.#total), this.#done, this.#marks[0]!]
    const filled = Math.min(BAR, Math.floor((done / total) * BAR))
    const perSecond = ((done - from.done) * 1000) / Math.max(1, now - from.at)
    const left = perSecond > 0 ? `, ${inWords((total - done) / perSecond)} left` : ''
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`
    const text = `${this.#title} ${bar} ${done}/${total}, ${Math.round(perSecond)}/s${left}`
    this.#world.err.write(`\r\u001B[2K${text.slice(0, this.#world.err.columns - 1)}`)
  }
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
