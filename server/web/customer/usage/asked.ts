/** The periods that the page offers, in days. */
export const PERIODS = [7, 30, 90] as const

/** The source of usage: a key, the account's pages (which have a key that nobody holds), or all keys that spend the same money. */
export interface Source {
  /** The source's name in the address. */
  readonly value: string
  readonly name: string
  readonly keyIds: readonly number[]
  readonly test: boolean
}
