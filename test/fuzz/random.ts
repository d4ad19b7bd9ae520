/** Chance that can be repeated: the same seed makes the same requests. */
export interface Chance {
  /** From 0 up to 1. */
  next(): number
  /** A whole number below this. */
  below(most: number): number
  one<T>(all: readonly T[]): T
  /** True so often. */
  often(share: number): boolean
}

export function openChance(seed: number): Chance {
  let state = seed >>> 0
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number) => Math.floor(next() * most)
  return { next, below, one: (all) => all[below(all.length)]!, often: (share) => next() < share }
}
