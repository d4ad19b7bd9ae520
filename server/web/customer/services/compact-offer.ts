/** All services on sale, in the smallest form for the page's script to search: each category once, each service as a row. */
export interface CompactOffer {
  readonly categories: readonly string[]
  readonly services: readonly CompactService[]
}

/** Number, name, index of the category, rate, min, max, marks, and the catalogue's own name if it differs. */
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

/** A row has the sum of its marks. */
export const MARK = { dripfeed: 1, refill: 2, cancel: 4, package: 8 } as const
