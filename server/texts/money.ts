import { formatUnits, type Units } from '../ledger/money.ts'
import type { Texts } from './texts.ts'

export const MONEY_DECIMALS = 5
const formats = new Map<string, Intl.NumberFormat>()

/** Money in the format of the reader's language, with all five decimals. */
export function moneyText(texts: Texts, units: Units, currency: string): string {
  return formatOf(texts, currency, MONEY_DECIMALS).format(formatUnits(units) as `${number}`)
}

/** The same in parts, for callers that style the parts differently. */
export function moneyParts(texts: Texts, units: Units, currency: string): Intl.NumberFormatPart[] {
  return formatOf(texts, currency, MONEY_DECIMALS).formatToParts(formatUnits(units) as `${number}`)
}

/** A rate has as many decimals as the operator typed. */
export function rateText(texts: Texts, rate: string, currency: string): string {
  return formatOf(texts, currency, 12).format(rate as `${number}`)
}

function formatOf({ language }: Texts, currency: string, decimals: number): Intl.NumberFormat {
  const name = `${language.code} ${currency} ${decimals}`
  const known = formats.get(name)
  if (known) return known
  const options = { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: decimals } as const
  const format = new Intl.NumberFormat(`${language.code}-u-nu-latn`, options)
  formats.set(name, format)
  return format
}

/** An amount in the currency of a payer, from its decimal text: with the digits that it has. Names of more than three letters are no currencies to
 * browsers (USDT). */
export function paidText(texts: Texts, amount: string, currency: string): string {
  const places = amount.split('.')[1]?.length ?? 0
  const locale = `${texts.language.code}-u-nu-latn`
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places }
  if (/^[A-Z]{3}$/.test(currency))
    return new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }).format(amount as `${number}`)
  return `${new Intl.NumberFormat(locale, digits).format(amount as `${number}`)} ${currency}`
}
