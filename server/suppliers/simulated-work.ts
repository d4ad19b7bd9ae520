/** How a simulated order ends. A fragment of the order's link chooses it: `https://example.com/post#partial`. */
export const endings = ['completed', 'partial', 'canceled', 'refused', 'stuck'] as const
export type Ending = (typeof endings)[number]

/** A simulated order that begins. */
export interface NewWork {
  readonly reference: string
  readonly quantity: bigint
  readonly startCount: bigint
  readonly ending: Ending
  readonly at: Date
}
