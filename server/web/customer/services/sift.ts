import { callersRate } from '../../../catalog/price.ts'
import type { PriceList } from '../../../customers/prices.ts'
import type { Decimal } from '../../../ledger/money.ts'
import type { Asked } from './asked.ts'
import { fits, wordsOf } from './find.ts'
import type { ListedService } from './offer.ts'

/** The services that fit, in the requested order. Services of equal price keep the order of the catalogue. */
export function sift(
  all: readonly ListedService[],
  asked: Asked,
  favourites: ReadonlySet<number>,
  prices: PriceList,
): readonly ListedService[] {
  const words = wordsOf(asked.text)
  const found = all.filter(
    ({ service, category, folded }) =>
      (asked.category === '' || category === asked.category) &&
      asked.marks.every((mark) => service[mark]) &&
      (!asked.favouritesOnly || favourites.has(service.id)) &&
      fits(folded, words),
  )
  switch (asked.sort) {
    case 'house':
      return found
    case 'name':
      return found.toSorted((one, other) => (one.folded.name < other.folded.name ? -1 : one.folded.name > other.folded.name ? 1 : 0))
    case 'price':
      return byPrice(found, prices)
    default:
      return asked.sort satisfies never
  }
}

/** The price as a number that is exact enough for sorting. Rates are shown exactly elsewhere. */
function byPrice(found: readonly ListedService[], prices: PriceList): readonly ListedService[] {
  const near = ({ digits, places }: Decimal) => Number(digits) / 10 ** places
  const priced = found.map((one) => ({ one, rate: near(callersRate(one.service.id, one.service.rate, prices).value) }))
  return priced.toSorted((one, other) => one.rate - other.rate).map(({ one }) => one)
}
