import { type Decimal, parseDecimal } from '../../../ledger/money.ts'
import { formatAmount } from '../../../payments/amounts.ts'
import { inOtherCurrency } from '../../../payments/other-currency.ts'

/** What turns sums of one currency into texts of another; the page's script gets it as JSON. */
export interface Conversion {
  readonly currency: string
  /** How much of it one of the account's currency buys: digits and one dot. */
  readonly rate: string
}

/** A price as it was typed, in the other currency: digits and one dot. The page and its script say the same. */
export function convertedPrice(price: string, { currency, rate }: Conversion): string {
  return converted(parseDecimal(price), { currency, rate })
}

export function converted(sum: Decimal, { currency, rate }: Conversion): string {
  return formatAmount(inOtherCurrency(sum, readRate(rate), currency), currency)
}

/** A margin gives a rate more places than one that somebody types. */
function readRate(rate: string): Decimal {
  const [whole, fraction = ''] = rate.split('.') as [string, string?]
  return { digits: BigInt(whole + fraction), places: fraction.length }
}
