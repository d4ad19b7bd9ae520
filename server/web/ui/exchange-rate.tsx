import { ECB_SOURCE } from '../../payments/rate-source.ts'
import { paidText } from '../../texts/money.ts'
import type { Texts } from '../../texts/texts.ts'
import type { House } from '../house.ts'
import { durationText } from './figures.tsx'

interface RateTextProps {
  readonly texts: Texts
  readonly from: string
  readonly to: string
  /** Digits and one dot. */
  readonly rate: string
  readonly sign: '=' | '≈'
}

const RATE_DIGITS = 6

/** `$1.00 = ₫25,400`: with six digits that count. */
export function RateText({ texts, from, to, rate, sign }: RateTextProps) {
  const [whole, fraction = ''] = rate.split('.') as [string, string?]
  const leading = /^0*/.exec(fraction)![0].length
  const places = whole === '0' ? leading + RATE_DIGITS : Math.max(2, RATE_DIGITS - whole.length)
  const short = fraction === '' ? whole : `${whole}.${fraction.slice(0, places)}`
  return (
    <bdi dir="ltr">
      {paidText(texts, '1', from)} {sign} {paidText(texts, short, to)}
    </bdi>
  )
}

interface Said {
  readonly source: string
  readonly minutesOld: number
}

/** Where the rate is known from, and how old it is. Customers read the name of the house where staff said it, or an address of the operator: neither is theirs to know. */
export function sourceText(texts: Texts, { name }: Pick<House, 'name'>, { source, minutesOld }: Said): string {
  return texts.text('payments.rate.source', { source: source === ECB_SOURCE ? source : name, age: durationText(texts, minutesOld) })
}

/** How old a rate is, in whole minutes; never 0. */
export function minutesSince(at: Date, now: Date): number {
  return Math.max(1, Math.round((now.getTime() - at.getTime()) / 60_000))
}
