/** What the page's script is told while the form of an order is being filled in. */
export interface CheckedAnswer {
  /** What is wrong, by the name of its field; `form` for the order as a whole. */
  readonly faults: Readonly<Record<string, string>>
  /** Fields whose fault typing on does not mend. */
  readonly lasting: readonly string[]
  /** The price, drawn; null where what is counted is not right yet. */
  readonly cost: string | null
  readonly spoken: string
  /** What placing it takes, and its button; null where it would be refused. */
  readonly place: { readonly maxCharge: string; readonly text: string } | null
}
