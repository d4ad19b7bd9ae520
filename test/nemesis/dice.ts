/** Random numbers that are the same for the same seed. */
export interface Dice {
  /** 0 up to, not including, 1. */
  roll(): number
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number
  pick<T>(values: readonly T[]): T
  chance(share: number): boolean
}

export function diceOf(seed: number, ...parts: readonly number[]): Dice {
  const roll = mulberry32(parts.reduce((mixed, part) => Math.imul(mixed ^ (part + 0x9e37_79b9), 0x85eb_ca6b), seed + 1))
  return {
    roll,
    whole: (least, most) => least + Math.floor(roll() * (most - least + 1)),
    pick: (values) => values[Math.floor(roll() * values.length)]!,
    chance: (share) => roll() < share,
  }
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
