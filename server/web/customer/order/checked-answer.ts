/** The answer that the page's script gets while the user fills in an order's form. */
export interface CheckedAnswer {
  /** The faults by the name of their field; `form` is the order as a whole. */
  readonly faults: Readonly<Record<string, string>>
  /** Fields whose fault will not disappear as the user types on. */
  readonly lasting: readonly string[]
  /** The price as HTML; null if the quantity is not valid yet. */
  readonly cost: string | null
  readonly spoken: string
  /** The values that placing needs: the highest charge and the text of the button. Null if the order would be refused. */
  readonly place: { readonly maxCharge: string; readonly text: string } | null
}
