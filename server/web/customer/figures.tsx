import { formatUnits, type Units } from '../../ledger/money.ts'
import type { Texts } from '../texts/texts.ts'

const DECIMALS = 5
const formats = new Map<string, Intl.NumberFormat>()

/** Money in the reader's way of writing, exact to the last of its five decimals. */
export function moneyText(texts: Texts, units: Units, currency: string): string {
  return formatOf(texts, currency, DECIMALS).format(formatUnits(units) as `${number}`)
}

export function Money({ texts, units, currency }: { readonly texts: Texts; readonly units: Units; readonly currency: string }) {
  return (
    <bdi class="figure" dir="ltr">
      {moneyText(texts, units, currency)}
    </bdi>
  )
}

/** The same for columns: all five decimals take their room, those that are nothing unseen, so that figures stand below one another. */
export function AlignedMoney({ texts, units, currency }: { readonly texts: Texts; readonly units: Units; readonly currency: string }) {
  const parts = formatOf(texts, currency, DECIMALS).formatToParts(formatUnits(units) as `${number}`)
  return (
    <bdi class="figure" dir="ltr">
      {parts.map(({ type, value }) =>
        type === 'fraction' && value.length < DECIMALS ? (
          <>
            {value}
            <span class="unseen">{'0'.repeat(DECIMALS - value.length)}</span>
          </>
        ) : (
          value
        ),
      )}
    </bdi>
  )
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

/** A quantity, whose digits are copied into programs. */
export function countText({ language }: Texts, count: bigint): string {
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`).format(count)
}

/** How long: minutes below two hours, hours below two days, then days. */
export function durationText({ language }: Texts, minutes: number): string {
  const [unit, value]: [string, number] =
    minutes < 120 ? ['minute', minutes] : minutes < 2880 ? ['hour', minutes / 60] : ['day', minutes / 1440]
  const options = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`, options).format(value)
}

/** The same for seconds that were measured: never "0 minutes". */
export function measuredText(texts: Texts, seconds: number): string {
  return durationText(texts, Math.max(1, Math.round(seconds / 60)))
}
