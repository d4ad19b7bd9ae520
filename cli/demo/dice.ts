export interface Dice {
  /** A whole number from 0 up to, but without, `end`. */
  below(end: number): number
}

/** Numbers that look like chance and are the same for the same seed (mulberry32). */
export function diceFrom(seed: number): Dice {
  let state = seed
  return {
    below(end) {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end)
    },
  }
}
