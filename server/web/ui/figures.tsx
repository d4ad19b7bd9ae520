import type { Units } from '../../ledger/money.ts'
import { MONEY_DECIMALS, moneyParts, moneyText } from '../../texts/money.ts'
import type { Texts } from '../../texts/texts.ts'

export { moneyText, rateText } from '../../texts/money.ts'

export function Money({ texts, units, currency }: { readonly texts: Texts; readonly units: Units; readonly currency: string }) {
  return (
    <bdi class="figure amount" dir="ltr">
      {moneyText(texts, units, currency)}
    </bdi>
  )
}

/** An amount for a column. It always takes the room of five decimals, and trailing zeros are invisible, so that decimal points are aligned. If the
 * currency follows the number, the room is after the currency. */
export function AlignedMoney({ texts, units, currency }: { readonly texts: Texts; readonly units: Units; readonly currency: string }) {
  const parts = moneyParts(texts, units, currency)
  const decimals = parts.find(({ type }) => type === 'fraction')?.value.length ?? 0
  return (
    <bdi class="figure amount" dir="ltr">
      {parts.map(({ value }) => value).join('')}
      {decimals < MONEY_DECIMALS && <span class="unseen">{'0'.repeat(MONEY_DECIMALS - decimals)}</span>}
    </bdi>
  )
}

/** A quantity, in digits that can be copied into programs. */
export function countText({ language }: Texts, count: bigint): string {
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`).format(count)
}

/** A duration in minutes below two hours, in hours below two days, else in days. */
export function durationText({ language }: Texts, minutes: number): string {
  const [unit, value]: [string, number] =
    minutes < 120 ? ['minute', minutes] : minutes < 2880 ? ['hour', minutes / 60] : ['day', minutes / 1440]
  const options = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`, options).format(value)
}

/** A measured duration in seconds, never shown as "0 minutes". */
export function measuredText(texts: Texts, seconds: number): string {
  return durationText(texts, Math.max(1, Math.round(seconds / 60)))
}

/** What stands where there is no figure. */
export const NOTHING = '–'

/** A time of our own calls: in milliseconds, from ten seconds on in seconds. */
export function callTimeText({ language }: Texts, ms: number | null): string {
  if (ms === null) return NOTHING
  const [value, unit] = ms < 10_000 ? [ms, 'millisecond'] : [ms / 1000, 'second']
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: 0,
  }).format(value)
}

/** How long an order took; below two minutes in seconds. */
export function takenText(texts: Texts, seconds: number | null): string {
  if (seconds === null) return NOTHING
  if (seconds >= 120) return durationText(texts, Math.round(seconds / 60))
  const options = { style: 'unit', unit: 'second', unitDisplay: 'long' } as const
  return new Intl.NumberFormat(`${texts.language.code}-u-nu-latn`, options).format(seconds)
}

/** A share of one as a percentage: `0.075` is 7.5%. */
export function percentText({ language }: Texts, share: number, sign?: 'signed'): string {
  const signDisplay = sign === 'signed' ? 'exceptZero' : 'auto'
  const options = { style: 'percent', maximumFractionDigits: 2, signDisplay } as const
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`, options).format(share)
}
