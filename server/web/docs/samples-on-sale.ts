import type { Catalogue } from '../../catalog/catalogue.ts'

/** One service on sale here per service type, with its bounds, so that a call tried from the page is an order that can be placed. */
export type Offer = Readonly<Record<string, { readonly service: number; readonly min: number; readonly max: number }>>

const known = new WeakMap<Catalogue, Offer>()

export function samplesOnSale(catalogue: Catalogue): Offer {
  const read = known.get(catalogue)
  if (read) return read
  const offer: Record<string, Offer[string]> = {}
  for (const { id, type, state, min, max } of catalogue.services.values())
    if (state === 'on sale') offer[type] ??= { service: id, min: Number(min), max: Number(max) }
  known.set(catalogue, offer)
  return offer
}
