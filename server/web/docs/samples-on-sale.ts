import type { Catalogue } from '../../catalog/catalogue.ts'

/** By service type, one service that is on sale here with its bounds: what is tried from the page is an order that can be placed. */
export type Offer = Readonly<Record<string, { readonly service: number; readonly min: number; readonly max: number }>>

export function samplesOnSale({ services }: Catalogue): Offer {
  const offer: Record<string, Offer[string]> = {}
  for (const { id, type, state, min, max } of services.values())
    if (state === 'on sale') offer[type] ??= { service: id, min: Number(min), max: Number(max) }
  return offer
}
