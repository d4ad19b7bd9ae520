/** The whole offer for the page's script to look through, as small as it can be said: categories once, services as rows. */
export interface CompactOffer {
  readonly categories: readonly string[]
  readonly services: readonly CompactService[]
}

/** Number, name, which category, rate, min, max, marks, and the catalogue's own name where it is another. */
export type CompactService = readonly [
  id: number,
  name: string,
  category: number,
  rate: string,
  min: number,
  max: number,
  marks: number,
  otherName?: string,
]

/** Marks are summed up in one number. */
export const MARK = { dripfeed: 1, refill: 2, cancel: 4, package: 8 } as const
