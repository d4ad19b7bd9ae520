import { type CompactOffer, MARK } from '../customer/services/compact-offer.ts'
import { type Folded, foldService } from '../customer/services/find.ts'

/** A service on sale, prepared for search and display. */
export interface Offered {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly rate: string
  readonly min: number
  readonly max: number
  /** In the order drip-feed, refill, cancel. */
  readonly marks: readonly boolean[]
  readonly isPackage: boolean
  readonly isFavourite: boolean
  readonly folded: Folded
}

/** All services on sale, at the reader's own rates: favourites first, then in the order of the catalogue. The browser caches them and asks only
 * whether they have changed. */
export async function fetchOffer(favourites: ReadonlySet<number>): Promise<readonly Offered[]> {
  const response = await fetch('/services/offer', { headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error(`the offer was answered with ${response.status}`)
  const { categories, services } = (await response.json()) as CompactOffer
  const all = services.map(([id, name, at, rate, min, max, marks, otherName]): Offered => {
    const category = categories[at]!
    const folded = foldService({ id, name, category, otherName })
    const has = (mark: number) => (marks & mark) !== 0
    const shown = { marks: [has(MARK.dripfeed), has(MARK.refill), has(MARK.cancel)], isPackage: has(MARK.package) }
    return { id, name, category, rate, min, max, folded, ...shown, isFavourite: favourites.has(id) }
  })
  return [...all.filter((one) => one.isFavourite), ...all.filter((one) => !one.isFavourite)]
}
