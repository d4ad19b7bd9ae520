import { formatUnits, type Units } from '../ledger/money.ts'
import type { Texts } from './texts.ts'

export const MONEY_DECIMALS = 5
const formats = new Map<string, Intl.NumberFormat>()
/** Each takes some kilobytes, and any currency may come in any of the languages. */
const MOST_KEPT = 1000

/** Money in the format of the reader's language, with all five decimals. */
export function moneyText(texts: Texts, units: Units, currency: string): string {
  return formatOf(texts, currency, { least: 2, most: MONEY_DECIMALS }).format(formatUnits(units) as `${number}`)
}

/** The same in parts, for callers that style the parts differently. */
export function moneyParts(texts: Texts, units: Units, currency: string): Intl.NumberFormatPart[] {
  return formatOf(texts, currency, { least: 2, most: MONEY_DECIMALS }).formatToParts(formatUnits(units) as `${number}`)
}

/** A rate has as many decimals as the operator typed. */
export function rateText(texts: Texts, rate: string, currency: string): string {
  return formatOf(texts, currency, { least: 2, most: 12 }).format(rate as `${number}`)
}

/** Null: no currency, only the number. */
function formatOf({ language }: Texts, currency: string | null, { least, most }: { least: number; most: number }): Intl.NumberFormat {
  const name = `${language.code} ${currency} ${least} ${most}`
  const known = formats.get(name)
  if (known) return known
  const digits = { minimumFractionDigits: least, maximumFractionDigits: most }
  const format = new Intl.NumberFormat(
    `${language.code}-u-nu-latn`,
    currency === null ? digits : { style: 'currency', currency, ...digits },
  )
  if (formats.size >= MOST_KEPT) formats.clear()
  formats.set(name, format)
  return format
}

/** An amount in the currency of a payer, from its decimal text: with the digits that it has. Names of more than three letters are no currencies to
 * browsers (USDT). */
export function paidText(texts: Texts, amount: string, currency: string): string {
  const places = amount.split('.')[1]?.length ?? 0
  const isKnown = /^[A-Z]{3}$/.test(currency)
  const text = formatOf(texts, isKnown ? currency : null, { least: places, most: places }).format(amount as `${number}`)
  return isKnown ? text : `${text} ${currency}`
}
