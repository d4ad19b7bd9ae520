/** How many days back one may look. */
export const PERIODS = [7, 30, 90] as const

/** Whose usage: a key, the account's pages (which have a key that nobody holds), or all that spend the same money. */
export interface Source {
  /** As it stands in the address. */
  readonly value: string
  readonly name: string
  readonly keyIds: readonly number[]
  readonly test: boolean
}
